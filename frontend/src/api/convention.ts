/**
 * Calls on one convention shared by the features that show it: convention, comments, steps, documents. Types come from
 * the generated document; every key of the cache starts with ["convention", uuid], so that a command can refresh the
 * whole page in one move.
 *
 * Rules: a command carries the version that was read (412 when stale: read again and decide again, never replayed by
 * itself) and one idempotency key per intention, made when its dialog opens.
 */
import {
  type InfiniteData,
  type QueryClient,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { api, avecCle, lire, siVersion } from "./client";
import { useCommande } from "./commande";
import { hasStatus, isApiError, isTransient } from "./problem";
import type { components, operations } from "./schema";

type Schemas = components["schemas"];

export type Convention = Schemas["Convention"];
export type EtapeResumee = Schemas["EtapeResumee"];
export type PointCompletude = Schemas["PointCompletude"];
export type AvenantLigne = Schemas["AvenantLigne"];
export type Action = Schemas["Action"];
export type Precondition = Schemas["Precondition"];
export type ActionDemandee = Schemas["ActionDemandee"];
export type ActionFaite = Schemas["ActionFaite"];
export type Recapitulatif = Schemas["Recapitulatif"];
export type Carte = Schemas["Carte"];
export type ChampCarte = Schemas["ChampCarte"];
export type Tableau = Schemas["Tableau"];
export type Commentaire = Schemas["Commentaire"];
export type ActionCommentaire = Commentaire["actions"][number];
export type CommentaireCreation = Schemas["CommentaireCreation"];
export type CommentaireModification = Schemas["CommentaireModification"];
export type CommentairesConvention = Schemas["CommentairesConvention"];
export type EvenementHistorique = Schemas["LigneHistorique"];
export type HistoriquePage = Schemas["HistoriquePage"];
/** Code of a command in the address of the API: « soumettre », « valider »… */
export type CodeAction = operations["post-conventions-uuid-actions-code"]["parameters"]["path"]["code"];

/** The client of the application, under the name the pages of a convention give it. */
export const clientConvention = api;

/** Keys of the cache. Everything of a convention is under `tout(uuid)`. */
export const clesConvention = {
  tout: (uuid: string) => ["convention", uuid] as const,
  fiche: (uuid: string) => ["convention", uuid, "fiche"] as const,
  recapitulatif: (uuid: string) => ["convention", uuid, "recapitulatif"] as const,
  commentaires: (uuid: string) => ["convention", uuid, "commentaires"] as const,
  historique: (uuid: string) => ["convention", uuid, "historique"] as const,
  etape: (uuid: string, code: string) => ["convention", uuid, "etape", code] as const,
  documents: (uuid: string) => ["convention", uuid, "documents"] as const,
  chronologie: (uuid: string) => ["convention", uuid, "chronologie"] as const,
  journal: (uuid: string) => ["convention", uuid, "journal"] as const,
  pieces: (uuid: string) => ["convention", uuid, "pieces"] as const,
  avenants: (uuid: string) => ["convention", uuid, "avenants"] as const,
  /** Version that the reader has just written himself from this page. */
  ecrite: (uuid: string) => ["version-ecrite", uuid] as const,
};

const retry = (count: number, error: Error): boolean => isTransient(error) && count < 2;

/** The convention: identity, statut, who has the ball, steps, completeness, possible actions. */
export function useConvention(uuid: string): UseQueryResult<Convention> {
  return useQuery({
    queryKey: clesConvention.fiche(uuid),
    queryFn: ({ signal }) => lire(clientConvention.GET("/conventions/{uuid}", { params: { path: { uuid } }, signal })),
    retry,
  });
}

/** Avenants of the family that the reader sees, in their order. */
export function useAvenants(uuid: string, actif = true): UseQueryResult<AvenantLigne[]> {
  return useQuery({
    queryKey: clesConvention.avenants(uuid),
    queryFn: ({ signal }) =>
      lire(clientConvention.GET("/conventions/{uuid}/avenants", { params: { path: { uuid } }, signal })),
    retry,
    enabled: actif,
  });
}

/** Fields and tables in words, one card per step. */
export function useRecapitulatif(uuid: string): UseQueryResult<Recapitulatif> {
  return useQuery({
    queryKey: clesConvention.recapitulatif(uuid),
    queryFn: ({ signal }) =>
      lire(clientConvention.GET("/conventions/{uuid}/recapitulatif", { params: { path: { uuid } }, signal })),
    retry,
  });
}

/** Every comment of the convention, in one request. */
export function useCommentaires(uuid: string, actif = true): UseQueryResult<CommentairesConvention> {
  return useQuery({
    queryKey: clesConvention.commentaires(uuid),
    queryFn: ({ signal }) =>
      lire(clientConvention.GET("/conventions/{uuid}/commentaires", { params: { path: { uuid } }, signal })),
    retry,
    enabled: actif,
  });
}

/** What happened, from the latest, page after page; `statuts` keeps the changes of statut alone. */
export function useHistorique(
  uuid: string,
  statuts = false,
  actif = true,
): UseInfiniteQueryResult<InfiniteData<HistoriquePage>> {
  return useInfiniteQuery({
    queryKey: [...clesConvention.historique(uuid), statuts],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      lire(
        clientConvention.GET("/conventions/{uuid}/historique", {
          params: {
            path: { uuid },
            query: { apres: pageParam, limite: 50, categorie: statuts ? "statut" : undefined },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.suivant ?? undefined,
    retry,
    enabled: actif,
  });
}

/** Puts in the cache what a write of the reader has answered: its version is his, and is not announced to him. */
export function poserConvention(queries: QueryClient, convention: Convention): void {
  queries.setQueryData(clesConvention.ecrite(convention.uuid), convention.version);
  queries.setQueryData(clesConvention.fiche(convention.uuid), convention);
}

export type BrouillonEnCours = Schemas["BrouillonEnCours"];

/** Drafts of steps of this convention that the reader kept and has not saved. Read with the home page, shared with it. */
export function useBrouillons(uuid: string, actif = true): UseQueryResult<BrouillonEnCours[]> {
  return useQuery({
    queryKey: ["moi", "a-faire"],
    queryFn: () => lire(clientConvention.GET("/moi/a-faire")),
    select: ({ brouillons }) => brouillons.filter(({ convention_uuid }) => convention_uuid === uuid),
    retry,
    enabled: actif,
  });
}

/** Reads again what another page or another person may have changed: the convention, the lists, the home page. */
export function rafraichirConvention(queries: QueryClient, uuid: string): Promise<unknown> {
  return Promise.all([
    queries.invalidateQueries({ queryKey: clesConvention.tout(uuid) }),
    queries.invalidateQueries({ queryKey: ["conventions"] }),
    queries.invalidateQueries({ queryKey: ["operations"] }),
    queries.invalidateQueries({ queryKey: ["moi"] }),
  ]);
}

type TypeSaisi = { version: number; type1and2: "Type1" | "Type2"; options: number[] };

/** Type I or II, and the clauses that a type II keeps; refused with 412 when the convention changed meanwhile. */
export function useChoixType(uuid: string): UseMutationResult<Convention, Error, TypeSaisi> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: ({ version, ...body }) =>
      lire(
        clientConvention.PUT("/conventions/{uuid}/type1and2", {
          params: { path: { uuid }, header: siVersion(version) },
          body,
        }),
      ),
    onSuccess: (convention) => poserConvention(queries, convention),
    onSettled: () => rafraichirConvention(queries, uuid),
  });
}

export type DemandeAction = {
  code: CodeAction;
  /** Version on which the reader decided. */
  version: number;
  /** One per intention: made when the dialog opens, kept for a new try (`nouvelleCle`). */
  cle: string;
  corps?: ActionDemandee;
};

/**
 * Carries out a command. On success the convention of the answer replaces the one of the cache. On 409 and 412 the
 * page is read again before the error is given back: the reader sees the present state beside the refusal.
 */
export function useAction(uuid: string): UseMutationResult<ActionFaite, Error, DemandeAction> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: ({ code, version, cle, corps }) =>
      lire(
        clientConvention.POST("/conventions/{uuid}/actions/{code}", {
          params: { path: { uuid, code }, header: { ...siVersion(version), ...avecCle(cle) } },
          body: corps ?? {},
        }),
      ),
    onSuccess: ({ convention }) => {
      if (convention) {
        queries.setQueryData(clesConvention.fiche(uuid), convention);
        void rafraichirConvention(queries, uuid);
      } else {
        // Deleted: reading it again would only answer 404. The list and the home page are read again.
        void queries.invalidateQueries({ queryKey: ["conventions"] });
        void queries.invalidateQueries({ queryKey: ["operations"] });
        void queries.invalidateQueries({ queryKey: ["moi"] });
      }
    },
    onError: async (error) => {
      if (hasStatus(error, 409, 412)) await rafraichirConvention(queries, uuid);
    },
  });
}

