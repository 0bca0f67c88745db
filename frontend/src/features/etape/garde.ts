/**
 * Keeps the draft of a step: at once on the device, within two seconds on the server, one request at a time, again and
 * again (1, 2, 4… 30 s) when the network fails. Knows nothing of React: the form notes, this object keeps.
 *
 * Invariants: a draft request never leaves while the step is being saved (`suspendre`), so that no draft of saved values
 * comes back to life; what was noted last is what ends up kept.
 */
import type { Saisies } from "../../api/brouillon";
import { hasStatus, isApiError, NetworkError } from "../../api/problem";
import type { EtatSauvegarde } from "../../ui/SaveStatus";

export type Depot = { valeurs: Saisies; base: number; champ: string | null };

type Dependances = {
  /** Writes on the device; `envoye` once the server holds the same. */
  ecrireLocal: (depot: Depot, envoye: boolean) => Promise<void>;
  effacerLocal: () => Promise<void>;
  envoyer: (depot: Depot) => Promise<void>;
  effacerDistant: () => Promise<void>;
  onEtat: (etat: EtatSauvegarde) => void;
  maintenant?: () => Date;
  /** Milliseconds between a typing and its sending. */
  delai?: number;
};

export type Garde = {
  /** Something was typed (or undone: no value left). */
  noter: (depot: Depot) => void;
  /** Tries now, whatever was waiting. Resolves when the attempt is over, kept or not. */
  forcer: () => Promise<void>;
  /** The step is about to be saved: waits for the request under way and holds the others. */
  suspendre: () => Promise<void>;
  /** The save was refused: drafts go on. */
  reprendre: () => void;
  /** The step was saved, and the server has erased its copy: `reste` is what is still unsaved. */
  enregistre: (etat: EtatSauvegarde, reste: Depot) => void;
  /** Whether nothing would be lost by leaving now. */
  enSurete: () => boolean;
  /** Leaving the page: what waits is sent, nothing is told any more. */
  arreter: () => void;
};

const vide = (depot: Depot): boolean => Object.keys(depot.valeurs).length === 0;

/** A refusal that another try would not change: rights, size, end of the session. */
const definitif = (error: unknown): boolean => isApiError(error) && error.status < 500 && !hasStatus(error, 408, 429);

/** Cause in the words of the save status: « Impossible de garder vos saisies depuis 14 h 30 (réseau). » */
export function causeEchec(error: unknown): string {
  if (error instanceof NetworkError) return "réseau";
  if (hasStatus(error, 401)) return "session terminée";
  if (hasStatus(error, 403, 404)) return "étape fermée à la modification";
  if (hasStatus(error, 413)) return "saisies trop longues";
  return "service indisponible";
}

export function creerGarde(deps: Dependances): Garde {
  const { ecrireLocal, effacerLocal, envoyer, effacerDistant, onEtat } = deps;
  const { maintenant = () => new Date(), delai = 1200 } = deps;
  let attente: Depot | null = null;
  let enCours: Promise<void> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let essais = 0;
  let depuis: string | null = null;
  let suspendu = false;
  let arrete = false;
  /** Writes to the device go one after the other, in order. */
  let file: Promise<void> = Promise.resolve();
  let ecrituresLocales = 0;
  let localSur = true;
  let generation = 0;

  const dire = (etat: EtatSauvegarde) => {
    if (!arrete) onEtat(etat);
  };
  const surLAppareil = (depot: Depot, envoye: boolean) => {
    ecrituresLocales += 1;
    file = file
      .then(() => (vide(depot) ? effacerLocal() : ecrireLocal(depot, envoye)))
      .then(
        () => {
          localSur = true;
        },
        () => {
          localSur = false;
        },
      )
      .finally(() => {
        ecrituresLocales -= 1;
      });
  };
  const annulerTimer = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const programmer = (ms: number) => {
    if (timer !== undefined || suspendu || arrete) return;
    timer = setTimeout(() => {
      timer = undefined;
      void partir();
    }, ms);
  };

  function partir(): Promise<void> {
    if (enCours) return enCours;
    const depot = attente;
    if (!depot || suspendu) return Promise.resolve();
    attente = null;
    const mine = generation;
    if (depuis === null) dire({ etat: "enregistrement" });
    enCours = (vide(depot) ? effacerDistant() : envoyer(depot))
      .then(
        () => reussite(depot, mine),
        (error: unknown) => echec(depot, error, mine),
      )
      .finally(() => {
        enCours = null;
        if (attente && depuis === null) programmer(delai);
      });
    return enCours;
  }

  function reussite(depot: Depot, mine: number) {
    if (mine !== generation) return;
    essais = 0;
    depuis = null;
    if (attente) return;
    surLAppareil(depot, true);
    dire(vide(depot) ? { etat: "propre" } : { etat: "brouillon", le: maintenant().toISOString() });
  }

  function echec(depot: Depot, error: unknown, mine: number) {
    if (mine !== generation) return;
    attente ??= depot;
    depuis ??= maintenant().toISOString();
    dire({ etat: "echec", depuis, cause: causeEchec(error) });
    if (definitif(error)) return;
    const seconds = isApiError(error) && error.retryAfter !== null ? error.retryAfter : Math.min(2 ** essais, 30);
    essais += 1;
    programmer(seconds * 1000);
  }

  return {
    noter: (depot) => {
      attente = depot;
      surLAppareil(depot, false);
      if (depuis === null && !enCours) dire({ etat: "modifie" });
      if (depuis === null) programmer(delai);
    },
    forcer: async () => {
      annulerTimer();
      essais = 0;
      await enCours;
      annulerTimer();
      await partir();
      await file;
    },
    suspendre: async () => {
      suspendu = true;
      annulerTimer();
      await enCours;
    },
    reprendre: () => {
      suspendu = false;
      if (attente) programmer(delai);
    },
    enregistre: (etat, reste) => {
      suspendu = false;
      generation += 1;
      essais = 0;
      depuis = null;
      annulerTimer();
      attente = vide(reste) ? null : reste;
      surLAppareil(reste, false);
      dire(etat);
      if (attente) programmer(delai);
    },
    enSurete: () => (ecrituresLocales === 0 && localSur) || (attente === null && enCours === null),
    arreter: () => {
      annulerTimer();
      void partir();
      arrete = true;
    },
  };
}
