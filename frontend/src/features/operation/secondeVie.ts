/** Reading and choosing the conventions that a seconde vie replaces (02 §8.2). */
import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { api, avecCle, lire } from "../../api/client";
import { useCommande } from "../../api/commande";
import type { PageOrigines, SecondeVie, SecondeVieFaite } from "../../api/dto";

export const PAR_PAGE = 10;

export type StatutOrigine = "SIGNEE" | "PUBLICATION_EN_COURS" | "PUBLIE";
export type RechercheOrigines = { q: string; statut: StatutOrigine | null; page: number };

const cle = (numero: string) => ["operations", numero, "seconde-vie"] as const;

export function useSecondeVie(numero: string): UseQueryResult<SecondeVie> {
  return useQuery({
    queryKey: cle(numero),
    queryFn: ({ signal }) =>
      lire(api.GET("/operations/{numero}/seconde-vie", { params: { path: { numero } }, signal })),
  });
}

/** Conventions that could be origins; nothing is asked before a first character (03 §3.15). */
export function useOriginesPossibles(
  numero: string,
  { q, statut, page }: RechercheOrigines,
): UseQueryResult<PageOrigines> {
  return useQuery({
    queryKey: [...cle(numero), "candidates", q, statut, page],
    queryFn: ({ signal }) =>
      lire(
        api.GET("/operations/{numero}/seconde-vie/candidates", {
          params: { path: { numero }, query: { q, page, par_page: PAR_PAGE, ...(statut ? { statut } : {}) } },
          signal,
        }),
      ),
    enabled: q.length > 0,
    placeholderData: keepPreviousData,
  });
}

export function useChoixOrigines(
  numero: string,
): UseMutationResult<SecondeVieFaite, Error, { origines: string[]; cle: string }> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: ({ origines, cle: key }) =>
      lire(
        api.POST("/operations/{numero}/seconde-vie", {
          params: { path: { numero }, header: avecCle(key) },
          body: { origines },
        }),
      ),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["operations", numero] }),
        queries.invalidateQueries({ queryKey: ["conventions"] }),
        queries.invalidateQueries({ queryKey: ["convention"] }),
        queries.invalidateQueries({ queryKey: ["moi"] }),
      ]),
  });
}
