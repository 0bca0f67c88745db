/**
 * What the three screens of the finalisation share: the number, what is confirmed, and the validation (T08) with its
 * refusals. The number typed survives a reload of the tab; nothing is written on the server before the last screen.
 */
import { useEffect, useState } from "react";
import { useIntention } from "../../api/commande";
import { type Action, type ActionFaite, type Convention, natureDuRefus, useAction } from "../../api/convention";
import { isApiError } from "../../api/problem";
import { aConfirmer, erreurNumero, type ManquesValidation, manquesValidation } from "./rules";

/** The number was given to somebody else meanwhile: what is proposed instead, and who holds it when visible. */
export type NumeroRefuse = {
  demande: string;
  message: string;
  propose: string;
  convention: string | null;
  remplace: boolean;
};

export type Finalisation = {
  numero: string;
  setNumero: (numero: string) => void;
  propose: string;
  erreurNumero: string | null;
  numeroRefuse: NumeroRefuse | null;
  manques: ManquesValidation;
  message: string;
  setMessage: (message: string) => void;
  malgreCommentaires: boolean;
  setMalgreCommentaires: (on: boolean) => void;
  malgreManques: boolean;
  setMalgreManques: (on: boolean) => void;
  /** What is still to confirm, once an attempt was made. */
  points: { champ: string; message: string }[];
  envoi: number;
  valider: () => void;
  occupe: boolean;
  erreur: unknown;
  /** The file moved meanwhile: read again, decide again. */
  perime: boolean;
};

const cleDeSession = (uuid: string) => `apilos.numero.${uuid}`;

/** Session storage can be refused by the browser: the number then lives as long as the page. */
function relire(uuid: string): string | null {
  try {
    return window.sessionStorage.getItem(cleDeSession(uuid));
  } catch {
    return null;
  }
}

function noter(uuid: string, numero: string | null): void {
  try {
    if (numero === null) window.sessionStorage.removeItem(cleDeSession(uuid));
    else window.sessionStorage.setItem(cleDeSession(uuid), numero);
  } catch {
    // Kept in the page only.
  }
}

export function useFinalisation(
  convention: Convention,
  action: Action,
  onFait: (reply: ActionFaite) => void,
  onNumeroRefuse: (refus: NumeroRefuse) => void,
): Finalisation {
  const { uuid } = convention;
  const propose = action.numero_propose ?? "";
  // Null: the proposal, whatever it becomes.
  const [tape, setTape] = useState<string | null>(() => relire(uuid));
  const [message, setMessage] = useState("");
  const [malgreCommentaires, setMalgreCommentaires] = useState(false);
  const [malgreManques, setMalgreManques] = useState(false);
  const [envoi, setEnvoi] = useState(0);
  const [refus, setRefus] = useState<NumeroRefuse | null>(null);
  const { mutateAsync, isPending, error, reset } = useAction(uuid);
  const intention = useIntention();
  const numero = tape ?? refus?.propose ?? propose;
  const manques = manquesValidation(action);
  const points = aConfirmer(manques, { numero, message, malgreCommentaires, malgreManques });

  useEffect(() => noter(uuid, tape), [uuid, tape]);

  const refuserNumero = (failure: unknown, demande: string): boolean => {
    if (!isApiError(failure) || !["NUMERO_PRIS", "NUMERO_EXISTANT"].includes(failure.code)) return false;
    const { numero_propose, convention_uuid } = failure.extra;
    const next = typeof numero_propose === "string" ? numero_propose : "";
    const found: NumeroRefuse = {
      demande,
      message: failure.detail,
      propose: next,
      convention: typeof convention_uuid === "string" ? convention_uuid : null,
      // A number that the platform itself proposed is replaced by the next one; a number typed by hand is not.
      remplace: next !== "" && (tape === null || failure.code === "NUMERO_PRIS"),
    };
    setRefus(found);
    if (found.remplace) setTape(null);
    reset();
    onNumeroRefuse(found);
    return true;
  };

  const valider = () => {
    if (isPending) return;
    setEnvoi((n) => n + 1);
    if (points.length > 0 || erreurNumero(numero)) return;
    const corps = {
      numero: numero.trim(),
      ...(message.trim() ? { commentaire: message.trim() } : {}),
      ...(manques.incomplets.length > 0 ? { confirmer_incomplet: true } : {}),
      ...(manques.commentairesOuverts ? { confirmer_commentaires_ouverts: true } : {}),
    };
    // Awaited: the answer must be followed even when it has already changed the page under this hook.
    mutateAsync({
      code: "valider",
      version: convention.version,
      cle: intention.cle([convention.version, corps]),
      corps,
    }).then(
      (reply) => {
        noter(uuid, null);
        onFait(reply);
      },
      (failure: unknown) => void refuserNumero(failure, corps.numero),
    );
  };

  const perime = error !== null && natureDuRefus(error) === "perime";
  return {
    numero,
    setNumero: (next) => {
      setTape(next === propose ? null : next);
      setRefus(null);
    },
    propose,
    erreurNumero: erreurNumero(numero),
    numeroRefuse: refus,
    manques,
    message,
    setMessage,
    malgreCommentaires,
    setMalgreCommentaires,
    malgreManques,
    setMalgreManques,
    points: envoi > 0 ? points : [],
    envoi,
    valider,
    occupe: isPending,
    erreur: perime ? null : error,
    perime,
  };
}
