/** Criteria of the list; the address bar is their only state. */
import { type CodeAnomalie, ETATS, type EtatAnomalie, estCode } from "./rules";

export type FiltresAnomalies = { q: string; code: CodeAnomalie | ""; etat: EtatAnomalie; page: number };

export function lireFiltres(params: URLSearchParams): FiltresAnomalies {
  const page = Number(params.get("page"));
  const code = params.get("code") ?? "";
  const etat = params.get("etat") ?? "";
  return {
    q: (params.get("q") ?? "").trim(),
    code: estCode(code) ? code : "",
    etat: Object.hasOwn(ETATS, etat) ? (etat as EtatAnomalie) : "ouvertes",
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

export function ecrireFiltres({ q, code, etat, page }: FiltresAnomalies): URLSearchParams {
  const params = new URLSearchParams();
  if (q) params.set("q", q);
  if (code) params.set("code", code);
  if (etat !== "ouvertes") params.set("etat", etat);
  if (page > 1) params.set("page", String(page));
  return params;
}
