/**
 * One deposit, from the file to the publication. The file stays on the device and in memory: the check without account
 * keeps nothing on the server, a deposit creates one pending revision per file.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { hasStatus, isApiError } from "../../api/problem";
import { useAnnonce } from "../../ui/Annonces";
import { phraseErreur } from "../../ui/ErrorState";
import { phraseEnvoi, refusAvantEnvoi } from "../../ui/FileDrop";
import { useReglages } from "./chemin";
import type { Deposant } from "./client";
import type { Comparaison, Rapport, Revision } from "./contrat";
import { calculer, creer, deposer, lireComparaison, lireRapport, publier, verifier } from "./operations";

export type Resultat = {
  fichier: File;
  rapport: Rapport;
  /** The pending revision; null after a check without account. */
  revision: Revision | null;
  comparaison: Comparaison | null;
};

export type Etat =
  | { phase: "fichier"; refus: Refus | null }
  | { phase: "envoi"; fichier: File; envoye: number; total: number }
  | { phase: "calcul"; fichier: File }
  | {
      phase: "resultat";
      resultat: Resultat;
      envoi: number;
      occupe: "publication" | "calcul" | null;
      echec: Echec | null;
    }
  | { phase: "publiee"; revision: Revision; comparaison: Comparaison | null };

/** Why a file went no further; `fichier` when sending it again may succeed. */
export type Refus = { nom: string; cause: string; fichier: File | null; erreur?: unknown };

/** Why the publication did not happen; `perime`: another one came first, the file must be checked again. */
export type Echec = { erreur: unknown; perime: boolean };

const ACCEPTE = [".csv", ".txt", "text/csv", "text/plain"];

/** Refusals that a new computation answers (07 §4.5). */
const CODES_PERIMES = new Set(["PUBLICATION_IMPOSSIBLE", "PUBLICATION_EN_COURS"]);

export const estPerime = (error: unknown): boolean =>
  hasStatus(error, 412) && (error.code === "" || CODES_PERIMES.has(error.code));

type Options = { code: string | null; deposant: Deposant };

export function useDepot({ code, deposant }: Options) {
  const { base, tailleMax } = useReglages();
  const queries = useQueryClient();
  const annoncer = useAnnonce();
  const [etat, setEtat] = useState<Etat>({ phase: "fichier", refus: null });
  const controller = useRef<AbortController | null>(null);
  const rank = useRef(0);

  useEffect(() => () => controller.current?.abort(), []);

  const show = useCallback((resultat: Resultat) => {
    rank.current += 1;
    setEtat({ phase: "resultat", resultat, envoi: rank.current, occupe: null, echec: null });
  }, []);

  const refuse = (refus: Refus) => {
    setEtat({ phase: "fichier", refus });
    annoncer(`${refus.nom} : ${refus.cause}`, { assertif: true });
  };

  const examiner = async (fichier: File) => {
    const cause = refusAvantEnvoi(fichier, ACCEPTE, tailleMax);
    if (cause) return refuse({ nom: fichier.name, cause, fichier: null });
    const abort = new AbortController();
    controller.current?.abort();
    controller.current = abort;
    const suivi = suiviDe(abort, fichier, setEtat, annoncer);
    setEtat({ phase: "envoi", fichier, envoye: 0, total: fichier.size });
    annoncer(`Envoi de ${fichier.name} commencé`);
    try {
      if (deposant.mode === "anonyme" || code === null) {
        show({ fichier, rapport: await verifier(base, fichier, suivi), revision: null, comparaison: null });
      } else {
        const { id } = await creer(base, deposant, code, abort.signal);
        await deposer(base, deposant, id, fichier, suivi);
        setEtat({ phase: "calcul", fichier });
        show(await calculerEtLire(base, deposant, id, fichier, abort.signal));
      }
    } catch (error) {
      if (abort.signal.aborted) {
        setEtat({ phase: "fichier", refus: null });
        annoncer("Vérification annulée");
      } else refuse({ nom: fichier.name, cause: phraseDeRefus(error), fichier, erreur: error });
    }
  };

  const changer = (resultat: Resultat, occupe: "publication" | "calcul" | null, echec: Echec | null) =>
    setEtat({ phase: "resultat", resultat, envoi: rank.current, occupe, echec });

  const relancer = async (resultat: Resultat) => {
    if (!resultat.revision) return examiner(resultat.fichier);
    changer(resultat, "calcul", null);
    try {
      show(await calculerEtLire(base, deposant, resultat.revision.id, resultat.fichier));
    } catch (erreur) {
      changer(resultat, null, { erreur, perime: estPerime(erreur) });
    }
  };

  const mettreEnVigueur = async (resultat: Resultat, habilitationId: string | null) => {
    if (!resultat.revision) return;
    changer(resultat, "publication", null);
    try {
      const revision = await publier(base, deposant, resultat.revision.id, habilitationId);
      await queries.invalidateQueries({ queryKey: ["bal"] });
      setEtat({ phase: "publiee", revision, comparaison: resultat.comparaison });
    } catch (erreur) {
      changer(resultat, null, { erreur, perime: estPerime(erreur) });
      annoncer("La publication n’a pas eu lieu", { assertif: true });
    }
  };

  return {
    etat,
    examiner,
    relancer,
    mettreEnVigueur,
    annuler: () => controller.current?.abort(),
    recommencer: () => setEtat({ phase: "fichier", refus: null }),
  };
}

function suiviDe(
  abort: AbortController,
  fichier: File,
  setEtat: (etat: Etat) => void,
  annoncer: (text: string) => void,
) {
  let quarter = 0;
  return {
    signal: abort.signal,
    onProgression: (envoye: number, total: number) => {
      if (abort.signal.aborted) return;
      setEtat(envoye >= total ? { phase: "calcul", fichier } : { phase: "envoi", fichier, envoye, total });
      const reached = Math.floor((envoye / total) * 4);
      if (reached > quarter) annoncer(reached < 4 ? phraseEnvoi(envoye, total) : "Vérification en cours");
      quarter = Math.max(quarter, reached);
    },
  };
}

async function calculerEtLire(
  base: string,
  deposant: Deposant,
  id: string,
  fichier: File,
  signal?: AbortSignal,
): Promise<Resultat> {
  const revision = await calculer(base, deposant, id, signal);
  const readable = revision.validation.rowsCount !== undefined;
  const [rapport, comparaison] = await Promise.all([
    lireRapport(base, deposant, id, signal),
    // A comparison that fails does not hide the report; nothing is published without the server's own guard.
    readable ? lireComparaison(base, id, { limit: 1 }, signal).catch(() => null) : null,
  ]);
  return { fichier, rapport, revision, comparaison };
}

/** The server's words, made longer when they would leave the person without a way on. */
function phraseDeRefus(error: unknown): string {
  if (hasStatus(error, 401)) return `${phraseErreur(error)}. Vérifiez le jeton du client, puis réessayez.`;
  if (hasStatus(error, 413)) return "Ce fichier dépasse la taille acceptée par le service.";
  if (hasStatus(error, 429)) {
    const seconds = isApiError(error) ? error.retryAfter : null;
    return seconds
      ? `Trop de vérifications en peu de temps. Réessayez dans ${seconds} secondes.`
      : "Trop de vérifications en peu de temps. Réessayez dans quelques instants.";
  }
  return phraseErreur(error);
}
