/** What the pages of finalisation and signature derive from the convention and its files. Pure functions. */
import type { Action, Convention, Precondition } from "../../api/convention";
import type { components } from "../../api/schema";
import { formatDate } from "../../lib/dates";
import { ESPACE_INSECABLE } from "../../lib/nombres";
import type { SuiteDepot } from "../../ui/FileDrop";

type DocumentDepose = components["schemas"]["Document"];

/** Files that a page of the convention asks for: signed by both parties, or published at the land registry. */
export type RubriqueDeposee = "DOCUMENT_SIGNE" | "DOCUMENT_PUBLIE";

const DOCUMENT_SIGNE: RubriqueDeposee = "DOCUMENT_SIGNE";

/** The file in force for a rubrique, whatever its antivirus state. */
export const documentEnVigueur = (
  documents: readonly DocumentDepose[],
  voulue: RubriqueDeposee,
): DocumentDepose | null => documents.find(({ rubrique, courant }) => rubrique === voulue && courant) ?? null;

/** The signed file in force, whatever its antivirus state. */
export const documentSigne = (documents: readonly DocumentDepose[]): DocumentDepose | null =>
  documentEnVigueur(documents, DOCUMENT_SIGNE);

/** Files that were replaced or cancelled, the latest first. */
export const versionsPrecedentes = (
  documents: readonly DocumentDepose[],
  voulue: RubriqueDeposee = DOCUMENT_SIGNE,
): DocumentDepose[] =>
  documents
    .filter(({ rubrique, courant }) => rubrique === voulue && !courant)
    .sort((a, b) => b.cree_le.localeCompare(a.cree_le));

/** The last deposit was refused by the antivirus, and nothing newer was deposited. */
export function refusePourVirus(
  documents: readonly DocumentDepose[],
  voulue: RubriqueDeposee = DOCUMENT_SIGNE,
): DocumentDepose | null {
  const deposited = documents
    .filter(({ rubrique }) => rubrique === voulue)
    .sort((a, b) => b.cree_le.localeCompare(a.cree_le));
  return deposited[0]?.antivirus === "INFECTE" ? deposited[0] : null;
}

/** Files that the platform produced or received for this convention, other than the signed one. */
export const autresDocuments = (documents: readonly DocumentDepose[]): DocumentDepose[] =>
  documents.filter(({ rubrique, courant, utilisable }) => rubrique !== DOCUMENT_SIGNE && courant && utilisable);

const APRES_PUBLICATION: readonly string[] = ["PUBLICATION_EN_COURS", "PUBLIE", "RESILIEE", "DENONCEE", "ANNULEE"];

/** What stands for the convention, the first one first: published (DO-04), signed, produced as PDF, as DOCX (DO-03). */
export function documentsEnVigueur(statut: string, documents: readonly DocumentDepose[]): DocumentDepose[] {
  const current = documents.filter(({ courant }) => courant);
  const produced = current
    .filter(({ rubrique }) => rubrique === "DOCUMENT_GENERE")
    .sort((a, b) => Number(b.type_mime === "application/pdf") - Number(a.type_mime === "application/pdf"));
  return [
    ...current.filter(({ rubrique }) => rubrique === "DOCUMENT_PUBLIE" && APRES_PUBLICATION.includes(statut)),
    ...current.filter(({ rubrique }) => rubrique === DOCUMENT_SIGNE),
    ...produced,
  ];
}

export const enVerification = ({ antivirus }: DocumentDepose): boolean =>
  antivirus === "EN_ATTENTE" || antivirus === "ECHEC";

/** Where the check stands, in words: each state can be told from the others without colour. */
export function suiteAntivirus({ antivirus }: DocumentDepose): SuiteDepot {
  switch (antivirus) {
    case "SAIN":
      return { niveau: "pret", texte: "Prêt : la vérification antivirus n’a rien trouvé." };
    case "NON_ANALYSE":
      return { niveau: "pret", texte: "Prêt (la vérification antivirus est désactivée sur cet environnement)." };
    case "INFECTE":
      return { niveau: "refus", texte: "Ce fichier contient un virus et a été supprimé. Redéposez une version saine." };
    case "ECHEC":
      return {
        niveau: "attente",
        texte: "Analyse impossible pour le moment. Un nouvel essai est prévu ; le fichier est conservé.",
      };
    default:
      return {
        niveau: "attente",
        texte: "Vérification antivirus en cours. Vous pouvez quitter cette page, le fichier est conservé.",
      };
  }
}

// --- Signature -----------------------------------------------------------------------------------------------

