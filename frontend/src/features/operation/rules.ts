/** What the operation page derives from the operation, as pure functions. */
import type { ConventionLigne, Operation, OperationsProposees } from "../../api/dto";

type TypeHabitat = Operation["financements"][number]["type_habitat"];

/** Kinds of housing in the middle of a sentence. */
export const HABITATS: Record<TypeHabitat, string> = {
  MIXTE: "mixte",
  INDIVIDUEL: "individuel",
  COLLECTIF: "collectif",
};

export type LigneFinancement = {
  cle: string;
  libelle: string;
  nbLogements: number;
  typeHabitat: TypeHabitat;
  /** Absent: the financement has no convention yet. */
  convention: ConventionLigne | null;
  /** Several conventions are active for the same financement. */
  doublon: boolean;
};

const estActive = (row: ConventionLigne): boolean => row.statut !== "ANNULEE" && row.genre === "convention";

/** One row per convention, and one for each financement that has none. */
export function lignesDesFinancements(operation: Operation): LigneFinancement[] {
  return operation.financements.flatMap(({ financement, libelle, nb_logements, type_habitat, conventions }) => {
    const base = { libelle, nbLogements: nb_logements, typeHabitat: type_habitat };
    const active = conventions.filter(estActive);
    const rows = conventions.map((convention) => ({
      ...base,
      cle: `${financement}/${convention.uuid}`,
      convention,
      doublon: active.length > 1 && estActive(convention),
    }));
    return active.length === 0 ? [...rows, { ...base, cle: financement, convention: null, doublon: false }] : rows;
  });
}

/** Who is expected to act on a row (02 §1.1), said for the reader. */
export function quiALaMain(row: ConventionLigne): string {
  if (row.a_moi) return "Vous";
  switch (row.statut) {
    case "PROJET":
    case "CORRECTION":
      return "Le bailleur";
    case "INSTRUCTION":
      return "Le service instructeur";
    case "A_SIGNER":
      return "Les deux parties";
    case "PUBLICATION_EN_COURS":
      return "La publicité foncière";
    default:
      return "Personne";
  }
}

/** « Créer la convention PLS », « Créer les 2 conventions manquantes »: what the API says is missing. */
export function libelleCreation({ conventions_manquantes, financements }: Operation): string {
  const [only] = conventions_manquantes;
  if (conventions_manquantes.length !== 1 || only === undefined) {
    return `Créer les ${conventions_manquantes.length} conventions manquantes`;
  }
  return `Créer la convention ${financements.find(({ financement }) => financement === only)?.libelle ?? only}`;
}

type Proposee = OperationsProposees["resultats"][number];

const plier = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Operations whose number, name or address holds every word of `q`, whatever accents and case. */
export function filtrerProposees(list: readonly Proposee[], q: string): Proposee[] {
  const words = plier(q).split(/\s+/).filter(Boolean);
  return list.filter(({ numero, nom, adresse }) => {
    const text = plier(`${numero} ${nom} ${adresse}`);
    return words.every((word) => text.includes(word));
  });
}

/** Names of the financements without convention. */
export const libellesManquants = ({ conventions_manquantes, financements }: Operation): string[] =>
  conventions_manquantes.map((code) => financements.find(({ financement }) => financement === code)?.libelle ?? code);

const ditQue =
  (code: string) =>
  ({ messages }: Operation): boolean =>
    messages.some((message) => message.code === code);

/** A seconde vie whose origins nobody has chosen yet: nothing is created before (SV-01). */
export const attendUnChoix = ditQue("SECONDE_VIE_CHOIX");

/** A seconde vie while the feature is off: nothing is created. */
export const secondeVieFermee = ditQue("SECONDE_VIE_INDISPONIBLE");

/** Address of the choice of origins; a number may hold a slash. */
export const lienSecondeVie = (numero: string): string => `/operations/${encodeURIComponent(numero)}/seconde-vie`;
