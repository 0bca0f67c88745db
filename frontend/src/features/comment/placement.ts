/**
 * Keeps the commented field in sight: in the margin the panel starts at the height of its field, as low as the screen
 * allows; with a sheet at the bottom, the field is brought above the sheet.
 */
import { type RefObject, useLayoutEffect, useRef } from "react";
import { useLocation } from "react-router";

const MARGE = 16;

/** Id of the row of a field or table in the page. */
export const idChamp = (cible: string): string => `champ-${cible}`;

/** Top of the panel in the window: level with its field, but whole between the two bounds when it fits. */
export function hauteurDuPanneau(field: number, panel: number, top: number, bottom: number): number {
  return Math.max(top, Math.min(field, bottom - panel));
}

const hauteurDe = (selector: string): number => document.querySelector(selector)?.getBoundingClientRect().height ?? 0;

/** To put on an empty block above the panel: its height is what aligns the panel. `taille` changes when the thread does. */
export function usePlacement(cible: string | null, marge: boolean, taille: number): RefObject<HTMLDivElement | null> {
  const spacer = useRef<HTMLDivElement>(null);
  const { key } = useLocation();

  // biome-ignore lint/correctness/useExhaustiveDependencies: a longer thread, or a step of the history (which restores its own scroll), is placed again.
  useLayoutEffect(() => {
    const row = cible ? document.getElementById(idChamp(cible)) : null;
    if (!row) return undefined;
    const place = () => (marge ? aligner(spacer.current, row) : montrerAuDessus(row));
    if (marge) place();
    // Once more after the router has restored the scroll of the page.
    const frame = requestAnimationFrame(place);
    const panel = marge ? spacer.current?.nextElementSibling : null;
    const observer =
      panel && "ResizeObserver" in window ? new ResizeObserver(() => aligner(spacer.current, row, false)) : null;
    if (panel) observer?.observe(panel);
    return () => {
      cancelAnimationFrame(frame);
      observer?.disconnect();
    };
  }, [cible, marge, taille, key]);

  return spacer;
}

/** Starts the panel level with its field, brought in sight first when it is not; a panel that only grows moves nothing else. */
function aligner(spacer: HTMLDivElement | null, row: HTMLElement, bringIntoView = true): void {
  const panel = spacer?.nextElementSibling;
  if (!spacer || !panel) return;
  const bottom = window.innerHeight - hauteurDe(".ap-actions") - MARGE;
  const { top, height } = row.getBoundingClientRect();
  if (top < MARGE || top + Math.min(height, 120) > bottom) {
    if (!bringIntoView) return;
    row.scrollIntoView({ block: height > bottom ? "start" : "center" });
  }
  spacer.style.height = "0px";
  const wanted = hauteurDuPanneau(row.getBoundingClientRect().top, panel.getBoundingClientRect().height, MARGE, bottom);
  spacer.style.height = `${Math.max(0, wanted - spacer.getBoundingClientRect().top)}px`;
}

/** Brings a field in the middle of what the sheet leaves visible. */
function montrerAuDessus(row: HTMLElement): void {
  const free = window.innerHeight - hauteurDe(".ap-commentaires--feuille");
  const { top, height } = row.getBoundingClientRect();
  const shown = Math.min(height, free - 2 * MARGE);
  window.scrollBy({ top: top - Math.max(MARGE, (free - shown) / 2), behavior: "instant" });
}
