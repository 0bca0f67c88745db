/**
 * Rows of a table, as pure functions: what the server gives, what is typed, what is sent, and what two people did to the
 * same rows. A row is known by its identifier; one that the server does not have yet, by its key on the page.
 */
import type { LigneSaisie, Saisie, SaisieSimple } from "../../api/brouillon";
import type { ChampEtape, ConditionEtape, TableEtape, ValeurChamp, ValeurLigne, ValeurSimple } from "./api";
import { enMotsSimple, enSaisieSimple, lireSimple, memeSimple } from "./valeurs";

/** Address of a cell among the errors of a step, and in the id of its input. */
export const cleCellule = (champ: string, ligne: string, colonne: string): string => `${champ}/${ligne}/${colonne}`;

const VIDE: TableEtape = { ligne: "Ligne", colonnes: [], max: 0 };
export const tableDe = (champ: ChampEtape): TableEtape => champ.table ?? VIDE;

const estLigneSaisie = (row: LigneSaisie | ValeurLigne): row is LigneSaisie =>
  typeof row.valeurs === "object" && row.valeurs !== null;

export const estLignesSaisies = (value: unknown): value is LigneSaisie[] =>
  Array.isArray(value) &&
  value.every(
    (row: unknown) =>
      typeof row === "object" &&
      row !== null &&
      "cle" in row &&
      "valeurs" in row &&
      typeof row.cle === "string" &&
      typeof row.valeurs === "object" &&
      row.valeurs !== null,
  );

/** Rows to type in, from those of the server or from those already typed. */
export function lignesDe(champ: ChampEtape, value: ValeurChamp | Saisie | undefined): LigneSaisie[] {
  if (!Array.isArray(value)) return [];
  return value.map((row: LigneSaisie | ValeurLigne, index) => {
    if (estLigneSaisie(row)) return row;
    const uuid = typeof row.uuid === "string" ? row.uuid : null;
    return {
      cle: uuid ?? `ligne-${index}`,
      uuid,
      valeurs: Object.fromEntries(
        tableDe(champ).colonnes.map((column) => [column.cle, enSaisieSimple(column, row[column.cle])]),
      ),
    };
  });
}

/** Whether a condition holds for what the other field, or the other column, holds. */
export function tient(condition: ConditionEtape | undefined, valeur: ValeurSimple | undefined): boolean {
  if (!condition) return false;
  const text = valeur === null || valeur === undefined ? "" : String(valeur).trim();
  return condition.valeurs.length === 0 ? text !== "" : condition.valeurs.includes(text);
}

export const colonneAffichee = (column: ChampEtape, row: LigneSaisie): boolean =>
  !column.affiche_si || tient(column.affiche_si, row.valeurs[column.affiche_si.champ]);

export const colonneRequise = (column: ChampEtape, row: LigneSaisie): boolean =>
  column.requis || tient(column.requis_si, column.requis_si ? row.valeurs[column.requis_si.champ] : undefined);

export type LectureLignes = { valeur: ValeurLigne[] } | { cellules: Record<string, string> };

/** Rows as the server takes them, or why not, cell by cell. Nobody sees a hidden column: it is sent empty. */
export function lireLignes(champ: ChampEtape, rows: readonly LigneSaisie[]): LectureLignes {
  const cellules: Record<string, string> = {};
  const valeur = rows.map((row) => {
    const sent: ValeurLigne = row.uuid ? { uuid: row.uuid } : {};
    for (const column of tableDe(champ).colonnes) {
      const shown = colonneAffichee(column, row);
      const typed = shown ? (row.valeurs[column.cle] ?? enSaisieSimple(column, null)) : enSaisieSimple(column, null);
      const read = lireSimple({ ...column, requis: shown && colonneRequise(column, row) }, typed);
      if ("erreur" in read) cellules[cleCellule(champ.cle, row.cle, column.cle)] = read.erreur;
      else sent[column.cle] = read.valeur;
    }
    return sent;
  });
  return Object.keys(cellules).length > 0 ? { cellules } : { valeur };
}

