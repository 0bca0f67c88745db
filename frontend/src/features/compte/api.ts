import { keepPreviousData, type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, lire } from "../../api/client";
import { useCommande } from "../../api/commande";
import type { Preferences, Session, SessionOuverte } from "../../api/dto";

/** Open sessions of the reader, on all his devices. */
export function useSessions(): UseQueryResult<SessionOuverte[]> {
  return useQuery({ queryKey: ["sessions"], queryFn: () => lire(api.GET("/sessions")) });
}

/** The latest times somebody of the staff acted as the reader. */
export function useConsultations(nombre: number) {
  return useQuery({
    queryKey: ["consultations", nombre],
    queryFn: () => lire(api.GET("/moi/detournements", { params: { query: { page: 1, par_page: nombre } } })),
    placeholderData: keepPreviousData,
  });
}

/** Changes one's own password; the other sessions of the account are closed. */
export function useChangementDeMotDePasse() {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: (body: { actuel: string; nouveau: string }) => lire(api.PUT("/moi/mot-de-passe", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });
}

/** Closes one of one's own sessions. */
export function useFermeture() {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: (id: string) => lire(api.DELETE("/sessions/{id}", { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });
}

/** Changes preferences; the session in cache follows. */
export function usePreferences() {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: (change: Preferences) =>
      lire(
        api.PATCH("/session/utilisateur", {
          body: change,
          headers: { "Content-Type": "application/merge-patch+json" },
        }),
      ),
    onSuccess: (utilisateur) => {
      queries.setQueryData<Session>(["session"], (before) => (before ? { ...before, utilisateur } : before));
    },
  });
}
