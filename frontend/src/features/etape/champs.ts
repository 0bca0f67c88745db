/** From what the server knows of a field to what is shown, and from what is typed to what is sent. Pure functions. */
import type { Saisie, Saisies } from "../../api/brouillon";
import { formatEntier } from "../../lib/nombres";
import type { ChampEtape, ValeurChamp, ValeurSimple, Valeurs } from "./api";
import { lignesDe, lignesEnMots, lireLignes, memesLignes, tient } from "./lignes";
import { enMotsSimple, enSaisieSimple, lireSimple, memeSimple, nombreDeCaracteres } from "./valeurs";

/** Id of the input of a field, or of its value when it cannot be changed. */
export const idDuChamp = (cle: string): string => `champ-${cle}`;

export const estTable = ({ type }: ChampEtape): boolean => type === "lignes";

/** Value of the server as it is put in the input. */
export const enSaisie = (champ: ChampEtape, valeur: ValeurChamp | undefined): Saisie =>
  estTable(champ) ? lignesDe(champ, valeur) : enSaisieSimple(champ, valeur as ValeurSimple);

/** `cellules` are the cells of a table that cannot be sent, by their address. */
export type Lecture = { valeur: ValeurChamp } | { erreur: string } | { cellules: Record<string, string> };

/** What is typed, read as the value to send; or why it cannot be sent, in words. */
export const lireSaisie = (champ: ChampEtape, saisie: Saisie): Lecture =>
  Array.isArray(saisie) ? lireLignes(champ, saisie) : lireSimple(champ, saisie);

/** Same value for the server, however it is written. */
export const memeValeur = (
  champ: ChampEtape,
  a: ValeurChamp | Saisie | undefined,
  b: ValeurChamp | Saisie | undefined,
): boolean => (estTable(champ) ? memesLignes(champ, a, b) : memeSimple(champ, a as ValeurSimple, b as ValeurSimple));

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
export const enMots = (champ: ChampEtape, valeur: ValeurChamp | Saisie | undefined): string =>
  estTable(champ) ? lignesEnMots(champ, valeur) : enMotsSimple(champ, valeur as ValeurSimple);

/**
 * The fields as they stand for what is typed: without those that a condition hides, and mandatory when a condition asks
 * for it. `saisieDe` gives what the other field holds.
 */
export function champsDuMoment(champs: readonly ChampEtape[], saisieDe: (champ: ChampEtape) => Saisie): ChampEtape[] {
  const valeur = (cle: string | undefined): ValeurSimple | undefined => {
    const other = champs.find((champ) => champ.cle === cle);
    const saisie = other ? saisieDe(other) : undefined;
    return Array.isArray(saisie) ? undefined : saisie;
  };
  return champs
    .filter(({ affiche_si }) => !affiche_si || tient(affiche_si, valeur(affiche_si.champ)))
    .map((champ) => (tient(champ.requis_si, valeur(champ.requis_si?.champ)) ? { ...champ, requis: true } : champ));
}

/** « 4 980 caractères sur 5 000 », only when the end is near. */
export function resteAEcrire(champ: ChampEtape, saisie: Saisie): string | null {
  if (champ.max === undefined || typeof saisie !== "string") return null;
  const length = nombreDeCaracteres(saisie);
  if (length < champ.max * 0.9 || champ.max < 50) return null;
  return `${formatEntier(length)} caractères sur ${formatEntier(champ.max)}`;
}
