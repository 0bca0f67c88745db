/**
 * The two live regions of the application, mounted once: `useAnnonce()` speaks to screen readers without moving focus.
 * The same text is not repeated within a second.
 */
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";

type Annoncer = (text: string, options?: { assertif?: boolean }) => void;

const Contexte = createContext<Annoncer>(() => undefined);

/** Says a text through the polite region, or the assertive one for what must interrupt. */
export const useAnnonce = (): Annoncer => useContext(Contexte);

export function Annonces({ children }: { children: ReactNode }) {
  const [polite, setPolite] = useState("");
  const [assertive, setAssertive] = useState("");
  const last = useRef({ text: "", at: 0 });

  const annoncer = useCallback<Annoncer>((text, options) => {
    const now = Date.now();
    if (text === last.current.text && now - last.current.at < 1000) return;
    last.current = { text, at: now };
    const set = options?.assertif ? setAssertive : setPolite;
    // A final no-break space makes an identical text a change that is read again.
    set((before) => (before === text ? `${text}\u00a0` : text));
  }, []);

  return (
    <Contexte.Provider value={useMemo(() => annoncer, [annoncer])}>
      {children}
      <div className="fr-sr-only" role="status" aria-live="polite" aria-atomic="true">
        {polite}
      </div>
      <div className="fr-sr-only" role="alert" aria-live="assertive" aria-atomic="true">
        {assertive}
      </div>
    </Contexte.Provider>
  );
}
