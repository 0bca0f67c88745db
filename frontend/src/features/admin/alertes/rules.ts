/** Words of the messages that leave the platform, and where each stands. */
import type { components } from "../../../api/schema";
import { formatDate, formatHeure, jourDeParis } from "../../../lib/dates";

export type Alerte = components["schemas"]["AlerteLigne"];
export type EtatAlerte = Alerte["etat"];
export type CanalAlerte = Alerte["canal"];

export const CANAUX: Record<CanalAlerte, string> = {
  ALERTE_SIAP: "Alertes du SIAP",
  EMAIL: "Courriels",
  BAN: "Base adresse nationale",
  MESSAGERIE: "Messagerie d’équipe",
  PARTENAIRE: "Partenaires de la charte",
  WEBHOOK: "Webhooks",
};

/** Groups of états under which people look for a message. */
export const GROUPES = {
  perdus: { libelle: "En échec", etats: ["ECHEC", "ABANDON"] },
  attente: { libelle: "En attente", etats: ["A_ENVOYER", "EN_COURS"] },
  envoyes: { libelle: "Envoyés", etats: ["ENVOYE"] },
  ecartes: { libelle: "Non envoyés", etats: ["IGNOREE", "SANS_DESTINATAIRE"] },
} as const satisfies Record<string, { libelle: string; etats: readonly EtatAlerte[] }>;

export type Groupe = keyof typeof GROUPES;
export const estGroupe = (text: string): text is Groupe => Object.hasOwn(GROUPES, text);

export const estPerdue = ({ etat }: Pick<Alerte, "etat">): boolean => etat === "ECHEC" || etat === "ABANDON";

export const SEVERITES: Record<EtatAlerte, "success" | "info" | "warning" | "error" | "new"> = {
  A_ENVOYER: "info",
  EN_COURS: "info",
  ENVOYE: "success",
  ECHEC: "error",
  ABANDON: "error",
  IGNOREE: "warning",
  SANS_DESTINATAIRE: "warning",
};

/** What a message is, in one line: the label that SIAP shows, else its nature. */
export const titreDe = ({ etiquette, libelle }: Pick<Alerte, "etiquette" | "libelle">): string => etiquette || libelle;

const COTES: Record<string, string> = {
  MO: "Bailleur",
  SG: "Service",
  "MO+SG": "Bailleur et service",
  "SG+MO": "Service et bailleur",
};

/** To whom: the sides of an alert in words, an address otherwise. */
export const destinataireDe = ({ canal, destinataire }: Pick<Alerte, "canal" | "destinataire">): string =>
  canal === "ALERTE_SIAP" ? (COTES[destinataire] ?? destinataire) : destinataire;

/** « Convention 87.D.0012 », « Opération 20240870001 » when it has no number yet. */
export const objetDe = ({ convention_numero, numero_operation, operation_nom }: Alerte): string =>
  convention_numero || [operation_nom, numero_operation && `(${numero_operation})`].filter(Boolean).join(" ") || "–";

/** « 20/11/2026, 14 h 30 », at the time of Paris: short, for lists. */
export const instantCourt = (instant: string): string => `${formatDate(jourDeParis(instant))}, ${formatHeure(instant)}`;
