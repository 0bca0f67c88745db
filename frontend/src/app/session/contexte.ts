import { createContext, useContext } from "react";
import type { Session } from "../../api/dto";

export type EtatSession =
  | { etat: "chargement" }
  | { etat: "anonyme" }
  | { etat: "panne"; erreur: unknown }
  | { etat: "connecte"; session: Session };

/** Where the session stands in time: a warning is given five minutes before its end. */
export type FinDeSession = "loin" | "proche" | "passee";

export type ContratSession = {
  etat: EtatSession;
  fin: FinDeSession;
  /** Sentence to show once: the habilitation asked by the link was not usable. */
  avis: string | null;
  effacerAvis: () => void;
  /** Tries again after a failure at start. */
  reessayer: () => void;
  /** Changes habilitation: rights, menu and every piece of data follow. */
  changerHabilitation: (id: number) => Promise<void>;
  /** Keeps the session alive. */
  prolonger: () => Promise<void>;
  /** Leaves the page for the sign-in, and comes back to `path` (here by default). */
  seConnecter: (path?: string) => void;
  seDeconnecter: () => Promise<void>;
};

export const ContexteSession = createContext<ContratSession | null>(null);

export function useContratSession(): ContratSession {
  const contract = useContext(ContexteSession);
  if (!contract) throw new Error("useContratSession must be used under SessionProvider");
  return contract;
}

/** The signed-in session, or null on a public page read by a visitor. */
export function useSessionOuNull(): Session | null {
  const { etat } = useContratSession();
  return etat.etat === "connecte" ? etat.session : null;
}

/** The session, on pages that only signed-in users reach. */
export function useSession(): Session {
  const session = useSessionOuNull();
  if (!session) throw new Error("useSession must be used on a private page");
  return session;
}
