import { useSyncExternalStore } from "react";

/** Live answer to a CSS media query. */
export function useMediaQuery(query: string): boolean {
  return useSyncExternalStore(
    (notify) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", notify);
      return () => list.removeEventListener("change", notify);
    },
    () => window.matchMedia(query).matches,
  );
}

/** Below 768 px tables become cards and the action bar keeps one button; never on paper, where A4 is narrower. */
export const useEstPetitEcran = (): boolean => useMediaQuery("screen and (max-width: 47.98em)");
/** From 992 px on, panels live in the margin instead of a bottom sheet. */
export const useAMarge = (): boolean => useMediaQuery("(min-width: 62em)");
