/** Rules of the administration of the deposit, as pure functions. The server decides again. */
import type { Strategie } from "../contrat";
import type { Perimetre, TypePerimetre } from "./contrat";

export const STRATEGIES: Record<Strategie, { libelle: string; aide: string }> = {
  habilitation: { libelle: "Habilitation", aide: "La commune donne son accord à chaque client." },
  "chef-de-file": { libelle: "Chef de file", aide: "Le client publie dans le périmètre de son chef de file." },
  internal: { libelle: "Interne", aide: "Aucune autorisation n’est demandée : réservé aux outils du service." },
};

/** What the server does by itself: the strategy follows the chef de file, unless it is internal (07 §6.1). */
export const strategieSelon = (chefDeFileId: string | null, current: Strategie): Strategie =>
  current === "internal" ? "internal" : chefDeFileId ? "chef-de-file" : "habilitation";

export const TYPES_DE_PERIMETRE: readonly { type: TypePerimetre; libelle: string }[] = [
  { type: "commune", libelle: "Commune" },
  { type: "departement", libelle: "Département" },
  { type: "epci", libelle: "EPCI" },
];

export const nomDuType = (type: TypePerimetre): string =>
  TYPES_DE_PERIMETRE.find((one) => one.type === type)?.libelle ?? type;

const memes = (a: Perimetre, b: Perimetre) => a.type === b.type && a.code === b.code;

/** Adds a perimeter once. */
export const ajouterPerimetre = (list: readonly Perimetre[], added: Perimetre): Perimetre[] =>
  list.some((one) => memes(one, added)) ? [...list] : [...list, added];

export const retirerPerimetre = (list: readonly Perimetre[], removed: Perimetre): Perimetre[] =>
  list.filter((one) => !memes(one, removed));

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Message for a name, or null. */
export const refusDuNom = (nom: string, minimum = 1): string | null =>
  nom.trim().length < minimum
    ? minimum > 1
      ? `Saisissez un nom d’au moins ${minimum} caractères.`
      : "Saisissez un nom."
    : null;

export const refusDuCourriel = (email: string, obligatoire: boolean): string | null => {
  const text = email.trim();
  if (text === "") return obligatoire ? "Saisissez une adresse électronique." : null;
  return EMAIL.test(text) ? null : "Saisissez une adresse électronique complète, par exemple adresses@exemple.fr.";
};