export const VOLETS_SIGNATURE = ["deposer", "previsualiser", "dater"] as const;
export type VoletSignature = (typeof VOLETS_SIGNATURE)[number];

/** The step asked by the address, or the furthest one that the deposited file allows. */
export function voletSignature(demande: string | null, document: DocumentDepose | null): VoletSignature {
  const ready = document?.utilisable ?? false;
  const wanted = VOLETS_SIGNATURE.find((volet) => volet === demande);
  if (!ready) return "deposer";
  return wanted ?? "previsualiser";
}

/** « Signée le 15/04/2026 »; an avenant is masculine (SG-02). */
export const signeLe = ({
  genre,
  televersement_convention_signee_le: day,
  precision_date_signature: precision,
}: Pick<Convention, "genre" | "televersement_convention_signee_le"> &
  Partial<Pick<Convention, "precision_date_signature">>): string =>
  `${genre === "avenant" ? "Signé" : "Signée"} ${precision === "ANNEE" ? `en ${day?.slice(0, 4)}` : `le ${formatDate(day)}`}`;

export type AvisDate = { niveau: "erreur" | "alerte"; texte: string };

/** What to say of a signature date before sending it; days compare as texts (AAAA-MM-JJ). */
export function avisDate(day: string, aujourdhui: string, valideLe: string | null): AvisDate | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day))
    return { niveau: "erreur", texte: "Indiquez la date de signature (jj/mm/aaaa)." };
  if (day > aujourdhui) return { niveau: "erreur", texte: "La date de signature ne peut pas être dans le futur." };
  if (valideLe && day < valideLe) {
    return {
      niveau: "alerte",
      texte: `Cette date précède la validation du ${formatDate(valideLe)}. Vérifiez-la ; elle est acceptée si elle est exacte.`,
    };
  }
  return null;
}

// --- Finalisation --------------------------------------------------------------------------------------------

export const VOLETS_FINALISATION = ["numero", "cerfa", "validation"] as const;
export type VoletFinalisation = (typeof VOLETS_FINALISATION)[number];

export const estVoletFinalisation = (volet: string): volet is VoletFinalisation =>
  (VOLETS_FINALISATION as readonly string[]).includes(volet);

/** « la convention », « l’avenant » */
export const laConvention = ({ est_avenant }: Pick<Convention, "est_avenant">): string =>
  est_avenant ? "l’avenant" : "la convention";

export const lienRecapitulatif = ({ uuid }: Pick<Convention, "uuid">): string => `/conventions/${uuid}/recapitulatif`;

const INCOMPLET = "CONVENTION_INCOMPLETE";
const OUVERTS = "COMMENTAIRES_OUVERTS";

export type ManquesValidation = {
  /** Never confirmable: each leads to where it is settled. */
  bloquants: Precondition[];
  /** Level B points, confirmed with a message (decision 4). */
  incomplets: Precondition[];
  commentairesOuverts: boolean;
};

export function manquesValidation({ preconditions }: Pick<Action, "preconditions">): ManquesValidation {
  return {
    // The number is asked on the first screen.
    bloquants: preconditions.filter(
      ({ code, pointer }) => code !== INCOMPLET && code !== OUVERTS && pointer !== "/numero",
    ),
    incomplets: preconditions.filter(({ code }) => code === INCOMPLET),
    commentairesOuverts: preconditions.some(({ code }) => code === OUVERTS),
  };
}

/** Why a number cannot be sent, or null. */
export function erreurNumero(numero: string): string | null {
  const length = [...numero.trim()].length;
  if (length === 0) return "Indiquez le numéro.";
  return length > 255 ? `Numéro${ESPACE_INSECABLE}: 255 caractères au maximum.` : null;
}

export type ChoixValidation = { numero: string; message: string; malgreCommentaires: boolean; malgreManques: boolean };

/** What is still to confirm on the last screen, in the order of the screen. */
export function aConfirmer(manques: ManquesValidation, choix: ChoixValidation): { champ: string; message: string }[] {
  const out: { champ: string; message: string }[] = [];
  if (manques.commentairesOuverts && !choix.malgreCommentaires)
    out.push({
      champ: "confirmer-commentaires",
      message: "Confirmez que vous validez malgré les commentaires ouverts.",
    });
  if (manques.incomplets.length > 0) {
    if (!choix.malgreManques)
      out.push({ champ: "confirmer-manques", message: "Confirmez que vous validez malgré les points manquants." });
    if (choix.message.trim() === "")
      out.push({
        champ: "message-validation",
        message: "Expliquez pourquoi vous validez malgré les points manquants.",
      });
  }
  return out;
}
