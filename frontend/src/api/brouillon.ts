/**
 * Drafts of a step (ux §3, autosave): what somebody typed and has not saved. Two copies: one on the server, which follows
 * the person, and one in IndexedDB, which survives a cut network. A draft changes no data and no version.
 *
 * The copy of the device belongs to one person under one habilitation; it is erased at sign-out, when the step is saved,
 * and after 30 days.
 */
import { aLaDeconnexion } from "../lib/deconnexion";
import { lire } from "./client";
import { clientConvention } from "./convention";

/** What is in the fields, as typed: texts stay texts, so that an unfinished number comes back as it was. */
export type SaisieSimple = string | boolean;
/** A row of a table: `uuid` is null until the server has it; `cle` names it on the page. */
export type LigneSaisie = { cle: string; uuid: string | null; valeurs: Record<string, SaisieSimple> };
export type Saisie = SaisieSimple | LigneSaisie[];
export type Saisies = Record<string, Saisie>;

export type BrouillonLocal = {
  /** Person, habilitation, convention and step: see `cleDeBrouillon`. */
  cle: string;
  valeurs: Saisies;
  baseVersion: number;
  /** Instant of the last typing, RFC 3339, at the clock of the device. */
  le: string;
  /** Field that had the focus. */
  champ: string | null;
  /** True once the server holds the same values. */
  envoye: boolean;
};

const DUREE_MS = 30 * 24 * 60 * 60 * 1000;

export const cleDeBrouillon = (proprietaire: string, convention: string, etape: string): string =>
  `${proprietaire}/${convention}/${etape}`;

/** A draft of the device that nobody came back to for 30 days. */
export const brouillonPerime = (le: string, maintenant: Date): boolean => {
  const age = maintenant.getTime() - new Date(le).getTime();
  return !Number.isFinite(age) || age > DUREE_MS;
};

/** Drafts of this device. Every method rejects when the browser refuses to keep anything (private window, full disk). */
export type Magasin = {
  lire(cle: string): Promise<BrouillonLocal | null>;
  ecrire(brouillon: BrouillonLocal): Promise<void>;
  effacer(cle: string): Promise<void>;
  /** Erases what is older than 30 days. */
  purger(maintenant: Date): Promise<void>;
  vider(): Promise<void>;
};

const BASE = "apilos";
const TABLE = "brouillon";

function ouvrir(fabrique: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = fabrique.open(BASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: "cle" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("base des brouillons occupée"));
  });
}

/** Store on IndexedDB. The base is opened at the first use, and again after a failure. */
export function creerMagasin(fabrique: () => IDBFactory): Magasin {
  let base: Promise<IDBDatabase> | null = null;
  const ouverte = (): Promise<IDBDatabase> => {
    base ??= Promise.resolve()
      .then(() => ouvrir(fabrique()))
      .then((db) => {
        // Another tab wants a newer layout, or the browser dropped the base: open again next time.
        db.onversionchange = () => db.close();
        db.onclose = () => {
          base = null;
        };
        return db;
      });
    base.catch(() => {
      base = null;
    });
    return base;
  };
  async function faire<T>(
    mode: IDBTransactionMode,
    action: (table: IDBObjectStore) => IDBRequest<T> | null,
  ): Promise<T | undefined> {
    const db = await ouverte();
    return new Promise((resolve, reject) => {
      const transaction = db.transaction(TABLE, mode);
      const request = action(transaction.objectStore(TABLE));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    });
  }
  return {
    lire: async (cle) => (await faire<BrouillonLocal | undefined>("readonly", (t) => t.get(cle))) ?? null,
    ecrire: async (brouillon) => void (await faire("readwrite", (t) => t.put(brouillon))),
    effacer: async (cle) => void (await faire("readwrite", (t) => t.delete(cle))),
    vider: async () => void (await faire("readwrite", (t) => t.clear())),
    purger: async (maintenant) => {
      const all = (await faire<BrouillonLocal[]>("readonly", (t) => t.getAll())) ?? [];
      const old = all.filter(({ le }) => brouillonPerime(le, maintenant));
      if (old.length === 0) return;
      await faire("readwrite", (t) => {
        for (const { cle } of old) t.delete(cle);
        return null;
      });
    },
  };
}

/** Drafts kept by this browser. */
export const magasin = creerMagasin(() => window.indexedDB);

aLaDeconnexion(() => magasin.vider());

/** Keeps the draft on the server: neither data, nor version, nor status change. */
export const garderBrouillon = (uuid: string, etape: string, valeurs: Saisies, baseVersion: number): Promise<void> =>
  lire(
    clientConvention.PUT("/conventions/{uuid}/brouillons/{etape}", {
      params: { path: { uuid, etape } },
      body: { valeurs, base_version: baseVersion },
    }),
  ) as Promise<void>;

/** Gives up the draft of the server; without effect when there is none. */
export const jeterBrouillon = (uuid: string, etape: string): Promise<void> =>
  lire(
    clientConvention.DELETE("/conventions/{uuid}/brouillons/{etape}", { params: { path: { uuid, etape } } }),
  ) as Promise<void>;
