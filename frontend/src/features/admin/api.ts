/** Calls of the staff about accounts and détournements. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, lire } from "../../api/client";
import { useCommande } from "../../api/commande";
import type { CompteAdmin } from "../../api/dto";

export const PAR_PAGE = 10;

/** Accounts whose names, address or identifier hold every word. */
export async function chercherComptes(q: string, signal?: AbortSignal): Promise<CompteAdmin[]> {
  const page = await lire(api.GET("/admin/utilisateurs", { params: { query: { q, par_page: 10 } }, signal }));
  return page.resultats;
}

export function useDetournements(page: number) {
  return useQuery({
    queryKey: ["admin", "detournements", page],
    queryFn: () => lire(api.GET("/admin/detournements", { params: { query: { page, par_page: PAR_PAGE } } })),
    placeholderData: keepPreviousData,
  });
}

/** Forgets the failures of an account. */
export function useDeverrouillage() {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: ({ uuid, motif }: { uuid: string; motif: string }) =>
      lire(api.POST("/admin/utilisateurs/{uuid}/deverrouillage", { params: { path: { uuid } }, body: { motif } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["admin", "utilisateurs"] }),
  });
}
