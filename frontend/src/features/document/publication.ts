/** What is asked about a publication, and why it cannot be sent. Pure functions; the server has the last word (PU-06). */
import type { ActionDemandee, CodeAction, Convention } from "../../api/convention";
import { formatDate } from "../../lib/dates";

export type CodePublication = Extract<
  CodeAction,
  "envoyer_publication" | "publier" | "refuser_publication" | "annuler_publication" | "rouvrir_publication"
>;

export type Saisie = { jour: string; texte: string };

/** The fields of each action: its day, its text. */
export const CHAMPS: Partial<
  Record<CodePublication, { jour: string; texte: string | null; aide: string; max: number; long: boolean }>
> = {
  envoyer_publication: { jour: "Date d’envoi", texte: null, aide: "", max: 0, long: false },
  publier: {
    jour: "Date de publication",
    texte: "Référence de publication",
    aide: "Volume et numéro donnés par le service de la publicité foncière, par exemple 2026P1234.",
    max: 50,
    long: false,
  },
  refuser_publication: {
    jour: "Date du refus",
    texte: "Motif du refus",
    aide: "Il reste affiché jusqu’au prochain envoi.",
    max: 1000,
    long: true,
  },
};

/** The day an action cannot precede, and what happened then. */
export function auPlusTot(
  code: CodePublication,
  { publication, televersement_convention_signee_le: signed }: Convention,
): { jour: string; evenement: string } | null {
  if (code !== "envoyer_publication" && publication?.date_envoi_spf)
    return { jour: publication.date_envoi_spf, evenement: "l’envoi" };
  return signed ? { jour: signed, evenement: "la signature" } : null;
}

export type Erreurs = { jour?: string; texte?: string };

/** Why a form cannot leave, by field; days compare as texts (AAAA-MM-JJ). */
export function erreursDe(code: CodePublication, saisie: Saisie, convention: Convention, today: string): Erreurs {
  const fields = CHAMPS[code];
  const out: Erreurs = {};
  if (!fields) return out;
  const first = auPlusTot(code, convention);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(saisie.jour)) out.jour = `${fields.jour} : à renseigner (jj/mm/aaaa).`;
  else if (saisie.jour > today) out.jour = `${fields.jour} : elle ne peut pas être dans le futur.`;
  else if (first && saisie.jour < first.jour)
    out.jour = `${fields.jour} : elle ne peut pas précéder ${first.evenement} du ${formatDate(first.jour)}.`;
  if (fields.texte) {
    const length = [...saisie.texte.trim()].length;
    if (length === 0) out.texte = `${fields.texte} : à renseigner.`;
    else if (length > fields.max) out.texte = `${fields.texte} : ${fields.max} caractères au maximum.`;
  }
  return out;
}

/** Body of the command. */
export function corpsDe(code: CodePublication, { jour, texte }: Saisie): Partial<ActionDemandee> {
  switch (code) {
    case "envoyer_publication":
      return { date_envoi_spf: jour };
    case "publier":
      return { date_publication_spf: jour, reference_spf: texte.trim() };
    case "refuser_publication":
      return { date_refus_spf: jour, motif_refus_spf: texte.trim() };
    default:
      return {};
  }
}

/** What a form starts with: what was stored before a reopening, today otherwise. */
export function saisieInitiale(code: CodePublication, { publication }: Convention, today: string): Saisie {
  if (code !== "publier") return { jour: today, texte: "" };
  return { jour: publication?.date_publication_spf ?? today, texte: publication?.reference_spf ?? "" };
}
