/**
 * The one stream of live updates of this tab: read with `fetch`, since the token goes in a header, opened again with a
 * growing and random wait, and from where it stopped. It says what moved; whoever shows it reads it again through the
 * ordinary API, with the rights of the reader.
 *
 * Knows nothing of React nor of the cache. A refusal that another try would not change (401, 403, 404) ends it.
 */
import { lecteurEvenements } from "../lib/evenements";
import { API_ROOT, authenticatedFetch } from "./client";
import { jetons } from "./jetons";
import type { components } from "./schema";

export type ChangementDirect = components["schemas"]["ChangementDirect"];

/** « ferme »: not wanted, or refused for good; « attente »: cut off, will come back. */
export type EtatDirect = "ferme" | "ouverture" | "ouvert" | "attente";

type Dependances = {
  envoyer: (request: Request) => Promise<Response>;
  onChangement: (changement: ChangementDirect) => void;
  /** Something may have been missed: everything shown must be read again. */
  onToutRelire: () => void;
  onEtat?: (etat: EtatDirect) => void;
  attendre?: (ms: number, signal: AbortSignal) => Promise<void>;
  hasard?: () => number;
  origine?: string;
  /** Silence after which the connection is given up; the server speaks every 20 seconds. */
  silence?: number;
};

export type Direct = {
  /** Opens the stream if it is not. */
  demarrer: () => void;
  /** Closes it; `demarrer` goes on from there. */
  arreter: () => void;
};

/** How a connection ended. `fini`: no use in trying again by oneself. */
type Fin = { fini?: boolean; motif?: string; ouvert: boolean; attente?: number };

const SILENCE = 60_000;
const ATTENTE_MAX = 30_000;
/** A server without room, or that does not listen, is left alone for a while. */
const ATTENTE_INDISPONIBLE = 60_000;

export function creerDirect({
  envoyer,
  onChangement,
  onToutRelire,
  onEtat = () => undefined,
  attendre = attendreMs,
  hasard = Math.random,
  origine = window.location.origin,
  silence = SILENCE,
}: Dependances): Direct {
  let controle: AbortController | null = null;
  let dernier: string | null = null;
  let dejaOuvert = false;

  async function connecter(arret: AbortSignal): Promise<Fin> {
    const connexion = new AbortController();
    const couper = () => connexion.abort();
    arret.addEventListener("abort", couper);
    let chien: ReturnType<typeof setTimeout> | undefined;
    const veiller = () => {
      clearTimeout(chien);
      chien = setTimeout(couper, silence);
    };
    const fin: Fin = { ouvert: false };
    try {
      veiller();
      const headers: Record<string, string> = { Accept: "text/event-stream" };
      if (dernier !== null) headers["Last-Event-ID"] = dernier;
      const response = await envoyer(
        new Request(`${origine}${API_ROOT}/direct`, { headers, cache: "no-store", signal: connexion.signal }),
      );
      if (!response.ok || !response.body) return refusDe(response);
      const texte = response.body.pipeThrough(new TextDecoderStream()).getReader();
      const lire = lecteurEvenements();
      for (;;) {
        const { done, value } = await texte.read();
        if (done || arret.aborted) break;
        veiller();
        for (const evenement of lire(value)) {
          if (evenement.id !== null) dernier = evenement.id;
          recevoir(evenement.nom, evenement.donnees, fin);
        }
      }
    } catch {
      // Network, silence, or stop: what was told is told, the rest comes with the next connection.
    } finally {
      clearTimeout(chien);
      arret.removeEventListener("abort", couper);
      connexion.abort();
    }
    return fin;
  }

  function recevoir(nom: string, donnees: string, fin: Fin): void {
    const valeur = enObjet(donnees);
    if (nom === "pret") {
      fin.ouvert = true;
      if (dejaOuvert && valeur.rejoue !== true) onToutRelire();
      dejaOuvert = true;
      onEtat("ouvert");
    } else if (nom === "changement" && typeof valeur.uuid === "string") onChangement(valeur as ChangementDirect);
    else if (nom === "tout") onToutRelire();
    else if (nom === "fin" && typeof valeur.motif === "string") {
      fin.motif = valeur.motif;
      fin.fini = valeur.motif === "limite";
    }
  }

  async function tourner(arret: AbortSignal): Promise<void> {
    for (let essais = 0; !arret.aborted; ) {
      onEtat("ouverture");
      const fin = await connecter(arret);
      if (arret.aborted) return;
      if (fin.fini) break;
      essais = fin.ouvert ? 0 : essais + 1;
      onEtat("attente");
      await attendre(delai(fin, essais, hasard()), arret);
    }
    if (!arret.aborted) {
      controle = null;
      onEtat("ferme");
    }
  }

  return {
    demarrer: () => {
      if (controle) return;
      controle = new AbortController();
      void tourner(controle.signal);
    },
    arreter: () => {
      if (!controle) return;
      controle.abort();
      controle = null;
      onEtat("ferme");
    },
  };
}

/** Wait before the next connection: short after an ordinary end, spread so that all the pages do not come back at once. */
export function delai({ motif, attente, ouvert }: Fin, essais: number, hasard: number): number {
  if (attente !== undefined) return attente * (1 + hasard);
  if (motif === "indisponible") return ATTENTE_INDISPONIBLE * (0.5 + hasard);
  if (motif === "jeton" || motif === "droits") return 1000 * hasard;
  if (ouvert) return 500 + 3000 * hasard;
  return Math.min(ATTENTE_MAX, 1000 * 2 ** Math.min(essais, 10)) * (0.5 + hasard / 2);
}

function refusDe(response: Response): Fin {
  void response.body?.cancel();
  if ([401, 403, 404].includes(response.status)) return { fini: true, ouvert: false };
  if (response.status !== 429 && response.status !== 503) return { ouvert: false };
  const secondes = Number(response.headers.get("Retry-After"));
  return { ouvert: false, attente: secondes > 0 ? secondes * 1000 : ATTENTE_INDISPONIBLE };
}

function enObjet(texte: string): Record<string, unknown> {
  try {
    const valeur: unknown = JSON.parse(texte);
    return typeof valeur === "object" && valeur !== null ? (valeur as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function attendreMs(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
  });
}

/** Sends with the token of this tab. */
export const envoyerDirect = authenticatedFetch((request) => window.fetch(request), jetons);