/** Why a command was refused, for the words of the dialog. */
export type Refus = "perime" | "statut" | "incomplet" | "autre";

/** 412 → « perime »; 409 of the statut → « statut »; 422 of the preconditions → « incomplet »; the rest → « autre ». */
export function natureDuRefus(error: unknown): Refus {
  if (hasStatus(error, 412)) return "perime";
  if (hasStatus(error, 409)) return "statut";
  if (hasStatus(error, 422)) return "incomplet";
  return "autre";
}

/** Statut of the convention when a command was refused by its statut (409). */
export const statutCourant = (error: unknown): string | null =>
  isApiError(error) && typeof error.extra.statut_courant === "string" ? error.extra.statut_courant : null;

/** Replaces or adds one comment in the list of the cache, then has counts and rights read again. */
function poserCommentaire(queries: QueryClient, uuid: string, comment: Commentaire): void {
  queries.setQueryData<CommentairesConvention>(clesConvention.commentaires(uuid), (before) => {
    if (!before) return before;
    const known = before.commentaires.some((c) => c.uuid === comment.uuid);
    const commentaires = known
      ? before.commentaires.map((c) => (c.uuid === comment.uuid ? comment : c))
      : [...before.commentaires, comment];
    const group = before.groupes[comment.cible] ?? [];
    const groupes = group.includes(comment.uuid)
      ? before.groupes
      : { ...before.groupes, [comment.cible]: [...group, comment.uuid] };
    return { ...before, commentaires, groupes };
  });
  void rafraichirConvention(queries, uuid);
}

