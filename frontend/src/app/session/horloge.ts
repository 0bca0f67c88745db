/** Time in the session: renewal while somebody is at work, and how far its end is. */
import { useEffect, useRef, useState } from "react";
import type { FinDeSession } from "./contexte";

const MINUTE = 60_000;
/** The warning comes this long before the end (06 §6.1). */
export const AVERTISSEMENT_MS = 5 * MINUTE;
/** Somebody who has touched nothing for this long is not at work: the session may then run out. */
const INACTIVITE_MS = 10 * MINUTE;
/** The session is read again this often while somebody is at work: rights, menu and end are kept fresh. */
const RELECTURE_MS = 10 * MINUTE;

/** Calls `onActif` regularly while the page is visible and used; never when nobody is there. */
export function useActivite(enabled: boolean, onActif: () => Promise<void>): void {
  const last = useRef(Date.now());
  const action = useRef(onActif);
  action.current = onActif;
  useEffect(() => {
    if (!enabled) return undefined;
    const seen = () => {
      last.current = Date.now();
    };
    const events = ["pointerdown", "keydown", "wheel", "touchstart"] as const;
    for (const name of events) window.addEventListener(name, seen, { passive: true });
    const timer = setInterval(() => {
      const active = document.visibilityState === "visible" && Date.now() - last.current < INACTIVITE_MS;
      if (active) void action.current().catch(() => undefined);
    }, RELECTURE_MS);
    return () => {
      clearInterval(timer);
      for (const name of events) window.removeEventListener(name, seen);
    };
  }, [enabled]);
}

/** Where `now` stands before the end of the session. */
export function etapeDeFin(expireLe: string | null, now: number): FinDeSession {
  if (!expireLe) return "loin";
  const left = new Date(expireLe).getTime() - now;
  if (Number.isNaN(left)) return "loin";
  return left <= 0 ? "passee" : left <= AVERTISSEMENT_MS ? "proche" : "loin";
}

/** Follows the end of the session without polling: one timer to the next threshold. */
export function useFinDeSession(expireLe: string | null): FinDeSession {
  const [step, setStep] = useState<FinDeSession>(() => etapeDeFin(expireLe, Date.now()));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      const now = Date.now();
      const current = etapeDeFin(expireLe, now);
      setStep(current);
      if (!expireLe || current === "passee") return;
      const end = new Date(expireLe).getTime();
      const wait = (current === "loin" ? end - AVERTISSEMENT_MS : end) - now;
      timer = setTimeout(look, Math.min(Math.max(wait, 0) + 50, 60 * MINUTE));
    };
    look();
    // A laptop that wakes up has not run its timers.
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [expireLe]);
  return step;
}
