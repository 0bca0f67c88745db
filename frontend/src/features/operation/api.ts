import { type UseMutationResult, type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, avecCle, lire } from "../../api/client";
import { useCommande } from "../../api/commande";
import type { Operation, OperationsProposees, OperationTrouvee, Synchronisation } from "../../api/dto";
import { isTransient } from "../../api/problem";

const cle = (numero: string) => ["operations", numero] as const;

/** One operation, as SIAP knows it now, or as it was last read when SIAP is down. */
export function useOperation(numero: string): UseQueryResult<Operation> {
  return useQuery({
    queryKey: cle(numero),
    queryFn: ({ signal }) => lire(api.GET("/operations/{numero}", { params: { path: { numero } }, signal })),
    retry: (count, error) => count < 1 && isTransient(error),
  });
}

/** Operations whose number is the one given, or near it. */
export function useRechercheOperation(q: string): UseQueryResult<OperationTrouvee[]> {
  return useQuery({
    queryKey: ["operations", "recherche", q],
    queryFn: ({ signal }) => lire(api.GET("/operations", { params: { query: { q } }, signal })),
    enabled: q.length >= 3,
  });
}

/** Operations that SIAP lists for the habilitation; empty with a message when it cannot. */
export function useOperationsProposees(actif: boolean): UseQueryResult<OperationsProposees> {
  return useQuery({
    queryKey: ["operations", "siap"],
    queryFn: ({ signal }) => lire(api.GET("/moi/operations-siap", { signal })),
    enabled: actif,
    staleTime: 60_000,
  });
}

/** Creates what is missing on the operation. The same key answers the same thing: a double press creates once. */
export function useSynchronisation(
  numero: string,
  jamaisConventionnee = false,
): UseMutationResult<Synchronisation, Error, string> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: (key) =>
      lire(
        api.POST("/operations/{numero}/synchronisation", {
          params: { path: { numero }, header: avecCle(key) },
          body: jamaisConventionnee ? { jamais_conventionnee: true } : {},
        }),
      ),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: cle(numero) }),
        queries.invalidateQueries({ queryKey: ["conventions"] }),
        queries.invalidateQueries({ queryKey: ["moi"] }),
      ]),
  });
}
