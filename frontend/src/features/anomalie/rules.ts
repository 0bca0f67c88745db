/** Words of the data-quality events of SIAP, and who sees them. */
import type { Session } from "../../api/dto";

/** Staff only; the server decides again at each request. */
export const peutVoirAnomalies = (session: Session | null): boolean =>
  session !== null && (session.staff || session.superuser);

/** Closing is a write: a profile that only reads does not do it (ST-05). */
export const peutClore = (session: Session | null): boolean =>
  peutVoirAnomalies(session) && !(session?.habilitation?.lecture_seule ?? false);

export const ANOMALIES = {
  VALEUR_INCONNUE: "Valeur inconnue",
  VALEUR_INVALIDE: "Valeur invalide",
  TEXTE_TRONQUE: "Texte coupé",
  FINANCEMENT_EN_DOUBLE: "Financement en double",
  BAILLEUR_SANS_NOM: "Bailleur sans nom",
  BAILLEUR_RENOMME: "Bailleur renommé",
  BAILLEUR_DIFFERENT: "Bailleur différent",
  SIRET_DEJA_UTILISE: "SIRET déjà utilisé",
  ECART_SIAP: "Écart avec le SIAP",
  OPERATION_INCOMPLETE: "Opération incomplète",
  BAILLEUR_NON_IDENTIFIE: "Bailleur non identifié",
  OPERATION_EN_DOUBLON: "Opération en doublon",
  OPERATION_EN_CONFLIT: "Opération en conflit",
  SANS_TRAVAUX_INCOHERENT: "Sans travaux incohérent",
  OUTRE_MER_NATURE: "Nature refusée outre-mer",
  BAILLEUR_NOM_HABILITATION: "Nom différent dans l’habilitation",
  ALERTE_DONNEE_ABSENTE: "Alerte sans donnée obligatoire",
} as const;

export type CodeAnomalie = keyof typeof ANOMALIES;

export const estCode = (code: string): code is CodeAnomalie => Object.hasOwn(ANOMALIES, code);

/** A code that this page does not know yet is shown as it is. */
export const libelleAnomalie = (code: string): string => (estCode(code) ? ANOMALIES[code] : code);

export const ETATS = { ouvertes: "Ouvertes", resolues: "Closes", toutes: "Toutes" } as const;
export type EtatAnomalie = keyof typeof ETATS;
