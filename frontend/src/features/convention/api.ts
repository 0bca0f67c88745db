import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { lire } from "../../api/client";
import { clientConvention } from "../../api/convention";
import type { components } from "../../api/schema";

export type DossierEnFile = Pick<components["schemas"]["ConventionLigne"], "uuid" | "lien"> & { nom: string };

/** Conventions that wait for the reader, the one that has waited longest first: what « dossier suivant » walks. */
export function useFile(actif: boolean): UseQueryResult<DossierEnFile[]> {
  return useQuery({
    queryKey: ["conventions", "file"],
    queryFn: ({ signal }) =>
      lire(
        clientConvention.GET("/conventions", {
          params: { query: { a_moi: true, tri: "mis_a_jour_le", par_page: 100 } },
          signal,
        }),
      ),
    select: ({ resultats }) =>
      resultats.map(({ uuid, lien, operation, financements }) => ({
        uuid,
        lien,
        nom: `${operation.nom}, ${financements.join(" et ")}`,
      })),
    enabled: actif,
    staleTime: 60_000,
  });
}
