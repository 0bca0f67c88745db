import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { api, lire } from "../../api/client";
import type { ListeConventions } from "../../api/dto";
import type { OptionCombobox } from "../../ui/Combobox";
import { type Filtres, versApi } from "./filtres";

/** One page of the list. The former page stays on screen while the next one is read. */
export function useListe(filters: Filtres): UseQueryResult<ListeConventions> {
  const query = versApi(filters);
  return useQuery({
    queryKey: ["conventions", "liste", query],
    queryFn: ({ signal }) => lire(api.GET("/conventions", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** Bailleurs of the perimeter whose name or SIREN matches. */
export async function chercherBailleurs(text: string, signal: AbortSignal): Promise<OptionCombobox[]> {
  const { resultats } = await lire(api.GET("/bailleurs", { params: { query: { q: text } }, signal }));
  return resultats.map(({ uuid, nom, siren }) => ({
    valeur: uuid,
    libelle: nom,
    detail: siren ? `SIREN ${siren}` : undefined,
  }));
}
