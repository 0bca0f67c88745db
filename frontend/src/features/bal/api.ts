/** Public reads of the deposit: communes, current revisions, history, reports. Keys start with "bal". */
import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { hasStatus, isTransient } from "../../api/problem";
import type { OptionCombobox } from "../../ui/Combobox";
import { useReglages } from "./chemin";
import { appeler, type Deposant } from "./client";
import type { Commune, LigneDuFichier, Niveau, Rapport, Revision, RevisionCourante } from "./contrat";
import { type Filtres, versApi } from "./filtres";

export type PageRevisions = { revisions: RevisionCourante[]; total: number };

const total = (headers: Headers, otherwise: number): number => {
  const count = Number(headers.get("X-Total-Count"));
  return headers.has("X-Total-Count") && Number.isFinite(count) ? count : otherwise;
};

/** Current revisions of the country, newest first, one page at a time. */
export function useRevisionsCourantes(filtres: Filtres): UseQueryResult<PageRevisions> {
  const { base } = useReglages();
  const parametres = versApi(filtres);
  return useQuery({
    queryKey: ["bal", "courantes", base, parametres],
    queryFn: async ({ signal }) => {
      const { donnees, entetes } = await appeler<RevisionCourante[]>({
        adresse: `${base}/current-revisions`,
        parametres,
        signal,
      });
      return { revisions: donnees, total: total(entetes, donnees.length) };
    },
    placeholderData: keepPreviousData,
  });
}

export function useCommune(code: string): UseQueryResult<Commune> {
  const { base } = useReglages();
  return useQuery({
    queryKey: ["bal", "commune", base, code],
    queryFn: async ({ signal }) =>
      (await appeler<Commune>({ adresse: `${base}/communes/${encodeURIComponent(code)}`, signal })).donnees,
    staleTime: Number.POSITIVE_INFINITY,
    enabled: code !== "",
  });
}

/** Communes whose name or code matches, for a search field. */
export async function chercherCommunes(base: string, q: string, signal: AbortSignal): Promise<OptionCombobox[]> {
  const { donnees } = await appeler<Commune[]>({ adresse: `${base}/communes`, parametres: { q, limit: 10 }, signal });
  return donnees.map(({ code, nom, departement }) => ({
    valeur: code,
    libelle: nom,
    detail: `${code}, département ${departement}`,
  }));
}

/** Current revision of a commune; null when it has none yet, which is no error for a reader. */
export function useCourante(code: string): UseQueryResult<Revision | null> {
  const { base } = useReglages();
  return useQuery({
    queryKey: ["bal", "commune", base, code, "courante"],
    queryFn: ({ signal }) => lireCourante(base, code, signal),
    enabled: code !== "",
  });
}

async function lireCourante(base: string, code: string, signal?: AbortSignal): Promise<Revision | null> {
  const adresse = `${base}/communes/${encodeURIComponent(code)}/current-revision`;
  try {
    return (await appeler<Revision>({ adresse, signal })).donnees;
  } catch (error) {
    if (hasStatus(error, 404)) return null;
    throw error;
  }
}

/** Published revisions of a commune, newest first. */
export function useHistorique(code: string): UseQueryResult<Revision[]> {
  const { base } = useReglages();
  return useQuery({
    queryKey: ["bal", "commune", base, code, "historique"],
    queryFn: async ({ signal }) => {
      const { donnees } = await appeler<Revision[]>({
        adresse: `${base}/communes/${encodeURIComponent(code)}/revisions`,
        parametres: { status: "published" },
        signal,
      });
      return donnees.reverse();
    },
    enabled: code !== "",
  });
}

export const adresseDuFichier = (base: string, revisionId: string): string =>
  `${base}/revisions/${revisionId}/files/bal/download`;

/** Report of a revision already deposited: without its lines. */
export function useRapport(revisionId: string | null): UseQueryResult<Rapport> {
  const { base } = useReglages();
  return useQuery({
    queryKey: ["bal", "rapport", base, revisionId],
    queryFn: async ({ signal }) =>
      (await appeler<Rapport>({ adresse: adresseDuRapport(base, revisionId ?? ""), signal })).donnees,
    enabled: revisionId !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: (count, error) => count < 1 && isTransient(error),
  });
}

const adresseDuRapport = (base: string, revisionId: string) => `${base}/revisions/${revisionId}/validation-report`;

/** Where the lines of a report are read: a revision on the server, or the file that is still on this device. */
export type SourceDeLignes = { revisionId: string; deposant?: Deposant } | { fichier: Blob };

export type DemandeDeLignes = { code: string; niveau: Niveau; depuis: number; nombre: number };
export type PageDeLignes = { lignes: LigneDuFichier[]; total: number | null };

/** Lines on which a control speaks, with the value read and the value proposed. */
export async function lireLignes(
  base: string,
  source: SourceDeLignes,
  { code, niveau, depuis, nombre }: DemandeDeLignes,
  signal?: AbortSignal,
): Promise<PageDeLignes> {
  const parametres = { rows: true, code, level: niveau, offset: depuis, limit: nombre };
  const { donnees, entetes } = await appeler<Rapport & { rows?: LigneDuFichier[]; rowsTotal?: number }>(
    "fichier" in source
      ? { methode: "POST", adresse: `${base}/validate`, parametres, corps: { fichier: source.fichier }, signal }
      : { adresse: adresseDuRapport(base, source.revisionId), deposant: source.deposant, parametres, signal },
  );
  const count = donnees.rowsTotal ?? total(entetes, Number.NaN);
  return { lignes: donnees.rows ?? [], total: Number.isNaN(count) ? null : count };
}

/** Saves on the device a file that the page has just made or received. */
export function enregistrerSur(nom: string, contenu: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(contenu);
  link.download = nom;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