const memeLigne = (table: TableEtape, a: LigneSaisie, b: LigneSaisie): boolean =>
  table.colonnes.every((column) => {
    const hiddenInBoth = !colonneAffichee(column, a) && !colonneAffichee(column, b);
    return hiddenInBoth || memeSimple(column, a.valeurs[column.cle], b.valeurs[column.cle]);
  });

/** Same rows, in the same order, with the same values. A row that the server does not have is only the same as itself. */
export function memesLignes(
  champ: ChampEtape,
  a: ValeurChamp | Saisie | undefined,
  b: ValeurChamp | Saisie | undefined,
): boolean {
  const left = lignesDe(champ, a);
  const right = lignesDe(champ, b);
  return (
    left.length === right.length &&
    left.every((row, index) => {
      const other = right[index];
      return other !== undefined && row.uuid === other.uuid && memeLigne(tableDe(champ), row, other);
    })
  );
}

/** Rows in words, one per line: « PLUS, CDC pour le logement, 5513, 1 180 000,00 ». */
export function lignesEnMots(champ: ChampEtape, value: ValeurChamp | Saisie | undefined): string {
  const { colonnes } = tableDe(champ);
  return lignesDe(champ, value)
    .map((row) =>
      colonnes
        .filter((column) => colonneAffichee(column, row))
        .map((column) => enMotsSimple(column, row.valeurs[column.cle]))
        .filter(Boolean)
        .join(", "),
    )
    .join("\n");
}

/**
 * Puts together what two people did to the same table, row by row: `null` when both changed, or one changed and the other
 * deleted, the same row. Rows added on both sides all stay, those of the other person first; so does her order.
 */
export function fusionnerLignes(
  champ: ChampEtape,
  base: ValeurChamp | undefined,
  distante: ValeurChamp | undefined,
  mienne: Saisie,
): LigneSaisie[] | null {
  const table = tableDe(champ);
  const before = new Map(lignesDe(champ, base).map((row) => [row.cle, row]));
  const theirs = lignesDe(champ, distante);
  const theirRows = new Map(theirs.map((row) => [row.cle, row]));
  const mine = lignesDe(champ, mienne);
  const myRows = new Map(mine.map((row) => [row.cle, row]));
  const merged: LigneSaisie[] = [];
  for (const row of theirs) {
    const old = before.get(row.cle);
    const my = myRows.get(row.cle);
    if (!old) {
      merged.push(row);
      continue;
    }
    const theyChanged = !memeLigne(table, old, row);
    if (!my) {
      if (theyChanged) return null; // deleted here, changed there
      continue;
    }
    const iChanged = !memeLigne(table, old, my);
    if (iChanged && theyChanged && !memeLigne(table, my, row)) return null;
    merged.push(iChanged ? my : row);
  }
  for (const row of mine) {
    if (theirRows.has(row.cle)) continue;
    const old = before.get(row.cle);
    if (!old) merged.push(row);
    else if (!memeLigne(table, old, row)) return null; // changed here, deleted there
  }
  return merged;
}

// --- Changes made on the page --------------------------------------------------------------------------------

const nouvelleCle = (rows: readonly LigneSaisie[]): string => {
  const taken = new Set(rows.map(({ cle }) => cle));
  let n = rows.length + 1;
  while (taken.has(`nouvelle-${n}`)) n += 1;
  return `nouvelle-${n}`;
};

/** A new row at the end, or after another: empty but for the lists that have one value only, and for `valeurs`. */
export function ajouterLigne(
  champ: ChampEtape,
  rows: readonly LigneSaisie[],
  valeurs: Record<string, SaisieSimple> = {},
  apres?: string,
): { lignes: LigneSaisie[]; cle: string } {
  const cle = nouvelleCle(rows);
  const row: LigneSaisie = {
    cle,
    uuid: null,
    valeurs: Object.fromEntries(
      tableDe(champ).colonnes.map((column) => {
        const only =
          column.type === "choix" && column.requis && column.choix.length === 1 ? column.choix[0] : undefined;
        return [column.cle, valeurs[column.cle] ?? only?.valeur ?? enSaisieSimple(column, null)];
      }),
    ),
  };
  const at = rows.findIndex((other) => other.cle === apres);
  const lignes = [...rows];
  lignes.splice(at < 0 ? rows.length : at + 1, 0, row);
  return { lignes, cle };
}

