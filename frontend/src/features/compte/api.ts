import { type UseQueryResult, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, lire } from "../../api/client";
import type { Preferences, Session, SessionOuverte } from "../../api/dto";

/** Open sessions of the reader, on all his devices. */
export function useSessions(): UseQueryResult<SessionOuverte[]> {
  return useQuery({ queryKey: ["sessions"], queryFn: () => lire(api.GET("/sessions")) });
}

/** Closes one of one's own sessions. */
export function useFermeture() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => lire(api.DELETE("/sessions/{id}", { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });
}

/** Changes preferences; the session in cache follows. */
export function usePreferences() {
  const queries = useQueryClient();
  return useMutation({
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
