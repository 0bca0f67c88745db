/** Search of an administration list; the address bar is its only state. */
import type { StatutHabilitation } from "./contrat";

export type FiltresAdmin = { q: string; page: number; statut: StatutHabilitation | "" };

const STATUTS: readonly string[] = ["pending", "accepted", "rejected"];

export function lireFiltresAdmin(params: URLSearchParams): FiltresAdmin {
  const page = Number(params.get("page"));
  const statut = params.get("statut") ?? "";
  return {
    q: (params.get("q") ?? "").trim(),
    page: Number.isInteger(page) && page > 0 ? page : 1,
    statut: STATUTS.includes(statut) ? (statut as StatutHabilitation) : "",
  };
}

export function ecrireFiltresAdmin({ q, page, statut }: FiltresAdmin): URLSearchParams {
  const params = new URLSearchParams();
  if (q) params.set("q", q);
  if (statut) params.set("statut", statut);
  if (page > 1) params.set("page", String(page));
  return params;
}
