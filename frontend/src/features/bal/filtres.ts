/** Search of the explorer. The address bar is the only state, so that a search can be kept, shared and opened again. */
import { jourDeParis } from "../../lib/dates";

export type Filtres = { q: string; departement: string; depuis: string; page: number };

export const SANS_FILTRE: Filtres = { q: "", departement: "", depuis: "", page: 1 };
export const PAR_PAGE = 20;

const JOUR = /^\d{4}-\d{2}-\d{2}$/;
/** 01 to 95, 2A, 2B, 971 to 989. */
const DEPARTEMENT = /^(\d{2}|2[AB]|9[78]\d)$/;

export function lireFiltres(params: URLSearchParams): Filtres {
  const page = Number(params.get("page"));
  const departement = (params.get("departement") ?? "").trim().toUpperCase();
  const depuis = params.get("depuis") ?? "";
  return {
    q: (params.get("q") ?? "").trim(),
    departement: DEPARTEMENT.test(departement) ? departement : "",
    depuis: JOUR.test(depuis) && !Number.isNaN(Date.parse(depuis)) ? depuis : "",
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

export function ecrireFiltres({ q, departement, depuis, page }: Filtres): string {
  const params = new URLSearchParams();
  if (q) params.set("q", q);
  if (departement) params.set("departement", departement);
  if (depuis) params.set("depuis", depuis);
  if (page > 1) params.set("page", String(page));
  return params.toString();
}

export const adresseExplorateur = (filtres: Filtres): string => {
  const query = ecrireFiltres(filtres);
  return query ? `/bal?${query}` : "/bal";
};

/** A change of criterion goes back to the first page. */
export const modifier = (filtres: Filtres, change: Partial<Omit<Filtres, "page">>): Filtres => ({
  ...filtres,
  ...change,
  page: 1,
});

export const nombreDeCriteres = ({ q, departement, depuis }: Filtres): number =>
  [q, departement, depuis].filter(Boolean).length;

const HEURE_MS = 3_600_000;

/** First instant of a day of Paris: one or two hours before the same day begins at Greenwich. */
function debutDuJour(jour: string): number {
  const early = Date.parse(`${jour}T00:00:00Z`) - 2 * HEURE_MS;
  return jourDeParis(new Date(early)) === jour ? early : early + HEURE_MS;
}

/** What was published on the chosen day is shown. `publishedSince` is strict, hence the millisecond before. */
const justeAvant = (jour: string): string => new Date(debutDuJour(jour) - 1).toISOString();

export const versApi = ({ q, departement, depuis, page }: Filtres) => ({
  q,
  departement,
  publishedSince: depuis ? justeAvant(depuis) : "",
  limit: PAR_PAGE,
  offset: (page - 1) * PAR_PAGE,
  sort: "-publishedAt",
});
