/** Words of the API for clients and webhooks, and what people read instead. */
import type { components } from "../../api/schema";

type Schemas = components["schemas"];

export type ClientAPI = Schemas["ClientAPI"];
export type Perimetre = Schemas["PerimetreClientAPI"];
export type CreationClient = Schemas["ClientAPICreation"];
export type ModificationClient = Schemas["ClientAPIModification"];
export type JetonClient = Schemas["ClientAPIJeton"];
export type Webhook = Schemas["Webhook"];
export type CreationWebhook = Schemas["WebhookCreation"];
export type ModificationWebhook = Schemas["WebhookModification"];
export type SecretWebhook = Schemas["WebhookSecret"];
export type Livraison = Schemas["LivraisonWebhook"];
export type LivraisonDetail = Schemas["LivraisonDetail"];
export type Essai = Schemas["EssaiLivraison"];

export type Portee = ClientAPI["portees"][number];
export type TypePerimetre = Perimetre["type"];
export type EtatClient = ClientAPI["etat"];
export type Evenement = Webhook["evenements"][number];
export type EtatLivraison = Livraison["etat"];

export const PORTEES: Record<Portee, { libelle: string; aide: string }> = {
  "conventions:lire": {
    libelle: "Lire les conventions",
    aide: "conventions:lire : conventions, avenants, commentaires, documents, historique.",
  },
  "conventions:ecrire": {
    libelle: "Créer et modifier les conventions",
    aide: "conventions:ecrire : étapes, actions, commentaires, dépôts. Demande aussi la lecture.",
  },
  "operations:lire": {
    libelle: "Lire les opérations",
    aide: "operations:lire : opérations connues ici, et du SIAP si un compte SIAP est donné.",
  },
  "statistiques:lire": { libelle: "Lire les statistiques", aide: "statistiques:lire : indicateurs du périmètre." },
  "webhooks:gerer": {
    libelle: "Gérer ses webhooks",
    aide: "webhooks:gerer : recevoir ce qui se passe dans le périmètre.",
  },
};

export const PERIMETRES: Record<TypePerimetre, string> = {
  NATIONAL: "France entière",
  REGION: "Une région",
  DEPARTEMENT: "Un département",
  BAILLEURS: "Un ou plusieurs bailleurs",
  ADMINISTRATION: "Une administration",
};

export const ETATS_CLIENT: Record<EtatClient, { libelle: string; severite: "success" | "warning" | "error" }> = {
  ACTIF: { libelle: "Actif", severite: "success" },
  EXPIRE: { libelle: "Expiré", severite: "warning" },
  REVOQUE: { libelle: "Révoqué", severite: "error" },
};

/** Events that the platform sends today; the others of the contract are added with what they tell. */
export const EVENEMENTS: Record<Evenement, string> = {
  "convention.creee": "Convention créée",
  "convention.statut_change": "Convention : statut changé",
  "convention.numero_attribue": "Convention : numéro attribué",
  "avenant.cree": "Avenant créé",
  "commentaire.cree": "Commentaire écrit",
  "commentaire.statut_change": "Commentaire résolu, rouvert ou clos",
  "document.pret": "Document prêt",
  "document.signe": "Document signé déposé",
  "document.publie": "Document publié déposé",
  "revision.publiee": "Révision publiée",
};

export const ETATS_LIVRAISON: Record<
  EtatLivraison,
  { libelle: string; severite: "info" | "success" | "warning" | "error" }
> = {
  A_ENVOYER: { libelle: "À envoyer", severite: "info" },
  EN_COURS: { libelle: "En cours", severite: "info" },
  ENVOYE: { libelle: "Reçue", severite: "success" },
  ECHEC: { libelle: "Refusée", severite: "error" },
  ABANDON: { libelle: "Abandonnée", severite: "warning" },
};

/** INSEE codes of the regions, in the order of their names. */
export const REGIONS: readonly { code: string; nom: string }[] =
  `84 Auvergne-Rhône-Alpes|27 Bourgogne-Franche-Comté|53 Bretagne|24 Centre-Val de Loire|94 Corse|44 Grand Est|01 Guadeloupe|03 Guyane|32 Hauts-de-France|11 Île-de-France|04 La Réunion|02 Martinique|06 Mayotte|28 Normandie|75 Nouvelle-Aquitaine|76 Occitanie|52 Pays de la Loire|93 Provence-Alpes-Côte d’Azur`
    .split("|")
    .map((line) => ({ code: line.slice(0, 2), nom: line.slice(3) }));
