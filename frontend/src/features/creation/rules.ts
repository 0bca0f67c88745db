/** Words and checks of the forms filled by hand. The server checks everything again. */
import type { Operation } from "../../api/dto";
import { isApiError } from "../../api/problem";
import type { OptionCombobox } from "../../ui/Combobox";
import type { Refus } from "../../ui/useSaisie";
import type {
  AvenantDejaSigne,
  ConventionDeclaree,
  ConventionDejaSignee,
  ConventionManuelle,
  DocumentImporte,
} from "./api";

export type FinancementSaisi = ConventionManuelle["financement"];
export type NatureSaisie = ConventionManuelle["nature_logement"];
export type HabitatSaisi = ConventionManuelle["type_habitat"];

/** The only financements of a convention that is not made from SIAP (02 §9.2, CR-28). */
export const FINANCEMENTS: Record<FinancementSaisi, string> = {
  PLUS: "PLUS",
  PLUS_CD: "PLUS CD",
  PLAI: "PLAI",
  PLS: "PLS",
  SANS_FINANCEMENT: "Sans financement",
};

export const NATURES: Record<NatureSaisie, string> = {
  LOGEMENTSORDINAIRES: "Logements ordinaires",
  AUTRE: "Autres logements foyers",
  HEBERGEMENT: "Hébergement",
  RESISDENCESOCIALE: "Résidence sociale",
  PENSIONSDEFAMILLE: "Pensions de famille, maisons relais",
  RESIDENCEDACCUEIL: "Résidence d’accueil",
  RESIDENCEUNIVERSITAIRE: "Résidence universitaire",
  RHVS: "RHVS",
};

export const HABITATS: Record<HabitatSaisi, string> = {
  COLLECTIF: "Collectif",
  INDIVIDUEL: "Individuel",
  MIXTE: "Mixte",
};

/** Types of an avenant that may be ticked by hand; the others end a convention and have their own path. */
export const TYPES_AVENANT: Record<NonNullable<AvenantDejaSigne["types"]>[number], string> = {
  bailleur: "Bailleur",
  programme: "Opération",
  cadastre: "Références cadastrales et effet relatif",
  edd: "État descriptif de division",
  duree: "Durée de la convention et financement",
  logements: "Logements et annexes",
  stationnement: "Stationnements",
  foyer_attribution: "Attributions (foyer)",
  residence_attribution: "Attributions (résidence)",
  variantes: "Variantes",
  champ_libre: "Informations complémentaires",
  commentaires: "Commentaires",
};

export type TypeAvenant = keyof typeof TYPES_AVENANT;

/** Types that concern a nature of housing (02 §3.4). */
export function typesPour(nature: string): TypeAvenant[] {
  const foyer = nature === "AUTRE";
  const residence = ["HEBERGEMENT", "RESISDENCESOCIALE", "PENSIONSDEFAMILLE", "RESIDENCEDACCUEIL", "RHVS"].includes(
    nature,
  );
  const absents: TypeAvenant[] = [];
  if (foyer || residence) absents.push("stationnement");
  else absents.push("variantes");
  if (!foyer) absents.push("foyer_attribution");
  if (!residence) absents.push("residence_attribution");
  return (Object.keys(TYPES_AVENANT) as TypeAvenant[]).filter((type) => !absents.includes(type));
}

/** Years from this one down to 1900. */
export const anneesDepuis = (courante: number): number[] =>
  Array.from({ length: courante - 1900 + 1 }, (_, index) => courante - index);

const entier = (text: string): number => (/^\d{1,6}$/.test(text.trim()) ? Number(text.trim()) : 0);
const manque = (text: string, message: string): string | null => (text.trim() === "" ? message : null);
const LOGEMENTS = "Indiquez un nombre de logements, à partir de 1.";

export type SaisieOperation = {
  bailleur_uuid: OptionCombobox | null;
  administration_uuid: OptionCombobox | null;
  nom: string;
  nature_logement: NatureSaisie | "";
  financement: FinancementSaisi | "";
  nb_logements: string;
  code_postal: string;
  ville: string;
};

