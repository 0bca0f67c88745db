/** Exports of the list: the file at once, or a task that is followed (06 §1.12). */
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { api, lire } from "../../api/client";
import type { components } from "../../api/schema";
import { type Filtres, versApi } from "./filtres";

export type Format = "xlsx" | "csv";
export type Export = components["schemas"]["Export"];

/** What the server answered: the file was saved, or a task writes it. */
export type Lance = { fini: true } | { fini: false; tache: string };

export const finie = (etat: Export["etat"]): boolean => etat === "TERMINEE" || etat === "ECHEC" || etat === "ANNULEE";

/** Part of the work done, in percent; null while it is not known. */
export function pourcentage({ avancement, total, etat }: Pick<Export, "avancement" | "total" | "etat">): number | null {
  if (etat === "TERMINEE") return 100;
  if (!total) return null;
  return Math.min(99, Math.floor((100 * avancement) / total));
}

/** Name given by Content-Disposition. */
export const nomDuFichier = (headers: Headers, format: Format): string =>
  /filename="?([^";]+)"?/.exec(headers.get("Content-Disposition") ?? "")?.[1] ?? `conventions.${format}`;

function enregistrer(href: string, nom: string) {
  const link = document.createElement("a");
  link.href = href;
  link.download = nom;
  link.rel = "noopener";
  document.body.append(link);
  link.click();
  link.remove();
}

/** Asks for the export of what the filters show, every page of it. */
export async function exporter(filtres: Filtres, format: Format): Promise<Lance> {
  const query = { ...versApi(filtres) };
  for (const key of ["page", "par_page", "inclure", "champs", "apres"] as const) delete query[key];
  const { data, response } = await api.POST("/exports/conventions", {
    params: { query: { ...query, format } },
    parseAs: "blob",
    headers: { Accept: "*/*" },
  });
  const content = data as unknown as Blob;
  if (response.status === 202) {
    const { tache_uuid } = JSON.parse(await content.text()) as components["schemas"]["TacheLancee"];
    return { fini: false, tache: tache_uuid };
  }
  const href = URL.createObjectURL(content);
  enregistrer(href, nomDuFichier(response.headers, format));
  // The browser reads the address after this task.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
  return { fini: true };
}

/** Follows a long export, each second until it ends. */
export const useExport = (uuid: string | null): UseQueryResult<Export> =>
  useQuery({
    queryKey: ["exports", uuid],
    queryFn: ({ signal }) => lire(api.GET("/exports/{uuid}", { params: { path: { uuid: uuid ?? "" } }, signal })),
    enabled: uuid !== null,
    refetchInterval: ({ state }) => (state.data && finie(state.data.etat) ? false : 1_000),
  });

/** Saves the file of a long export. */
export async function telechargerExport({ uuid, fichier }: Export): Promise<void> {
  const { url } = await lire(api.POST("/exports/{uuid}/telechargement", { params: { path: { uuid } } }));
  enregistrer(url, fichier);
}
