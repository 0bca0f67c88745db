/**
 * One intention of the reader is carried out once, however many times its button is pressed. Every write of the
 * interface goes through `useCommande` (same shape as `useMutation`) and every idempotent POST takes its key from
 * `useIntention`.
 *
 * Why a state of the page is not enough: `isPending` is told to the page a moment after the call has left, so that the
 * second press of a double press finds the button free. It then took the place of the first call for the page: what had
 * to follow the first answer (going to the new page, closing the dialog) never happened.
 */
import {
  type MutateOptions,
  type UseMutationOptions,
  type UseMutationResult,
  useMutation,
} from "@tanstack/react-query";
import { useCallback, useMemo, useRef } from "react";
import { nouvelleCle } from "./client";

/** Longest time between the two presses of a double press, in milliseconds. */
export const DOUBLE_APPUI = 500;

type Appel = { contenu: string; debut: number; enCours: boolean };

/** What a call asks for, without its key: two presses ask for the same thing. */
export function contenuDe(variables: unknown): string {
  return (
    JSON.stringify(variables, (name, value) => {
      if (name === "cle") return undefined;
      return value instanceof File ? [value.name, value.size, value.lastModified] : value;
    }) ?? ""
  );
}

/**
 * A write. The same call asked again while it runs, or by the second press of a double press when the answer was quick,
 * is not sent and has no effect: its callbacks are not called, and its promise never settles. A refused call may be
 * tried again at once; another call (another row, another value) is never held back.
 */
export function useCommande<D = unknown, E = Error, V = void, C = unknown>(
  options: UseMutationOptions<D, E, V, C>,
  horloge: () => number = () => performance.now(),
): UseMutationResult<D, E, V, C> {
  const mutation = useMutation(options);
  const { mutateAsync: envoyer, reset: effacer } = mutation;
  const dernier = useRef<Appel | null>(null);
  const temps = useRef(horloge);
  temps.current = horloge;

  const mutateAsync = useCallback(
    (variables: V, suites?: MutateOptions<D, E, V, C>): Promise<D> => {
      const contenu = contenuDe(variables);
      const debut = temps.current();
      const avant = dernier.current;
      if (avant?.contenu === contenu && (avant.enCours || debut - avant.debut < DOUBLE_APPUI)) {
        return new Promise<D>(() => undefined);
      }
      const appel: Appel = { contenu, debut, enCours: true };
      dernier.current = appel;
      const reponse = envoyer(variables, suites);
      reponse.then(
        () => {
          appel.enCours = false;
        },
        () => {
          if (dernier.current === appel) dernier.current = null;
        },
      );
      return reponse;
    },
    [envoyer],
  );
  const mutate = useCallback(
    (variables: V, suites?: MutateOptions<D, E, V, C>): void => {
      mutateAsync(variables, suites).catch(() => undefined); // told by `error` and by the callbacks
    },
    [mutateAsync],
  );
  /** The page has closed the matter: asking for the same again is a new intention. */
  const reset = useCallback(() => {
    if (dernier.current && !dernier.current.enCours) dernier.current = null;
    effacer();
  }, [effacer]);
  return { ...mutation, mutate, mutateAsync, reset } as UseMutationResult<D, E, V, C>;
}

export type Intention = {
  /** The key under which this content is sent: the same as long as the content is, so that a new try is answered once. */
  cle: (contenu: unknown) => string;
  /** It is done: the same content asked later is another intention. */
  faite: () => void;
};

/** Keys of what a form or a dialog sends (CC-10): kept through refusals and cut networks, renewed with the content. */
export function useIntention(): Intention {
  const derniere = useRef({ contenu: "", cle: "" });
  return useMemo(
    () => ({
      cle: (contenu) => {
        const texte = contenuDe(contenu);
        if (derniere.current.cle === "" || derniere.current.contenu !== texte) {
          derniere.current = { contenu: texte, cle: nouvelleCle() };
        }
        return derniere.current.cle;
      },
      faite: () => {
        derniere.current = { contenu: "", cle: "" };
      },
    }),
    [],
  );
}