export const OPERATION_VIDE: SaisieOperation = {
  bailleur_uuid: null,
  administration_uuid: null,
  nom: "",
  nature_logement: "",
  financement: "",
  nb_logements: "",
  code_postal: "",
  ville: "",
};

function controlerOperation(saisie: SaisieOperation): Refus<SaisieOperation> {
  // In the order of the fields: the summary of errors follows it.
  return {
    nom: manque(saisie.nom, "Indiquez le nom de l’opération."),
    bailleur_uuid: saisie.bailleur_uuid ? null : "Choisissez le bailleur.",
    administration_uuid: saisie.administration_uuid ? null : "Choisissez l’administration.",
    code_postal: /^\d{5}$/.test(saisie.code_postal.trim())
      ? null
      : "Indiquez un code postal de 5 chiffres, par exemple 87000.",
    ville: manque(saisie.ville, "Indiquez la ville."),
    nature_logement: saisie.nature_logement ? null : "Choisissez la nature des logements.",
    financement: saisie.financement ? null : "Choisissez le financement.",
    nb_logements: entier(saisie.nb_logements) > 0 ? null : LOGEMENTS,
  };
}

const corpsOperation = (saisie: SaisieOperation) => ({
  bailleur_uuid: saisie.bailleur_uuid?.valeur ?? "",
  administration_uuid: saisie.administration_uuid?.valeur ?? "",
  nom: saisie.nom.trim(),
  nature_logement: saisie.nature_logement as NatureSaisie,
  financement: saisie.financement as FinancementSaisi,
  nb_logements: entier(saisie.nb_logements),
  code_postal: saisie.code_postal.trim(),
  ville: saisie.ville.trim(),
});

export type SaisieManuelle = SaisieOperation & { numero_operation: string; type_habitat: HabitatSaisi | "" };

export const controlerManuelle = (saisie: SaisieManuelle): Refus<SaisieManuelle> => ({
  numero_operation: manque(saisie.numero_operation, "Indiquez le numéro d’opération."),
  ...controlerOperation(saisie),
  type_habitat: saisie.type_habitat ? null : "Choisissez le type d’habitat.",
});

export const corpsManuelle = (saisie: SaisieManuelle, utiliser: boolean): ConventionManuelle => ({
  ...corpsOperation(saisie),
  numero_operation: saisie.numero_operation.trim(),
  type_habitat: saisie.type_habitat as HabitatSaisi,
  ...(utiliser ? { utiliser_operation: true } : {}),
});

export type SaisieDeclaree = SaisieOperation & {
  numero: string;
  annee_signature: string;
  numero_avenant: string;
  revision_id: DocumentImporte | null;
};

export const controlerDeclaree = (saisie: SaisieDeclaree): Refus<SaisieDeclaree> => ({
  numero: manque(saisie.numero, "Indiquez le numéro de la convention."),
  annee_signature: saisie.annee_signature ? null : "Choisissez l’année de signature.",
  ...controlerOperation(saisie),
  numero_avenant: manque(saisie.numero_avenant, "Indiquez le numéro de l’avenant."),
});

export const corpsDeclaree = (saisie: SaisieDeclaree): ConventionDeclaree => ({
  ...corpsOperation(saisie),
  numero: saisie.numero.trim(),
  annee_signature: Number(saisie.annee_signature),
  numero_avenant: saisie.numero_avenant.trim(),
  ...(saisie.revision_id ? { revision_id: saisie.revision_id.revision_id } : {}),
});

export type SaisieSignee = {
  numero: string;
  nb_logements: string;
  financement: FinancementSaisi | "";
  type_habitat: HabitatSaisi | "";
  annee_signature: string;
  revision_id: DocumentImporte | null;
};

export const SIGNEE_VIDE: SaisieSignee = {
  numero: "",
  nb_logements: "",
  financement: "",
  type_habitat: "",
  annee_signature: "",
  revision_id: null,
};

