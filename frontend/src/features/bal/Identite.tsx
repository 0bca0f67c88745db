/**
 * Who deposits: staff with their session, or a client with its token. The token stays in the memory of this page; without
 * it the file is only checked, which needs no account.
 */
import { Input } from "@codegouvfr/react-dsfr/Input";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isTransient } from "../../api/problem";
import { phraseErreur } from "../../ui/ErrorState";
import { useReglages } from "./chemin";
import type { Deposant } from "./client";
import type { Moi } from "./contrat";
import { quiSuisJe } from "./operations";

/** Tokens have this length (07 §2.2): nothing is asked of the server before. */
const LONGUEUR_JETON = 32;

export const jetonComplet = (text: string): boolean => new RegExp(`^[A-Za-z0-9]{${LONGUEUR_JETON}}$`).test(text.trim());

/** The depositor that the page has at hand: nobody as long as the token is not whole. */
export function deposantDe(session: boolean, jeton: string): Deposant {
  if (session) return { mode: "session" };
  return jetonComplet(jeton) ? { mode: "jeton", jeton: jeton.trim() } : { mode: "anonyme" };
}

/** The client of a token. The key of the cache does not carry the token; what is read is forgotten with the page. */
export function useMoi(deposant: Deposant, essai: number): UseQueryResult<Moi> {
  const { base } = useReglages();
  return useQuery({
    queryKey: ["depot", "moi", essai],
    queryFn: ({ signal }) => quiSuisJe(base, deposant, signal),
    enabled: deposant.mode === "jeton",
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: (count, error) => isTransient(error) && count < 2,
  });
}

const STRATEGIES: Record<Moi["authorizationStrategy"], string> = {
  internal: "peut publier sans autre autorisation",
  "chef-de-file": "publie dans le périmètre de son chef de file",
  habilitation: "a besoin de l’habilitation de la commune pour publier",
};

type Props = {
  session: boolean;
  jeton: string;
  onJeton: (jeton: string) => void;
  moi: UseQueryResult<Moi>;
};

export function Identite({ session, jeton, onJeton, moi }: Props) {
  const [left, setLeft] = useState(false);
  if (session) {
    return (
      <p className="ap-bal-identite fr-mb-0">
        <span className="fr-icon-account-circle-line fr-icon--sm" aria-hidden="true" /> Vous déposez au nom de
        l’administration du service, avec votre session.
      </p>
    );
  }
  const typed = jeton.trim();
  const ended = left || typed.length >= LONGUEUR_JETON; // nobody is told that a token is too short while typing it
  const wrong = typed !== "" && ended && !jetonComplet(typed);
  const state = wrong || moi.isError ? "error" : moi.data ? "success" : "default";
  return (
    <div className="ap-bal-identite">
      <Input
        label="Jeton de votre client"
        hintText="Nécessaire pour publier, inutile pour vérifier un fichier. Il reste en mémoire le temps de cette page : il n’est ni enregistré, ni écrit dans l’adresse."
        state={state}
        stateRelatedMessage={
          wrong
            ? "Un jeton compte 32 lettres et chiffres, sans espace."
            : moi.isError
              ? `${phraseErreur(moi.error)}. Vérifiez le jeton remis à votre organisation.`
              : moi.data
                ? `${moi.data.nom} : ${STRATEGIES[moi.data.authorizationStrategy]}.`
                : undefined
        }
        nativeInputProps={{
          type: "password",
          value: jeton,
          autoComplete: "off",
          spellCheck: false,
          onChange: (event) => {
            setLeft(false);
            onJeton(event.target.value);
          },
          onBlur: () => setLeft(true),
        }}
      />
    </div>
  );
}
