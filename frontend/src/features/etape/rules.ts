/** Decisions of the step form, as pure functions: what was changed by whom, which draft counts, what is left to correct. */
import type { BrouillonLocal, LigneSaisie, Saisie, Saisies } from "../../api/brouillon";
import type { Commentaire } from "../../api/convention";
import type { ErreurDeChamp } from "../../api/problem";
import type { PointACorriger } from "../../ui/ErrorSummary";
import type { ChampEtape, Etape, Valeurs } from "./api";
import { enSaisie, estTable, idDuChamp, memeValeur, saisiesUtiles } from "./champs";
import { cleCellule, estLignesSaisies, fusionnerLignes } from "./lignes";

/** Version of the step on which the typing rests. */
export type Base = { version: number; valeurs: Valeurs };

export const baseDe = (etape: Etape): Base => ({ version: etape.version, valeurs: etape.valeurs as Valeurs });

export type Fusion = {
  /** Fields changed here and elsewhere, to different values: only a person can decide. */
  rencontres: string[];
  /** Fields changed elsewhere only, and tables whose rows could be put together. */
  ailleurs: string[];
  /** What those tables hold once put together. */
  fusionnees?: Saisies;
};

/** Compares what was typed on `base` with a newer reading of the step. Same value on both sides is no conflict. */
export function fusionner(champs: readonly ChampEtape[], base: Valeurs, distante: Valeurs, saisies: Saisies): Fusion {
  const fusion: Fusion = { rencontres: [], ailleurs: [] };
  for (const champ of champs) {
    const { cle } = champ;
    if (memeValeur(champ, base[cle], distante[cle])) continue;
    const mienne = saisies[cle];
    if (mienne === undefined) fusion.ailleurs.push(cle);
    else if (!memeValeur(champ, mienne, distante[cle])) {
      const lignes = estTable(champ) ? fusionnerLignes(champ, base[cle], distante[cle], mienne) : null;
      if (lignes) {
        fusion.ailleurs.push(cle);
        fusion.fusionnees = { ...fusion.fusionnees, [cle]: lignes };
      } else fusion.rencontres.push(cle);
    }
  }
  return fusion;
}

export type EtatFormulaire = {
  base: Base;
  /** Only what differs from the base. */
  saisies: Saisies;
  /** A newer reading that meets what was typed: the base stays until somebody has chosen. */
  distante: Etape | null;
  /** Fields that somebody else changed while the form was open, to say so. */
  ailleurs: string[];
};

export const ouvrirFormulaire = (etape: Etape): EtatFormulaire => ({
  base: baseDe(etape),
  saisies: {},
  distante: null,
  ailleurs: [],
});

/** Takes a new reading of the step without ever losing what was typed, nor overwriting what another person saved. */
export function integrer(before: EtatFormulaire, etape: Etape): EtatFormulaire {
  if (etape.version < before.base.version) return before;
  const base = baseDe(etape);
  if (etape.version === before.base.version) return { ...before, base, distante: null };
  const { rencontres, ailleurs, fusionnees } = fusionner(
    etape.champs,
    before.base.valeurs,
    base.valeurs,
    before.saisies,
  );
  if (rencontres.length > 0) return { ...before, distante: etape };
  return {
    base,
    saisies: saisiesConservees(etape, { ...before.saisies, ...fusionnees }),
    distante: null,
    ailleurs: [...new Set([...before.ailleurs, ...ailleurs])],
  };
}

/** What was typed and still differs from a newer reading. A field that is no longer in the step is kept aside too. */
export function saisiesConservees(etape: Etape, saisies: Saisies): Saisies {
  const known = new Set(etape.champs.map(({ cle }) => cle));
  const gone = Object.fromEntries(Object.entries(saisies).filter(([cle]) => !known.has(cle)));
  return { ...gone, ...saisiesUtiles(etape.champs, saisies, etape.valeurs as Valeurs) };
}

/** Types in a field; typing the value of the server back is no change. */
export function saisir(before: EtatFormulaire, champ: ChampEtape, saisie: Saisies[string]): EtatFormulaire {
  const { [champ.cle]: _, ...others } = before.saisies;
  const changed = !memeValeur(champ, saisie, before.base.valeurs[champ.cle]);
  // A space at the end is not a change for the server, but it must stay while it is typed.
  const kept = changed || (!estTable(champ) && saisie !== enSaisie(champ, before.base.valeurs[champ.cle]));
  return { ...before, saisies: kept ? { ...others, [champ.cle]: saisie } : others };
}

