/** What the pages of the journal and of the overview derive from the API. Pure functions. */
import type { Convention } from "../../api/convention";
import { formatDate, formatDateLongue } from "../../lib/dates";
import { formatTaille } from "../../lib/nombres";
import type { Refus } from "../../ui/useSaisie";
import type { Element, SaisieEvenement } from "./api";

export const DESCRIPTION_MAX = 5000;
/** 100 MB, 1 MB being 1 000 000 bytes (07 §12); the server has the last word. */
export const PIECE_MAX = 100_000_000;
export const PIECES_MAX = 99;
export const PIECES_ACCEPTEES = [
  ".pdf",
  ".doc",
  ".docx",
  ".ppt",
  ".pptx",
  ".xls",
  ".xlsx",
  ".odt",
  ".ods",
  ".odp",
  ".jpg",
  ".jpeg",
  ".png",
  ".gif",
  ".bmp",
  ".webp",
  ".tif",
  ".tiff",
  ".heic",
  ".heif",
] as const;

/** « 12 mars 2026 », « en 1998 », « prévue le 30 juin 2031 ». */
export function quandDe({ jour, annee_seule, a_venir }: Pick<Element, "jour" | "annee_seule" | "a_venir">): string {
  if (!jour) return "Date inconnue";
  if (annee_seule) return `En ${jour.slice(0, 4)}`;
  return a_venir ? `Prévue le ${formatDateLongue(jour)}` : formatDateLongue(jour);
}

const ICONES: Record<Element["nature"], string> = {
  SIGNATURE: "fr-icon-checkbox-circle-line",
  AVENANT: "fr-icon-file-add-line",
  PUBLICATION: "fr-icon-success-line",
  REFUS: "fr-icon-error-warning-line",
  DENONCIATION: "fr-icon-close-circle-line",
  RESILIATION: "fr-icon-close-circle-line",
  EVENEMENT: "fr-icon-booklet-line",
};

export const iconeDe = ({ nature }: Pick<Element, "nature">): string => ICONES[nature];

/** What the link of an element opens; null when the reader is already there. */
export function libelleLien({ nature, convention_uuid }: Element, uuid: string): string | null {
  switch (nature) {
    case "AVENANT":
      return "Voir l’avenant";
    case "DENONCIATION":
      return convention_uuid === uuid ? null : "Voir la dénonciation";
    case "RESILIATION":
      return convention_uuid === uuid ? null : "Voir la résiliation";
    case "PUBLICATION":
    case "REFUS":
      return "Voir la publication";
    case "EVENEMENT":
      return "Voir le journal de bord";
    default:
      return "Voir le document";
  }
}

/** End of a convention, told at the top of its overview: planned, or past (02 §1.1). */
export function phraseDeFin(convention: Pick<Convention, "statut">, elements: readonly Element[]): string | null {
  const noun =
    convention.statut === "DENONCEE" ? "Dénonciation" : convention.statut === "RESILIEE" ? "Résiliation" : null;
  if (!noun) return null;
  const end = elements.find(({ nature }) => nature === "DENONCIATION" || nature === "RESILIATION");
  if (!end?.jour) return null;
  return end.a_venir
    ? `${noun} prévue le ${formatDateLongue(end.jour)}.`
    : `${noun} depuis le ${formatDateLongue(end.jour)}.`;
}

/** Why a fact cannot be sent. `aujourdhui` is the day of Paris. */
export function controlerEvenement(
  { type_evenement, survenu_le, description }: SaisieEvenement,
  aujourdhui: string,
): Refus<SaisieEvenement> {
  return {
    type_evenement: type_evenement ? null : "Choisissez le type de l’événement.",
    survenu_le: /^\d{4}-\d{2}-\d{2}$/.test(survenu_le)
      ? survenu_le > aujourdhui
        ? `La date ne peut pas être après aujourd’hui (${formatDate(aujourdhui)}).`
        : null
      : "Indiquez la date de l’événement (jj/mm/aaaa).",
    description:
      description.trim() === ""
        ? "Dites ce qui s’est passé."
        : [...description.trim()].length > DESCRIPTION_MAX
          ? `La description compte plus de ${DESCRIPTION_MAX} caractères.`
          : null,
  };
}

/** Why chosen files cannot be joined, or null. */
export function refusDesPieces(files: readonly Pick<File, "name" | "size">[]): string | null {
  if (files.length > PIECES_MAX) return `Au plus ${PIECES_MAX} pièces par événement.`;
  for (const { name, size } of files) {
    if (size === 0) return `« ${name} » est vide.`;
    if (size > PIECE_MAX)
      return `« ${name} » pèse ${formatTaille(size)} ; la limite est de ${formatTaille(PIECE_MAX)}.`;
    if (!PIECES_ACCEPTEES.some((extension) => name.toLowerCase().endsWith(extension)))
      return `« ${name} » : ce type de fichier n’est pas accepté. Choisissez un PDF, une image ou un document bureautique.`;
  }
  return null;
}
