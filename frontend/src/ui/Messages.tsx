/**
 * Messages that follow a command across a change of page (« Étape enregistrée »). Shown above the page, read by a live
 * region, never the only carrier of the information.
 */
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { useAnnonce } from "./Annonces";

export type Message = { severite: "success" | "info" | "warning" | "error"; titre: string; detail?: ReactNode };
type Affiche = Message & { id: number; le: number };

type Contrat = {
  /** Shows a message on the current page, and on the page that the command opens, if it opens one. */
  afficher: (message: Message) => void;
  effacer: () => void;
  /** To call at each change of page: only what has just been said follows the reader. */
  changementDePage: () => void;
};

const Contexte = createContext<Contrat & { messages: Affiche[]; retirer: (id: number) => void }>({
  afficher: () => undefined,
  effacer: () => undefined,
  changementDePage: () => undefined,
  messages: [],
  retirer: () => undefined,
});

export const useMessages = (): Contrat => useContext(Contexte);

/** A command may lead through several redirections: its message follows them, and no page opened later. */
const SUIVI_MS = 5000;

let sequence = 0;

export function Messages({ children }: { children: ReactNode }) {
  const [messages, setMessages] = useState<Affiche[]>([]);
  const annoncer = useAnnonce();

  const afficher = useCallback(
    (message: Message) => {
      sequence += 1;
      const shown = { ...message, id: sequence, le: Date.now() };
      setMessages((before) => [...before.filter((m) => m.titre !== message.titre).slice(-2), shown]);
      const spoken = typeof message.detail === "string" ? `${message.titre}. ${message.detail}` : message.titre;
      annoncer(spoken, { assertif: message.severite === "error" });
    },
    [annoncer],
  );
  const effacer = useCallback(() => setMessages((before) => (before.length === 0 ? before : [])), []);
  const changementDePage = useCallback(() => {
    const limit = Date.now() - SUIVI_MS;
    setMessages((before) => before.filter(({ le }) => le > limit));
  }, []);
  const retirer = useCallback((id: number) => setMessages((before) => before.filter((m) => m.id !== id)), []);

  return (
    <Contexte.Provider
      value={useMemo(
        () => ({ afficher, effacer, changementDePage, messages, retirer }),
        [afficher, effacer, changementDePage, messages, retirer],
      )}
    >
      {children}
    </Contexte.Provider>
  );
}

/** Where the messages appear: once, at the top of the main region. */
export function ZoneMessages() {
  const { messages, retirer } = useContext(Contexte);
  if (messages.length === 0) return null;
  return (
    <div className="ap-messages fr-container">
      {messages.map(({ id, severite, titre, detail }) => (
        <div key={id} className={`fr-alert fr-alert--${severite} ${detail ? "" : "fr-alert--sm"}`}>
          {detail ? (
            <>
              <p className="fr-alert__title">{titre}</p>
              <div>{detail}</div>
            </>
          ) : (
            <p>{titre}</p>
          )}
          <button type="button" className="fr-btn--close fr-btn" title="Masquer le message" onClick={() => retirer(id)}>
            Masquer le message
          </button>
        </div>
      ))}
    </div>
  );
}
