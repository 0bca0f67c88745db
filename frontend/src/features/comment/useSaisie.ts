import { useCallback, useState } from "react";

const prefix = "apilos.commentaire.";

/** Text being typed, kept in the tab until it is sent: closing a panel or reloading the page loses nothing. Erased at sign-out. */
export function useSaisie(key: string, initial = ""): [string, (text: string) => void] {
  const [held, setHeld] = useState(() => ({ key, text: window.sessionStorage.getItem(prefix + key) ?? initial }));
  const current = held.key === key ? held : { key, text: window.sessionStorage.getItem(prefix + key) ?? initial };
  const set = useCallback(
    (text: string) => {
      if (text) window.sessionStorage.setItem(prefix + key, text);
      else window.sessionStorage.removeItem(prefix + key);
      setHeld({ key, text });
    },
    [key],
  );
  return [current.text, set];
}
