/**
 * Search of the list, as pure functions: the address bar is the only state, so that a search can be kept, shared and
 * opened again. Former parameter names are translated before (app/anciensParametres).
 */
import type { FiltresConventions } from "../../api/dto";

export type Tri = NonNullable<FiltresConventions["tri"]>;

export type Filtres = {
  q: string;
  numero: string;
  lieu: string;
  bailleur: string;
  statut: string[];
  financement: string[];
  /** Only what waits for the reader. */
  aMoi: boolean;
  tri: Tri;
  page: number;
};

export const TRIS: readonly { valeur: Tri; libelle: string }[] = [
  { valeur: "-mis_a_jour_le", libelle: "Modifiées récemment" },
  { valeur: "attente", libelle: "En attente depuis le plus longtemps" },
  { valeur: "-cree_le", libelle: "Créées récemment" },
  { valeur: "cree_le", libelle: "Les plus anciennes" },
  { valeur: "ville", libelle: "Commune" },
  { valeur: "bailleur", libelle: "Bailleur" },
  { valeur: "statut", libelle: "Statut" },
  { valeur: "numero", libelle: "Numéro" },
  { valeur: "-nb_logements", libelle: "Nombre de logements" },
  { valeur: "-date_signature", libelle: "Date de signature" },
];

export const TRI_PAR_DEFAUT: Tri = "-mis_a_jour_le";

/** Columns the API can order by, in both directions. */
const COLONNES = [
  "cree_le",
  "mis_a_jour_le",
  "attente",
  "ville",
  "bailleur",
  "numero",
  "statut",
  "date_signature",
  "date_livraison",
  "nb_logements",
] as const;

const estTri = (text: string): text is Tri => COLONNES.some((column) => text === column || text === `-${column}`);

/** The order named by a text; the default one when the API does not know it. */
export const lireTri = (text: string | null): Tri => (text !== null && estTri(text) ? text : TRI_PAR_DEFAUT);

export const PAR_PAGE = 20;

const list = (params: URLSearchParams, name: string): string[] => [
  ...new Set(
    params
      .getAll(name)
      .flatMap((value) => value.split(","))
      .map((value) => value.trim())
      .filter(Boolean),
  ),
];

/** Filters of an address; a page that is not a positive integer is the first. */
export function lireFiltres(params: URLSearchParams): Filtres {
  const page = Number(params.get("page"));
  return {
    q: params.get("q") ?? "",
    numero: params.get("numero") ?? "",
    lieu: params.get("lieu") ?? "",
    bailleur: params.get("bailleur") ?? "",
    statut: list(params, "statut"),
    financement: list(params, "financement"),
    aMoi: params.get("a_moi") === "true",
    tri: lireTri(params.get("tri")),
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

/** Address of a search: what is empty is left out; the order is always written, so that the address is never bare. */
export function ecrireFiltres(filters: Filtres): string {
  const params = new URLSearchParams();
  for (const name of ["q", "numero", "lieu", "bailleur"] as const) {
    const value = filters[name].trim();
    if (value) params.set(name, value);
  }
  for (const value of filters.statut) params.append("statut", value);
  for (const value of filters.financement) params.append("financement", value);
  if (filters.aMoi) params.set("a_moi", "true");
  params.set("tri", filters.tri);
  if (filters.page > 1) params.set("page", String(filters.page));
  return params.toString();
}

/** Same search with a change; the first page again unless the page is what changes. */
export const modifier = (filters: Filtres, change: Partial<Filtres>): Filtres => ({ ...filters, page: 1, ...change });

/** Number of criteria in use (order and page are not criteria). */
export function nombreDeCriteres(filters: Filtres): number {
  const texts = [filters.q, filters.numero, filters.lieu, filters.bailleur].filter(
    (value) => value.trim() !== "",
  ).length;
  return texts + filters.statut.length + filters.financement.length + (filters.aMoi ? 1 : 0);
}

export const SANS_FILTRE: Filtres = {
  q: "",
  numero: "",
  lieu: "",
  bailleur: "",
  statut: [],
  financement: [],
  aMoi: false,
  tri: TRI_PAR_DEFAUT,
  page: 1,
};

/** Query sent to the API. */
export function versApi(filters: Filtres): FiltresConventions {
  const { q, numero, lieu, bailleur, statut, financement, aMoi, tri, page } = filters;
  return {
    ...(q.trim() ? { q: q.trim() } : {}),
    ...(numero.trim() ? { numero: numero.trim() } : {}),
    ...(lieu.trim() ? { lieu: lieu.trim() } : {}),
    ...(bailleur ? { bailleur } : {}),
    ...(statut.length > 0 ? { statut } : {}),
    ...(financement.length > 0 ? { financement } : {}),
    ...(aMoi ? { a_moi: true } : {}),
    tri,
    page,
    par_page: PAR_PAGE,
  };
}

/** Lists made ready (06 §1.10). « À traiter par moi » is a criterion of the API, which knows the reader. */
export const ONGLETS: readonly { code: string; libelle: string; statut: string[]; aMoi: boolean; tri: Tri }[] = [
  { code: "toutes", libelle: "Toutes", statut: [], aMoi: false, tri: TRI_PAR_DEFAUT },
  {
    code: "en_cours",
    libelle: "En cours",
    statut: ["PROJET", "INSTRUCTION", "CORRECTION", "A_SIGNER"],
    aMoi: false,
    tri: TRI_PAR_DEFAUT,
  },
  { code: "a_traiter", libelle: "À traiter par moi", statut: [], aMoi: true, tri: "attente" },
  {
    code: "valides",
    libelle: "Valides",
    statut: ["SIGNEE", "PUBLICATION_EN_COURS", "PUBLIE"],
    aMoi: false,
    tri: TRI_PAR_DEFAUT,
  },
  {
    code: "terminees",
    libelle: "Terminées",
    statut: ["RESILIEE", "DENONCEE", "ANNULEE"],
    aMoi: false,
    tri: TRI_PAR_DEFAUT,
  },
];

/** Whether a search is the one of a tab, whatever its order and its other criteria. */
export function estOnglet(filters: Filtres, tab: { statut: readonly string[]; aMoi: boolean }): boolean {
  const same =
    filters.statut.length === tab.statut.length && filters.statut.every((value) => tab.statut.includes(value));
  return same && filters.aMoi === tab.aMoi;
}
