/**
 * Single-key shortcuts of the review: n for the next comment, p for the previous one. They can be switched off, as the
 * RGAA asks (12.10), and never act while something is being typed or a dialog is open.
 */
import { useEffect, useSyncExternalStore } from "react";

const KEY = "apilos.raccourcis";
const EVENT = "apilos:raccourcis";

/** [on?, set]: a choice of the reader, kept on the device; on unless told. */
export function useRaccourcisActifs(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(
    (notify) => {
      window.addEventListener(EVENT, notify);
      window.addEventListener("storage", notify);
      return () => {
        window.removeEventListener(EVENT, notify);
        window.removeEventListener("storage", notify);
      };
    },
    () => window.localStorage.getItem(KEY) !== "0",
  );
  return [on, definirRaccourcis];
}

function definirRaccourcis(on: boolean): void {
  if (on) window.localStorage.removeItem(KEY);
  else window.localStorage.setItem(KEY, "0");
  window.dispatchEvent(new Event(EVENT));
}

type Touche = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "isComposing">;

/** +1 for n, -1 for p, 0 for anything else or with a modifier. */
export function sensDeLaTouche({ key, ctrlKey, metaKey, altKey, isComposing }: Touche): 1 | -1 | 0 {
  if (ctrlKey || metaKey || altKey || isComposing) return 0;
  if (key === "n" || key === "N") return 1;
  return key === "p" || key === "P" ? -1 : 0;
}

/** True where a letter is text, not a command. */
export const saisieEnCours = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest("input, textarea, select, [role=combobox]") !== null);

/** Calls `aller` on n and p while `actif`. */
export function useRaccourcis(actif: boolean, aller: (sens: 1 | -1) => void): void {
  useEffect(() => {
    if (!actif) return undefined;
    const listen = (event: KeyboardEvent) => {
      const sens = sensDeLaTouche(event);
      if (sens === 0 || event.defaultPrevented || saisieEnCours(event.target) || document.querySelector("dialog[open]"))
        return;
      event.preventDefault();
      aller(sens);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [actif, aller]);
}
