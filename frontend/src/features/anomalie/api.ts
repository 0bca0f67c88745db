/** Data-quality events of SIAP: list, file, decision. Keys start with "anomalies". */
import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { api, lire, siVersion } from "../../api/client";
import { useCommande } from "../../api/commande";
import type { components } from "../../api/schema";
import type { FiltresAnomalies } from "./filtres";

export type Anomalie = components["schemas"]["AnomalieSIAP"];
type Page = { resultats: Anomalie[]; total: number };

export const PAR_PAGE = 20;

const criteres = ({ q, code, etat }: FiltresAnomalies) => ({
  etat,
  ...(q ? { q } : {}),
  ...(code ? { code: [code] } : {}),
});

/** One page; the former one stays on screen while the next is read. */
export function useAnomalies(filtres: FiltresAnomalies): UseQueryResult<Page> {
  return useQuery({
    queryKey: ["anomalies", filtres],
    queryFn: ({ signal }) =>
      lire(
        api.GET("/admin/anomalies-siap", {
          params: { query: { ...criteres(filtres), page: filtres.page, par_page: PAR_PAGE } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

type Decision = Pick<Anomalie, "uuid" | "version"> & { resolue: boolean };

/** Closes an event, or opens it again, as it was shown: one that was met again meanwhile is shown again first. */
export function useDecision(): UseMutationResult<Anomalie, Error, Decision> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: ({ uuid, version, resolue }) =>
      lire(
        api.PATCH("/admin/anomalies-siap/{uuid}", {
          params: { path: { uuid }, header: siVersion(version) },
          body: { resolue },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ["anomalies"] }),
  });
}

/** Saves every event of these criteria as a file for a spreadsheet. */
export function useExport(): UseMutationResult<void, Error, FiltresAnomalies> {
  return useCommande({
    mutationFn: async (filtres) => {
      const { data } = await api.GET("/admin/anomalies-siap/export", {
        params: { query: criteres(filtres) },
        headers: { Accept: "text/csv" },
        parseAs: "blob",
      });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(data as unknown as Blob);
      link.download = "anomalies-siap.csv";
      document.body.append(link);
      link.click();
      link.remove();
      URL.revokeObjectURL(link.href);
    },
  });
}
