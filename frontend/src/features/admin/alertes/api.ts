/** Messages that leave the platform: list, detail, relaunch. Keys start with "alertes"; a relaunch refreshes them all. */
import { keepPreviousData, type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, avecCle, lire } from "../../../api/client";
import { useCommande } from "../../../api/commande";
import type { components } from "../../../api/schema";
import { criteres, type FiltresAlertes } from "./filtres";
import type { Alerte } from "./rules";

type Schemas = components["schemas"];
export type PageAlertes = { resultats: Alerte[]; total: number };
export type AlerteDetail = Schemas["AlerteDetail"];
export type AlertesConvention = Schemas["AlertesConvention"];
export type BilanRelances = Schemas["BilanRelances"];
export type DemandeRelances = Schemas["DemandeRelances"];

export const useAlertes = (filtres: FiltresAlertes): UseQueryResult<PageAlertes> =>
  useQuery({
    queryKey: ["alertes", "liste", filtres],
    queryFn: ({ signal }) => lire(api.GET("/alertes", { params: { query: criteres(filtres) }, signal })),
    placeholderData: keepPreviousData,
  });

export const useAlerte = (uuid: string): UseQueryResult<AlerteDetail> =>
  useQuery({
    queryKey: ["alertes", "detail", uuid],
    queryFn: ({ signal }) => lire(api.GET("/alertes/{uuid}", { params: { path: { uuid } }, signal })),
  });

export const useAlertesConvention = (uuid: string, page: number): UseQueryResult<AlertesConvention> =>
  useQuery({
    queryKey: ["alertes", "convention", uuid, page],
    queryFn: ({ signal }) =>
      lire(
        api.GET("/conventions/{uuid}/alertes", { params: { path: { uuid }, query: { page, par_page: 20 } }, signal }),
      ),
    placeholderData: keepPreviousData,
  });

/** Sends one lost message again; doing it twice changes nothing more. */
export function useRelance() {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: ({ uuid, motif, cle }: { uuid: string; motif: string; cle: string }) =>
      lire(
        api.POST("/alertes/{uuid}/relance", {
          params: { path: { uuid } },
          body: motif ? { motif } : undefined,
          headers: avecCle(cle),
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["alertes"] }),
  });
}

/** Counts (simulation) or sends again the lost messages of some criteria. */
export function useRelances() {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: ({ demande, cle }: { demande: DemandeRelances; cle: string }) =>
      lire(api.POST("/alertes/relances", { body: demande, headers: avecCle(cle) })),
    onSuccess: (_, { demande }) =>
      demande.simulation ? undefined : queries.invalidateQueries({ queryKey: ["alertes"] }),
  });
}
