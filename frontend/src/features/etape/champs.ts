/** From what the server knows of a field to what is shown, and from what is typed to what is sent. Pure functions. */
import type { Saisie, Saisies } from "../../api/brouillon";
import { formatDate } from "../../lib/dates";
import { ESPACE_INSECABLE, formatDecimal, formatEntier, parseDecimal } from "../../lib/nombres";
import type { ChampEtape, ValeurChamp, Valeurs } from "./api";

/** Id of the input of a field, or of its value when it cannot be changed. */
export const idDuChamp = (cle: string): string => `champ-${cle}`;

/** Value of the server as it is put in the input. */
export function enSaisie(champ: ChampEtape, valeur: ValeurChamp | undefined): Saisie {
  if (champ.type === "booleen") return valeur === true;
  if (valeur === null || valeur === undefined) return "";
  return champ.type === "decimal" ? String(valeur).replace(".", ",") : String(valeur);
}

export type Lecture = { valeur: ValeurChamp } | { erreur: string };

const nombreDeCaracteres = (text: string): number => [...text].length;

function lireNombre(champ: ChampEtape, text: string): Lecture {
  const entier = champ.type === "entier";
  const decimal = parseDecimal(text);
  if (decimal === null || (entier && decimal.includes(".") && !/\.0*$/.test(decimal))) {
    return { erreur: `${champ.libelle}${ESPACE_INSECABLE}: saisissez un nombre${entier ? " entier" : ""}.` };
  }
  if (decimal.startsWith("-") && !/^-0(\.0*)?$/.test(decimal))
    return { erreur: `${champ.libelle} ne peut pas être négatif.` };
  return { valeur: entier ? Number(decimal.replace(/\..*$/, "").replace("-", "")) : decimal };
}

function lireTexte(champ: ChampEtape, text: string): Lecture {
  if (champ.max !== undefined && nombreDeCaracteres(text) > champ.max) {
    return { erreur: `${champ.libelle}${ESPACE_INSECABLE}: ${formatEntier(champ.max)} caractères au maximum.` };
  }
  return { valeur: text };
}

/**
 * What is typed, read as the value to send; or why it cannot be sent, in words. The server checks again, and alone checks
 * the form of a text (`motif`): its sentence says what is expected better than ours could.
 */
export function lireSaisie(champ: ChampEtape, saisie: Saisie): Lecture {
  if (typeof saisie === "boolean") return { valeur: saisie };
  const text = saisie.replace(/\r\n/g, "\n").trim();
  const nombre = champ.type === "entier" || champ.type === "decimal";
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
function canonique(champ: ChampEtape, valeur: ValeurChamp | undefined): string {
  if (champ.type === "booleen") return String(valeur === true);
  if (valeur === null || valeur === undefined) return "";
  const text = String(valeur).replace(/\r\n/g, "\n").trim();
  return champ.type === "decimal" || champ.type === "entier" ? sansZerosFinaux(parseDecimal(text) ?? text) : text;
}

/** Same value for the server, however it is written. */
export const memeValeur = (champ: ChampEtape, a: ValeurChamp | undefined, b: ValeurChamp | undefined): boolean =>
  canonique(champ, a) === canonique(champ, b);

/** Whether what is typed differs from the value of the server. */
export const estModifie = (champ: ChampEtape, saisie: Saisie, valeur: ValeurChamp | undefined): boolean =>
  !memeValeur(champ, saisie, valeur);

/** Keeps what differs from the values of the server: the fields that somebody really changed. */
export function saisiesUtiles(champs: readonly ChampEtape[], saisies: Saisies, valeurs: Valeurs): Saisies {
  const kept: Saisies = {};
  for (const champ of champs) {
    const saisie = saisies[champ.cle];
    if (saisie !== undefined && estModifie(champ, saisie, valeurs[champ.cle])) kept[champ.cle] = saisie;
  }
  return kept;
}

/** The value in words, for a field that is read. Empty string when nothing was given. */
export function enMots(champ: ChampEtape, valeur: ValeurChamp | undefined): string {
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

/** « 4 980 caractères sur 5 000 », only when the end is near. */
export function resteAEcrire(champ: ChampEtape, saisie: Saisie): string | null {
  if (champ.max === undefined || typeof saisie !== "string") return null;
  const length = nombreDeCaracteres(saisie);
  if (length < champ.max * 0.9 || champ.max < 50) return null;
  return `${formatEntier(length)} caractères sur ${formatEntier(champ.max)}`;
}
