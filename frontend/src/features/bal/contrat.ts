/**
 * Names under which the pages know the objects of the deposit API. Shapes are those of the generated document; only the
 * parts that it leaves open (the validation, the report of the validator) are written here, after 07 §4.4 and §10.11.
 */
import type { components } from "../../api/depot";

type Schemas = components["schemas"];

/** Error, warning, information. */
export type Niveau = "E" | "W" | "I";

export type ErreurDeLecture = { type: string; code: string; message: string; row?: number; index?: number };

/** Result of the validation kept with a revision; `{}` before the first one. */
export type Validation = {
  valid?: boolean;
  validatorVersion?: string;
  format?: string;
  rowsCount?: number;
  errors?: string[];
  warnings?: string[];
  infos?: string[];
  parseErrors?: ErreurDeLecture[];
  parseErrorsCount?: number;
};

export type FichierRevision = Schemas["Fichier"];

/** A revision, from the deposit API or from the deposit by staff, whose client has fewer keys. */
export type Revision = Pick<
  Schemas["Revision"],
  "id" | "codeCommune" | "status" | "isReady" | "isCurrent" | "createdAt" | "updatedAt" | "publishedAt" | "files"
> & {
  validation: Validation;
  client: Pick<Schemas["ClientPublic"], "id" | "nom"> & Partial<Schemas["ClientPublic"]>;
};

/** One line of the public explorer. */
export type RevisionCourante = Schemas["RevisionCourante"];
export type Commune = Schemas["Commune"];

/** What one rule says of a file: how many lines, the first of them (1-based, the header is line 1). */
export type Controle = {
  code: string;
  level: Niveau;
  label: string;
  count: number;
  firstLines: number[];
  /** Values of those lines, for a control about a column. */
  firstValues?: string[];
};

export type Rapport = {
  encoding?: string | null;
  linebreak?: string | null;
  delimiter?: string | null;
  parseOk: boolean;
  parseErrors?: ErreurDeLecture[];
  parseErrorsCount?: number;
  profile?: string | null;
  rowsCount?: number;
  /** Lines with at least one error. */
  rowsInvalid?: number;
  valid?: boolean;
  summary?: Controle[];
  /** Lines of each commune of the file; the code is empty for those without any. */
  communes?: { code: string; rows: number }[];
};

/** One line of the file with what is wrong in it. `line` is the rank of its data row, from 0. */
export type LigneDuFichier = {
  line: number;
  rawValues: Record<string, string>;
  remediations?: Record<string, { value: string | null; errors?: string[]; assumed?: boolean }>;
  errors: { code: string; schemaName?: string; level: Niveau }[];
};

export type AdresseComparee = Schemas["AdresseComparee"];
export type Difference = Schemas["Difference"];
export type TypeDifference = Difference["change"];

export type Comparaison = Pick<
  Schemas["Differences"],
  "currentRevisionId" | "added" | "removed" | "changed" | "unchanged" | "items"
>;

/** The client behind a token. */
export type Moi = Pick<Schemas["Moi"], "id" | "nom" | "authorizationStrategy">;
export type Strategie = Moi["authorizationStrategy"];

export type HabilitationCommune = Pick<
  Schemas["Habilitation"],
  "id" | "codeCommune" | "emailCommune" | "status" | "createdAt" | "acceptedAt"
>;