export const controlerSignee = (saisie: SaisieSignee): Refus<SaisieSignee> => ({
  numero: manque(saisie.numero, "Indiquez le numéro de la convention."),
  nb_logements: entier(saisie.nb_logements) > 0 ? null : LOGEMENTS,
  financement: saisie.financement ? null : "Choisissez le financement.",
  annee_signature: saisie.annee_signature ? null : "Choisissez l’année de signature.",
  revision_id: saisie.revision_id ? null : "Déposez le document signé.",
});

export const corpsSignee = (saisie: SaisieSignee, numeroOperation: string): ConventionDejaSignee => ({
  numero_operation: numeroOperation,
  numero: saisie.numero.trim(),
  nb_logements: entier(saisie.nb_logements),
  financement: saisie.financement as FinancementSaisi,
  annee_signature: Number(saisie.annee_signature),
  revision_id: saisie.revision_id?.revision_id ?? "",
  ...(saisie.type_habitat ? { type_habitat: saisie.type_habitat } : {}),
});

export type SaisieAvenant = {
  numero: string;
  annee_signature: string;
  bailleur_uuid: OptionCombobox | null;
  /** One text per financement of the convention, in its order; empty when the number does not change. */
  nb_logements: string[];
  champ_libre_avenant: string;
  desc_avenant: string;
  types: TypeAvenant[];
  revision_id: DocumentImporte | null;
};

export const avenantVide = (lots: number): SaisieAvenant => ({
  numero: "",
  annee_signature: "",
  bailleur_uuid: null,
  nb_logements: Array.from({ length: lots }, () => ""),
  champ_libre_avenant: "",
  desc_avenant: "",
  types: [],
  revision_id: null,
});

export const controlerAvenant = (saisie: SaisieAvenant): Refus<SaisieAvenant> => ({
  numero: manque(saisie.numero, "Indiquez le numéro de l’avenant."),
  annee_signature: saisie.annee_signature ? null : "Choisissez l’année de signature.",
  nb_logements: saisie.nb_logements.every((text) => text.trim() === "" || entier(text) > 0) ? null : LOGEMENTS,
  revision_id: saisie.revision_id ? null : "Déposez l’avenant signé.",
});

/** Body of an avenant; a convention of several financements says which one has another number of dwellings. */
export function corpsAvenant(saisie: SaisieAvenant, financements: readonly string[]): AvenantDejaSigne {
  const changes = saisie.nb_logements
    .map((text, index) => ({ financement: financements[index] ?? "", nb_logements: entier(text) }))
    .filter(({ nb_logements }) => nb_logements > 0);
  const [seul] = changes;
  return {
    numero: saisie.numero.trim(),
    annee_signature: Number(saisie.annee_signature),
    revision_id: saisie.revision_id?.revision_id ?? "",
    ...(saisie.bailleur_uuid ? { bailleur_uuid: saisie.bailleur_uuid.valeur } : {}),
    ...(financements.length === 1 && seul ? { nb_logements: seul.nb_logements } : {}),
    ...(financements.length > 1 && changes.length > 0 ? { lots: changes } : {}),
    ...(saisie.champ_libre_avenant.trim() ? { champ_libre_avenant: saisie.champ_libre_avenant.trim() } : {}),
    ...(saisie.desc_avenant.trim() ? { desc_avenant: saisie.desc_avenant.trim() } : {}),
    ...(saisie.types.length > 0 ? { types: saisie.types } : {}),
  };
}

/** Financements of the operation that have no convention yet (CR-28). */
export function financementsLibres(operation: Operation): FinancementSaisi[] {
  const pris = operation.financements
    .filter(({ conventions }) =>
      conventions.some(({ statut, genre }) => statut !== "ANNULEE" && genre === "convention"),
    )
    .map(({ financement }) => financement);
  return (Object.keys(FINANCEMENTS) as FinancementSaisi[]).filter((code) => !pris.includes(code));
}

/** Member of a refusal, when the server gave it as a text. */
export function membre(error: unknown, nom: string): string | null {
  const value = isApiError(error) ? error.extra[nom] : undefined;
  return typeof value === "string" ? value : null;
}
