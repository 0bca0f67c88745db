/**
 * Expert mode: correcting a convention in force. It belongs to one convention, lives in this page alone (never kept in the
 * browser) and goes with each request about that convention (02 PE-34). The server decides what it opens.
 */
import { useSyncExternalStore } from "react";

export const ENTETE_MODE = "X-Mode-Edition";

let current: string | null = null;
const listeners = new Set<() => void>();

function set(uuid: string | null): void {
  if (current === uuid) return;
  current = uuid;
  for (const listener of listeners) listener();
}

export const entrerEnModeExpert = (uuid: string): void => set(uuid);

/** Leaves the mode; with an identifier, only when it is that convention's. */
export function quitterModeExpert(uuid?: string): void {
  if (uuid === undefined || uuid === current) set(null);
}

/** Whether the mode was asked for on this convention. */
export const enModeExpert = (uuid: string): boolean => current === uuid;

/** Whether the mode is on: asked for, and possible by what the server says of the convention. */
export function useModeExpert({ uuid, mode_expert_possible }: Expertisable): boolean {
  const asked = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => enModeExpert(uuid),
  );
  return asked && mode_expert_possible;
}

type Expertisable = { uuid: string; mode_expert_possible: boolean };

/** Adds the header to a request about the convention being corrected, and to no other. */
export function avecModeExpert(request: Request): Request {
  if (current === null) return request;
  const path = new URL(request.url).pathname;
  if (new RegExp(`/(conventions|avenants)/${current}(/|$)`).test(path)) request.headers.set(ENTETE_MODE, "expert");
  return request;
}