/** After a save of `cles`: the answer is the base, and only the other fields stay unsaved. */
export function apresEnregistrement(before: EtatFormulaire, etape: Etape, cles: readonly string[]): EtatFormulaire {
  const rest = Object.fromEntries(Object.entries(before.saisies).filter(([cle]) => !cles.includes(cle)));
  return { base: baseDe(etape), saisies: saisiesConservees(etape, rest), distante: null, ailleurs: [] };
}

/** Typed values that the reader may no longer save: shown apart, never lost silently. */
export function saisiesFermees(etape: Etape, saisies: Saisies): string[] {
  return Object.keys(saisies).filter((cle) => !etape.champs.some((champ) => champ.cle === cle && champ.modifiable));
}

// --- Drafts --------------------------------------------------------------------------------------------------

export type BrouillonPropose = { valeurs: Saisies; baseVersion: number; le: string; champ: string | null };
type BrouillonDistant = NonNullable<Etape["brouillon"]>;

const estSaisies = (values: Record<string, unknown>): Saisies =>
  Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, Saisie] =>
        typeof entry[1] === "string" || typeof entry[1] === "boolean" || estLignesSaisies(entry[1]),
    ),
  );

/**
 * The draft to offer when somebody comes back. A copy that the server never received wins field by field (it was typed
 * here, last); a copy that the server received and no longer has was saved or given up elsewhere: nothing to offer.
 */
export function choisirBrouillon(
  etape: Etape,
  local: BrouillonLocal | null,
  distant: BrouillonDistant | null | undefined,
): BrouillonPropose | null {
  const propose = assembler(local, distant);
  if (!propose) return null;
  const valeurs = saisiesConservees(etape, propose.valeurs);
  return Object.keys(valeurs).length > 0 ? { ...propose, valeurs } : null;
}

function assembler(
  local: BrouillonLocal | null,
  distant: BrouillonDistant | null | undefined,
): BrouillonPropose | null {
  const server = distant ? estSaisies(distant.valeurs) : {};
  if (local && !local.envoye) {
    return {
      valeurs: { ...server, ...local.valeurs },
      baseVersion: local.baseVersion,
      le: local.le,
      champ: local.champ,
    };
  }
  if (!distant) return null;
  return { valeurs: server, baseVersion: distant.base_version, le: distant.cree_le, champ: local?.champ ?? null };
}

/** Fields of a draft, set beside what is saved, in the order of the step. */
export type LigneComparee = { champ: ChampEtape; brouillon: Saisies[string] };

export function comparer(etape: Etape, valeurs: Saisies): LigneComparee[] {
  return etape.champs.flatMap((champ) => {
    const brouillon = valeurs[champ.cle];
    return brouillon === undefined ? [] : [{ champ, brouillon }];
  });
}

// --- Errors --------------------------------------------------------------------------------------------------

/** "/nom" → "nom", when the step has that field; a pointer into a table or elsewhere stays unmapped. */
export function champVise(champs: readonly ChampEtape[], pointer: string): string | null {
  const [, cle = ""] = pointer.split("/");
  return champs.some((champ) => champ.cle === cle) ? decodeURIComponent(cle) : null;
}

/** `parChamp` is by key of field, and by address of cell for the rows of a table (`cleCellule`). */
export type ErreursEtape = { parChamp: Record<string, string>; autres: string[] };

export const AUCUNE_ERREUR: ErreursEtape = { parChamp: {}, autres: [] };

/** Where a refusal is shown: its field, its cell when it names a row; null elsewhere. `lignesDe` are the rows sent. */
function adresse(
  champs: readonly ChampEtape[],
  pointer: string,
  lignesDe: (champ: ChampEtape) => readonly LigneSaisie[],
): string | null {
  const cle = champVise(champs, pointer);
  const champ = champs.find((candidate) => candidate.cle === cle);
  if (!champ || cle === null) return null;
  const [, , rank, colonne] = pointer.split("/");
  const ligne = rank === undefined ? undefined : lignesDe(champ)[Number(rank)];
  if (!estTable(champ) || !ligne) return cle;
  const columns = champ.table?.colonnes ?? [];
  const shown = columns.find((candidate) => candidate.cle === colonne) ?? columns[0];
  return shown ? cleCellule(cle, ligne.cle, shown.cle) : cle;
}

