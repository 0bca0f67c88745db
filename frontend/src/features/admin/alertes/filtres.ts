/** Criteria of the list of messages; the address bar is their only state. */
import { CANAUX, type CanalAlerte, estGroupe, GROUPES, type Groupe } from "./rules";

export type FiltresAlertes = {
  etat: Groupe | "";
  canal: CanalAlerte | "tous";
  operation: string;
  /** Days of Paris, "" when open. */
  depuis: string;
  jusqua: string;
  page: number;
};

export const PAR_PAGE = 20;
const JOUR = /^\d{4}-\d{2}-\d{2}$/;
const jour = (text: string | null): string => (text !== null && JOUR.test(text) ? text : "");

export function lireFiltresAlertes(params: URLSearchParams): FiltresAlertes {
  const etat = params.get("etat") ?? "";
  const canal = params.get("canal") ?? "";
  const page = Number(params.get("page"));
  return {
    etat: estGroupe(etat) ? etat : "",
    canal: canal === "tous" || Object.hasOwn(CANAUX, canal) ? (canal as CanalAlerte | "tous") : "ALERTE_SIAP",
    operation: (params.get("operation") ?? "").trim(),
    depuis: jour(params.get("depuis")),
    jusqua: jour(params.get("jusqua")),
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

export function ecrireFiltresAlertes({
  etat,
  canal,
  operation,
  depuis,
  jusqua,
  page,
}: FiltresAlertes): URLSearchParams {
  const params = new URLSearchParams();
  if (etat) params.set("etat", etat);
  if (canal !== "ALERTE_SIAP") params.set("canal", canal);
  if (operation) params.set("operation", operation);
  if (depuis) params.set("depuis", depuis);
  if (jusqua) params.set("jusqua", jusqua);
  if (page > 1) params.set("page", String(page));
  return params;
}

/** The same criteria as the API reads them. */
export const criteres = ({ etat, canal, operation, depuis, jusqua, page }: FiltresAlertes) => ({
  statut: etat ? [...GROUPES[etat].etats] : undefined,
  canal: canal === "tous" ? undefined : [canal],
  operation: operation || undefined,
  depuis: depuis || undefined,
  jusqua: jusqua || undefined,
  page,
  par_page: PAR_PAGE,
});

export const sansCritere = ({ etat, canal, operation, depuis, jusqua }: FiltresAlertes): boolean =>
  !etat && canal === "ALERTE_SIAP" && !operation && !depuis && !jusqua;
