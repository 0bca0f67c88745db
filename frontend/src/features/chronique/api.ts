/** What happened to a convention: chronologie, journal de bord with its files, attachments of the former system. */
import {
  keepPreviousData,
  type QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { api, avecCle, lire, siVersion } from "../../api/client";
import { useCommande } from "../../api/commande";
import { type Convention, clesConvention, rafraichirConvention } from "../../api/convention";
import { hasStatus, isTransient } from "../../api/problem";
import type { components } from "../../api/schema";
import { televerser } from "../../api/televersement";

type Schemas = components["schemas"];
export type Chronologie = Schemas["ChronologiePage"];
export type Element = Schemas["ElementChronologie"];
export type Evenement = Schemas["Evenement"];
export type Journal = Schemas["EvenementPage"];
export type VersionEvenement = Schemas["EvenementVersion"];
export type TypeEvenement = Schemas["TypeEvenement"];
export type Piece = Schemas["PieceEvenement"];
export type PieceJointe = Schemas["PieceJointe"];

const retry = (count: number, error: Error): boolean => isTransient(error) && count < 2;

export function useChronologie(uuid: string, page: number): UseQueryResult<Chronologie> {
  return useQuery({
    queryKey: [...clesConvention.chronologie(uuid), page],
    queryFn: ({ signal }) =>
      lire(api.GET("/conventions/{uuid}/chronologie", { params: { path: { uuid }, query: { page } }, signal })),
    placeholderData: keepPreviousData,
    retry,
  });
}

export function useJournal(uuid: string, page: number): UseQueryResult<Journal> {
  return useQuery({
    queryKey: [...clesConvention.journal(uuid), page],
    queryFn: ({ signal }) =>
      lire(api.GET("/conventions/{uuid}/evenements", { params: { path: { uuid }, query: { page } }, signal })),
    placeholderData: keepPreviousData,
    retry,
  });
}

export function useTypesEvenement(): UseQueryResult<TypeEvenement[]> {
  return useQuery({
    queryKey: ["referentiels", "types-evenement"],
    queryFn: ({ signal }) => lire(api.GET("/referentiels/types-evenement", { signal })),
    staleTime: Number.POSITIVE_INFINITY,
    retry,
  });
}

/** What a fact was before its corrections: for superusers, asked when it is unfolded. */
export function useVersions(evenement: string, actif: boolean): UseQueryResult<VersionEvenement[]> {
  return useQuery({
    queryKey: ["evenement", evenement, "versions"],
    queryFn: ({ signal }) =>
      lire(api.GET("/evenements/{uuid}/versions", { params: { path: { uuid: evenement } }, signal })),
    enabled: actif,
    retry,
  });
}

export type SaisieEvenement = { type_evenement: string; survenu_le: string; description: string };

/** Reads again the journal, the chronologie and the history that a fact changes. */
const relire = (queries: QueryClient, uuid: string): Promise<unknown> =>
  Promise.all([
    queries.invalidateQueries({ queryKey: clesConvention.journal(uuid) }),
    queries.invalidateQueries({ queryKey: clesConvention.chronologie(uuid) }),
    queries.invalidateQueries({ queryKey: clesConvention.historique(uuid) }),
    queries.invalidateQueries({ queryKey: ["evenement"] }),
  ]);

export type DemandeEvenement = {
  /** The fact to correct; null for a new one. */
  evenement: Evenement | null;
  saisie: SaisieEvenement;
  fichiers: readonly File[];
  /** One per intention, kept for a new try. */
  cle: string;
};

/** The fact is kept, but its files are not: what was typed must not be asked again. */
export class PiecesRefusees extends Error {
  readonly evenement: Evenement;
  readonly origine: unknown;
  constructor(evenement: Evenement, origine: unknown) {
    super("pièces refusées");
    this.evenement = evenement;
    this.origine = origine;
  }
}

/** Adds or corrects a fact, then joins its files; the given files take the place of those in force. */
export function useNoter(uuid: string): UseMutationResult<Evenement, Error, DemandeEvenement> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: async ({ evenement, saisie, fichiers, cle }) => {
      const kept = evenement
        ? await lire(
            api.PATCH("/evenements/{uuid}", {
              params: { path: { uuid: evenement.uuid }, header: siVersion(evenement.version) },
              body: saisie,
            }),
          )
        : await lire(
            api.POST("/conventions/{uuid}/evenements", {
              params: { path: { uuid }, header: avecCle(cle) },
              body: saisie,
            }),
          );
      if (fichiers.length === 0) return kept;
      try {
        await joindre(kept, fichiers);
      } catch (error) {
        throw new PiecesRefusees(kept, error);
      }
      return kept;
    },
    onSettled: () => relire(queries, uuid),
  });
}

/** One call publishes all the files: either they are all in force, or none is. */
async function joindre({ uuid, version }: Evenement, files: readonly File[]): Promise<void> {
  const [first, ...others] = files;
  if (!first) return;
  await televerser({
    chemin: "/revisions:publish",
    champs: { nature: "evenement", portee_type: "evenement", portee_cle: uuid, version: String(version) },
    fichier: first,
    nomDuChamp: "piece:1",
    parties: others.map((file, index) => ({ champ: `piece:${index + 2}`, nom: file.name, contenu: file })),
  });
}

export function useAnnulerEvenement(
  uuid: string,
): UseMutationResult<Evenement, Error, { evenement: Evenement; cle: string }> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: ({ evenement, cle }) =>
      lire(
        api.POST("/evenements/{uuid}/annulation", {
          params: { path: { uuid: evenement.uuid }, header: { ...siVersion(evenement.version), ...avecCle(cle) } },
        }),
      ),
    onSettled: () => relire(queries, uuid),
  });
}

/** Takes one file out of a fact: it stays with the previous version. */
export function useRetirerPiece(
  uuid: string,
): UseMutationResult<Evenement, Error, { evenement: Evenement; piece: string }> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: ({ evenement, piece }) =>
      lire(
        api.DELETE("/evenements/{uuid}/pieces/{document}", {
          params: { path: { uuid: evenement.uuid, document: piece }, header: siVersion(evenement.version) },
        }),
      ),
    onSettled: () => relire(queries, uuid),
  });
}

export function usePiecesJointes(uuid: string): UseQueryResult<PieceJointe[]> {
  return useQuery({
    queryKey: clesConvention.pieces(uuid),
    queryFn: ({ signal }) =>
      lire(api.GET("/conventions/{uuid}/pieces-jointes", { params: { path: { uuid } }, signal })),
    retry,
  });
}

/** Makes an attachment the signed document; the statut does not change (DO-10). */
export function usePromouvoir(
  uuid: string,
): UseMutationResult<Convention, Error, { piece: string; version: number; cle: string }> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: ({ piece, version, cle }) =>
      lire(
        api.POST("/conventions/{uuid}/pieces-jointes/{document}/promotion", {
          params: { path: { uuid, document: piece }, header: { ...siVersion(version), ...avecCle(cle) } },
        }),
      ),
    onSuccess: () => rafraichirConvention(queries, uuid),
    onError: async (error) => {
      if (hasStatus(error, 403, 409, 412)) await rafraichirConvention(queries, uuid);
    },
  });
}
