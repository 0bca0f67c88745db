/** A form of the back office: values, refusals by field (ours, then the server's). */
import { useState } from "react";
import { errorsByPointer } from "../api/problem";
import type { PointACorriger } from "./ErrorSummary";

export type Refus<T> = Partial<Record<keyof T & string, string | null>>;

type Options<T> = {
  initiale: T;
  /** Message of each field that cannot be sent. */
  controler: (values: T) => Refus<T>;
};

export function useSaisie<T extends object>({ initiale, controler }: Options<T>) {
  const [valeurs, setValeurs] = useState(initiale);
  const [refus, setRefus] = useState<Refus<T>>({});
  const [envoi, setEnvoi] = useState(0);
  const points: PointACorriger[] = Object.entries(refus).flatMap(([champ, message]) =>
    message ? [{ message: message as string, champ: `champ-${champ}` }] : [],
  );
  return {
    valeurs,
    envoi,
    points,
    changer: (change: Partial<T>) => setValeurs((before) => ({ ...before, ...change })),
    /** State of a field of the kit; its control carries the id `champ-<name>`. */
    champ: (name: keyof T & string) => ({
      state: refus[name] ? ("error" as const) : ("default" as const),
      stateRelatedMessage: refus[name] ?? undefined,
    }),
    /** False, and the refusals shown, when something is missing. */
    valide: (): boolean => {
      const found = controler(valeurs);
      setRefus(found);
      const bad = Object.values(found).some(Boolean);
      if (bad) setEnvoi((n) => n + 1);
      return !bad;
    },
    /** Refusals of the server, by field; true when at least one belongs to a field of the form. */
    refuser: (error: unknown): boolean => {
      const found: Record<string, string> = {};
      for (const [pointer, message] of Object.entries(errorsByPointer(error))) {
        found[pointer.split("/")[1] ?? ""] = message;
      }
      setRefus(found as Refus<T>);
      setEnvoi((n) => n + 1);
      return Object.keys(found).some((name) => name in valeurs);
    },
  };
}