/** Sorts the refusals of the server: beside their field or their cell, or in the summary only. */
export function rangerErreurs(
  champs: readonly ChampEtape[],
  errors: readonly ErreurDeChamp[],
  lignesDe: (champ: ChampEtape) => readonly LigneSaisie[] = () => [],
): ErreursEtape {
  const sorted: ErreursEtape = { parChamp: {}, autres: [] };
  for (const { pointer, detail } of errors) {
    const where = adresse(champs, pointer, lignesDe);
    if (where === null) sorted.autres.push(detail);
    else sorted.parChamp[where] ??= detail;
  }
  return sorted;
}

/** Lines of the summary, in the order of the page. */
export function pointsACorriger(champs: readonly ChampEtape[], { parChamp, autres }: ErreursEtape): PointACorriger[] {
  const rank = (where: string): number => champs.findIndex(({ cle }) => cle === where || where.startsWith(`${cle}/`));
  const fields = Object.entries(parChamp)
    .filter(([where]) => rank(where) >= 0)
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([where, message]) => ({ message, champ: idDuChamp(where) }));
  return [...fields, ...autres.map((message) => ({ message }))];
}

/**
 * Errors of a table once something has been typed in it: those of the cells that have not moved stay, as long as they are
 * about a row that is still there.
 */
export function erreursApresSaisie(
  champ: ChampEtape,
  before: readonly LigneSaisie[],
  after: readonly LigneSaisie[],
  parChamp: Readonly<Record<string, string>>,
  fausses: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [where, message] of Object.entries(parChamp)) {
    if (where === champ.cle) continue; // about the whole table: the next save will tell
    if (!where.startsWith(`${champ.cle}/`)) {
      kept[where] = message;
      continue;
    }
    const [, ligne = "", colonne = ""] = where.split("/");
    const old = before.find(({ cle }) => cle === ligne)?.valeurs[colonne];
    const now = after.find(({ cle }) => cle === ligne);
    if (!now) continue;
    if (now.valeurs[colonne] === old) kept[where] = message;
    else if (fausses[where] !== undefined) kept[where] = fausses[where];
  }
  return kept;
}

/** True when everything that stops the save may be passed over knowingly (03: « confirmable »). */
export const toutConfirmable = (errors: readonly ErreurDeChamp[]): boolean =>
  errors.length > 0 &&
  errors.some(({ niveau }) => niveau === "confirmable") &&
  errors.every(({ niveau }) => niveau === "confirmable" || niveau === "warning");

// --- Comments ------------------------------------------------------------------------------------------------

/** Comments of a field, the ones to treat first. */
export function commentairesDuChamp(etape: Etape, champ: ChampEtape): Commentaire[] {
  const all = champ.cible ? (etape.commentaires[champ.cible] ?? []) : [];
  const rank = { OUVERT: 0, RESOLU: 1, CLOS: 2 };
  return [...all].sort((a, b) => rank[a.statut] - rank[b.statut] || a.cree_le.localeCompare(b.cree_le));
}

export const ouverts = (commentaires: readonly Commentaire[]): Commentaire[] =>
  commentaires.filter(({ statut }) => statut === "OUVERT");

/** Next field with an open comment after `depuis` (or from the first), coming back to the top; null when none is left. */
export function prochainCommente(etape: Etape, depuis: string | null): ChampEtape | null {
  const at = etape.champs.findIndex(({ cle }) => cle === depuis);
  const turned = [...etape.champs.slice(at + 1), ...etape.champs.slice(0, at + 1)];
  return turned.find((champ) => ouverts(commentairesDuChamp(etape, champ)).length > 0) ?? null;
}

/** Field that holds a comment. */
export const champDuCommentaire = (etape: Etape, uuid: string): ChampEtape | null =>
  etape.champs.find((champ) => commentairesDuChamp(etape, champ).some((comment) => comment.uuid === uuid)) ?? null;

export type Progression = { traites: number; total: number; restants: number };

/** « 3 sur 5 traités »: open and resolved comments of the whole file; closed ones belong to the past. */
export const progression = ({ ouverts: open, resolus }: { ouverts: number; resolus: number }): Progression => ({
  traites: resolus,
  total: open + resolus,
  restants: open,
});