export function dupliquerLigne(
  champ: ChampEtape,
  rows: readonly LigneSaisie[],
  cle: string,
): { lignes: LigneSaisie[]; cle: string } {
  return ajouterLigne(champ, rows, rows.find((row) => row.cle === cle)?.valeurs ?? {}, cle);
}

export const retirerLigne = (rows: readonly LigneSaisie[], cle: string): LigneSaisie[] =>
  rows.filter((row) => row.cle !== cle);

export const changerCellule = (
  rows: readonly LigneSaisie[],
  cle: string,
  colonne: string,
  saisie: SaisieSimple,
): LigneSaisie[] =>
  rows.map((row) => (row.cle === cle ? { ...row, valeurs: { ...row.valeurs, [colonne]: saisie } } : row));

/** What a cell of a spreadsheet means for a column: labels are taken for lists, French days for dates. */
function depuisTableur(column: ChampEtape, text: string): SaisieSimple {
  const trimmed = text.trim();
  if (column.type === "booleen") return /^(oui|vrai|true|x|1)$/i.test(trimmed);
  if (column.type === "choix") {
    const same = (a: string) => a.localeCompare(trimmed, "fr", { sensitivity: "base" }) === 0;
    return column.choix.find(({ valeur, libelle }) => same(valeur) || same(libelle))?.valeur ?? "";
  }
  if (column.type === "date") {
    const french = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(trimmed);
    if (french) return `${french[3]}-${french[2]?.padStart(2, "0")}-${french[1]?.padStart(2, "0")}`;
  }
  return trimmed;
}

export type Collage = { lignes: LigneSaisie[]; collees: number; laissees: number };

/**
 * Puts a block copied from a spreadsheet in the table, from a cell on; rows are added when the block is longer, within
 * the limit of the table. `laissees` counts the cells that found no place.
 */
export function collerBloc(
  champ: ChampEtape,
  rows: readonly LigneSaisie[],
  depuis: { cle: string; colonne: string },
  texte: string,
): Collage {
  const { colonnes, max } = tableDe(champ);
  const block = texte
    .replace(/\r\n?/g, "\n")
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => line.split("\t"));
  const left = colonnes.findIndex(({ cle }) => cle === depuis.colonne);
  const top = rows.findIndex(({ cle }) => cle === depuis.cle);
  let lignes = [...rows];
  const result = { collees: 0, laissees: 0 };
  block.forEach((cells, down) => {
    if (top + down >= lignes.length) {
      if (lignes.length >= max) {
        result.laissees += cells.length;
        return;
      }
      lignes = ajouterLigne(champ, lignes).lignes;
    }
    const row = lignes[top + down];
    if (!row) return;
    const valeurs = { ...row.valeurs };
    cells.forEach((cell, right) => {
      const column = colonnes[left + right];
      if (!column) {
        result.laissees += 1;
        return;
      }
      valeurs[column.cle] = depuisTableur(column, cell);
      result.collees += 1;
    });
    lignes[top + down] = { ...row, valeurs };
  });
  return { lignes, ...result };
}

/** Whether a pasted text is a block of cells rather than the text of one. */
export const estUnBloc = (texte: string): boolean => texte.includes("\t") || /\n./.test(texte.trim());

/** Sum of a column of decimals, exact; cells that are not numbers count for nothing. `null` without any number. */
export function totalColonne(column: ChampEtape, rows: readonly LigneSaisie[]): string | null {
  let cents = 0n;
  let found = false;
  for (const row of rows) {
    const read = lireSimple({ ...column, requis: false }, row.valeurs[column.cle] ?? "");
    if ("erreur" in read || read.valeur === null || read.valeur === "") continue;
    const [whole = "0", fraction = ""] = String(read.valeur).split(".");
    cents += BigInt(whole + fraction.slice(0, 2).padEnd(2, "0"));
    found = true;
  }
  if (!found) return null;
  const digits = cents.toString().padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
