/** Density of the tables, a choice of the reader kept on the device. */
import { useCallback, useSyncExternalStore } from "react";

const KEY = "apilos.compact";
const EVENT = "apilos:compact";

/** [compact?, set] shared by every table of the page. */
export function useCompacite(): [boolean, (compact: boolean) => void] {
  const compact = useSyncExternalStore(
    (notify) => {
      window.addEventListener(EVENT, notify);
      window.addEventListener("storage", notify);
      return () => {
        window.removeEventListener(EVENT, notify);
        window.removeEventListener("storage", notify);
      };
    },
    () => window.localStorage.getItem(KEY) === "1",
  );
  const set = useCallback((value: boolean) => {
    if (value) window.localStorage.setItem(KEY, "1");
    else window.localStorage.removeItem(KEY);
    window.dispatchEvent(new Event(EVENT));
  }, []);
  return [compact, set];
}
