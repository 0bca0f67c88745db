/** What the pages derive from the end of a convention (02 §3.7, §3.8). Pure functions; the server has the last word. */
import type { ActionDemandee, AvenantLigne, Convention } from "../../../api/convention";
import { formatDate } from "../../../lib/dates";
import type { Genre } from "../../../lib/genres";
import { ESPACE_INSECABLE } from "../../../lib/nombres";

export type GenreFin = Extract<Genre, "denonciation" | "resiliation">;

export const estFin = (genre: Genre): genre is GenreFin => genre === "denonciation" || genre === "resiliation";

/** « Dénoncer », « Résilier ». */
export const verbeDe = (genre: GenreFin): string => (genre === "denonciation" ? "Dénoncer" : "Résilier");

/** T18 and T19: they end the whole family. */
export const estTerminaison = (code: string): boolean => code === "denoncer" || code === "resilier";

/** Button of the confirmation: never « OK », the day in full. */
export const boutonTerminaison = ({ genre, fin }: Pick<Convention, "genre" | "fin">): string =>
  estFin(genre) ? `${verbeDe(genre)} au ${formatDate(fin?.date)}` : "Confirmer";

/** Statuts of the rows that end with the procedure (AV-30): the others stay as they are. */
const EN_VIGUEUR: readonly string[] = ["SIGNEE", "PUBLICATION_EN_COURS", "PUBLIE"];

/** Every row that changes, as people name it. */
export function lignesTouchees(
  { parent, numero, genre }: Pick<Convention, "parent" | "numero" | "genre">,
  avenants: readonly AvenantLigne[],
): string[] {
  const root = (parent?.numero ?? numero)?.trim();
  const named = avenants
    .filter(({ statut }) => EN_VIGUEUR.includes(statut))
    .map(({ numero: n, rang }) =>
      n ? `l’avenant n°${ESPACE_INSECABLE}${n}` : rang ? `l’avenant de rang ${rang}` : "un avenant sans numéro",
    );
  return [
    root ? `la convention n°${ESPACE_INSECABLE}${root}` : "la convention",
    ...named,
    genre === "denonciation" ? "cette dénonciation" : "cette résiliation",
  ];
}

/** Number to type again before ending a convention; null when it has none. */
export const numeroAConfirmer = ({ parent }: Pick<Convention, "parent">): string | null =>
  parent?.numero?.trim() || null;

const simple = (text: string): string => text.replace(/\s/g, "").toUpperCase();

/** Case and spaces do not matter. */
export const memeNumero = (typed: string, wanted: string): boolean => simple(typed) === simple(wanted);

export type Correction = {
  libelle: string;
  champ: "date_denonciation" | "date_resiliation" | "date_publication_spf";
  /** Day that is stored now. */
  jour: (convention: Convention) => string;
  /** The day may be ahead: an end is planned, a publication has happened. */
  futur: boolean;
};

/** Corrections of a day (ST-06), by code of action. */
export const CORRECTIONS: Partial<Record<string, Correction>> = {
  corriger_date_denonciation: {
    libelle: "Date de dénonciation",
    champ: "date_denonciation",
    jour: ({ fin }) => fin?.date ?? "",
    futur: true,
  },
  corriger_date_resiliation: {
    libelle: "Date de résiliation",
    champ: "date_resiliation",
    jour: ({ fin }) => fin?.date ?? "",
    futur: true,
  },
  corriger_date_publication: {
    libelle: "Date de publication",
    champ: "date_publication_spf",
    jour: ({ publication }) => publication?.date_publication_spf ?? "",
    futur: false,
  },
};

/** Why a day cannot be sent, or null. */
export function refusDuJour({ libelle, futur }: Correction, jour: string, today: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(jour)) return `${libelle} : à renseigner (jj/mm/aaaa).`;
  if (!futur && jour > today) return `${libelle} : elle ne peut pas être dans le futur.`;
  return null;
}

export const corpsDeCorrection = ({ champ }: Correction, jour: string): Partial<ActionDemandee> => ({ [champ]: jour });

/** Ends that may be asked for from this page: on a convention in force, nothing being in progress. */
export const finsPossibles = ({
  avenant_creable,
  est_avenant,
}: Pick<Convention, "avenant_creable" | "est_avenant">): GenreFin[] =>
  avenant_creable && !est_avenant ? ["denonciation", "resiliation"] : [];

/** What to know before starting. */
export function rappels(genre: GenreFin, term: string | null | undefined): string[] {
  if (genre === "resiliation") {
    return [
      "La résiliation met fin à la convention et à tous ses avenants avant leur terme, à la date que vous indiquerez.",
      "Un acte est nécessaire quand la demande vient du bailleur : vous pourrez le déposer avec la demande.",
    ];
  }
  return [
    term
      ? `La dénonciation prend effet au terme de la convention, le ${formatDate(term)}, puis à la fin de chaque reconduction de 3 ans.`
      : "La dénonciation prend effet au terme de la convention, ou à la fin d’une reconduction de 3 ans.",
    "Elle se notifie par acte authentique, au moins 6 mois avant de prendre effet.",
  ];
}