/** Comments a field or a table. The same key twice creates one comment. */
export function useCommenter(
  uuid: string,
): UseMutationResult<Commentaire, Error, { corps: CommentaireCreation; cle: string }> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: ({ corps, cle }) =>
      lire(
        clientConvention.POST("/conventions/{uuid}/commentaires", {
          params: { path: { uuid }, header: avecCle(cle) },
          body: corps,
        }),
      ),
    onSuccess: (comment) => poserCommentaire(queries, uuid, comment),
    onError: async (error) => {
      if (hasStatus(error, 409)) await rafraichirConvention(queries, uuid);
    },
  });
}

export type ModificationDemandee = {
  commentaire: Pick<Commentaire, "uuid" | "version">;
  corps: CommentaireModification;
};

/** Changes the text or the statut of a comment; 412 and 409 have the comments read again. */
export function useModifierCommentaire(uuid: string): UseMutationResult<Commentaire, Error, ModificationDemandee> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: ({ commentaire, corps }) =>
      lire(
        clientConvention.PATCH("/commentaires/{uuid}", {
          params: { path: { uuid: commentaire.uuid }, header: siVersion(commentaire.version) },
          body: corps,
        }),
      ),
    onSuccess: (comment) => poserCommentaire(queries, uuid, comment),
    onError: async (error) => {
      if (hasStatus(error, 409, 412)) await rafraichirConvention(queries, uuid);
    },
  });
}
