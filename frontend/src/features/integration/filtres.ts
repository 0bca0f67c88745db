/** Search of a list; the address bar is its only state. */
export type Filtres = { q: string; etat: string; page: number };

export function lireFiltres(params: URLSearchParams, etats: readonly string[]): Filtres {
  const page = Number(params.get("page"));
  const etat = params.get("etat") ?? "";
  return {
    q: (params.get("q") ?? "").trim(),
    etat: etats.includes(etat) ? etat : "",
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

/** Address of a page with these filters. */
export function adresseDe(chemin: string, { q, etat, page }: Filtres): string {
  const params = new URLSearchParams();
  if (q) params.set("q", q);
  if (etat) params.set("etat", etat);
  if (page > 1) params.set("page", String(page));
  const query = params.toString();
  return query ? `${chemin}?${query}` : chemin;
}
