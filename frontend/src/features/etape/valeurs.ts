/** One value, of a field or of a cell: how it is put in an input, read back, compared and written in words. */
import type { SaisieSimple } from "../../api/brouillon";
import { formatDate } from "../../lib/dates";
import { ESPACE_INSECABLE, formatDecimal, formatEntier, parseDecimal } from "../../lib/nombres";
import type { ChampEtape, ValeurSimple } from "./api";

/** Value of the server as it is put in the input. */
export function enSaisieSimple(champ: ChampEtape, valeur: ValeurSimple | undefined): SaisieSimple {
  if (champ.type === "booleen") return valeur === true;
  if (valeur === null || valeur === undefined) return "";
  return champ.type === "decimal" ? String(valeur).replace(".", ",") : String(valeur);
}

export type LectureSimple = { valeur: ValeurSimple } | { erreur: string };

export const nombreDeCaracteres = (text: string): number => [...text].length;

/** A year is an integer that nobody groups by thousands. */
export const estEntier = ({ type }: ChampEtape): boolean => type === "entier" || type === "annee";

function lireNombre(champ: ChampEtape, text: string): LectureSimple {
  const entier = estEntier(champ);
  const decimal = parseDecimal(text);
  if (decimal === null || (entier && decimal.includes(".") && !/\.0*$/.test(decimal))) {
    return { erreur: `${champ.libelle}${ESPACE_INSECABLE}: saisissez un nombre${entier ? " entier" : ""}.` };
  }
  if (decimal.startsWith("-") && !/^-0(\.0*)?$/.test(decimal))
    return { erreur: `${champ.libelle} ne peut pas être négatif.` };
  if (champ.minimum !== undefined && Number(decimal) < champ.minimum)
    return { erreur: `${champ.libelle}${ESPACE_INSECABLE}: au moins ${formatEntier(champ.minimum)}.` };
  return { valeur: entier ? Number(decimal.replace(/\..*$/, "").replace("-", "")) : decimal };
}

function lireTexte(champ: ChampEtape, text: string): LectureSimple {
  if (champ.max !== undefined && nombreDeCaracteres(text) > champ.max) {
    return { erreur: `${champ.libelle}${ESPACE_INSECABLE}: ${formatEntier(champ.max)} caractères au maximum.` };
  }
  return { valeur: text };
}

/**
 * What is typed, read as the value to send; or why it cannot be sent, in words. The server checks again, and alone checks
 * the form of a text (`motif`): its sentence says what is expected better than ours could.
 */
export function lireSimple(champ: ChampEtape, saisie: SaisieSimple): LectureSimple {
  if (typeof saisie === "boolean") return { valeur: saisie };
  const text = saisie.replace(/\r\n/g, "\n").trim();
  const nombre = estEntier(champ) || champ.type === "decimal";
  if (text === "") {
    if (champ.requis) return { erreur: `${champ.libelle} est obligatoire.` };
    return { valeur: nombre || champ.type === "date" ? null : "" };
  }
  if (nombre) return lireNombre(champ, text);
  if (champ.type === "date")
    return /^\d{4}-\d{2}-\d{2}$/.test(text)
      ? { valeur: text }
      : { erreur: `${champ.libelle}${ESPACE_INSECABLE}: saisissez une date (jj/mm/aaaa).` };
  return lireTexte(champ, text);
}

const sansZerosFinaux = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/** One writing per value, so that « 12,50 » is not a change of « 12.5 ». */
function canonique(champ: ChampEtape, valeur: ValeurSimple | undefined): string {
  if (champ.type === "booleen") return String(valeur === true);
  if (valeur === null || valeur === undefined) return "";
  const text = String(valeur).replace(/\r\n/g, "\n").trim();
  return champ.type === "decimal" || estEntier(champ) ? sansZerosFinaux(parseDecimal(text) ?? text) : text;
}

/** Same value for the server, however it is written. */
export const memeSimple = (champ: ChampEtape, a: ValeurSimple | undefined, b: ValeurSimple | undefined): boolean =>
  canonique(champ, a) === canonique(champ, b);

/** The value in words, for a field that is read. Empty string when nothing was given. */
export function enMotsSimple(champ: ChampEtape, valeur: ValeurSimple | undefined): string {
  if (champ.type === "booleen") return valeur === true ? "Oui" : "Non";
  if (valeur === null || valeur === undefined || valeur === "") return "";
  const text = String(valeur);
  switch (champ.type) {
    case "choix":
      return champ.choix.find((choix) => choix.valeur === text)?.libelle ?? text;
    case "date":
      return formatDate(text) || text;
    case "entier":
      return formatEntier(text);
    case "decimal":
      return formatDecimal(text.replace(",", "."), 2);
    default:
      return text;
  }
}
