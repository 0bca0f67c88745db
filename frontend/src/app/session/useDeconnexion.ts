import { useCallback } from "react";
import { phraseErreur } from "../../ui/ErrorState";
import { useMessages } from "../../ui/Messages";
import { useContratSession } from "./contexte";

/** Sign-out as a button does it: a failure is said, because the session is then still open. */
export function useDeconnexion(): () => void {
  const { seDeconnecter } = useContratSession();
  const { afficher } = useMessages();
  return useCallback(() => {
    seDeconnecter().catch((error: unknown) =>
      afficher({
        severite: "error",
        titre: "La déconnexion n’a pas abouti : votre session est encore ouverte",
        detail: phraseErreur(error),
      }),
    );
  }, [seDeconnecter, afficher]);
}
