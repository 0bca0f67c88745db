/** Files of a convention: list with the antivirus state, deposit of the signed PDF, cancelling of a deposit. */
import {
  type QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { lire, siVersion } from "../../api/client";
import { useCommande } from "../../api/commande";
import { type Convention, clesConvention, clientConvention, rafraichirConvention } from "../../api/convention";
import { hasStatus, isTransient } from "../../api/problem";
import type { components } from "../../api/schema";
import { type Televersement, televerser } from "../../api/televersement";
import type { EnvoyerFichier } from "../../ui/FileDrop";
import { enVerification, type RubriqueDeposee } from "./rules";

export type DocumentDepose = components["schemas"]["Document"];

/** A check lasts some seconds; one that failed is tried again by the server later. */
const RELECTURE_MS = 2_000;
const RELECTURE_LENTE_MS = 15_000;

/** Files of the convention, replaced ones included; read again by itself while the antivirus is at work. */
export function useDocuments(uuid: string): UseQueryResult<DocumentDepose[]> {
  return useQuery({
    queryKey: clesConvention.documents(uuid),
    queryFn: ({ signal }) =>
      lire(clientConvention.GET("/conventions/{uuid}/documents", { params: { path: { uuid } }, signal })) as Promise<
        DocumentDepose[]
      >,
    retry: (count, error) => isTransient(error) && count < 2,
    refetchInterval: ({ state }) => {
      const pending = (state.data ?? []).filter((document) => document.courant && enVerification(document));
      if (pending.length === 0) return false;
      return pending.every(({ antivirus }) => antivirus === "ECHEC") ? RELECTURE_LENTE_MS : RELECTURE_MS;
    },
  });
}

/** Where a file of a rubrique is sent, with the texts of its form. */
const envoi = (uuid: string, rubrique: RubriqueDeposee): Pick<Televersement, "chemin" | "champs"> =>
  rubrique === "DOCUMENT_SIGNE"
    ? { chemin: `/conventions/${uuid}/documents`, champs: { rubrique } }
    : {
        chemin: "/revisions:publish",
        champs: { nature: "publication_fonciere", portee_type: "convention", portee_cle: uuid },
      };

/**
 * Sends a PDF. The version is read again just before: a deposit changes no data of the form, and a file of
 * several hundred megabytes must not travel to be refused for a comment written meanwhile. The server refuses it when
 * the status does not allow it.
 */
export const deposer =
  (queries: QueryClient, uuid: string, rubrique: RubriqueDeposee): EnvoyerFichier =>
  async (fichier, { signal, onProgression }) => {
    const { version } = await queries.fetchQuery({
      queryKey: clesConvention.fiche(uuid),
      queryFn: () =>
        lire(clientConvention.GET("/conventions/{uuid}", { params: { path: { uuid } } })) as Promise<Convention>,
      staleTime: 0,
    });
    try {
      return await televerser<unknown>({
        ...envoi(uuid, rubrique),
        fichier,
        entetes: siVersion(version),
        onProgression,
        signal,
      });
    } finally {
      await rafraichirConvention(queries, uuid);
    }
  };

/** Withdraws the deposited file before the signature: it is archived, never erased (SG-01, DO-07). */
export function useAnnulerDepot(uuid: string): UseMutationResult<void, Error, { document: string; version: number }> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: ({ document, version }) =>
      lire(
        clientConvention.DELETE("/conventions/{uuid}/documents/{document}", {
          params: { path: { uuid, document }, header: siVersion(version) },
        }),
      ) as Promise<void>,
    onSuccess: () => rafraichirConvention(queries, uuid),
    onError: async (error) => {
      if (hasStatus(error, 404, 409, 412)) await rafraichirConvention(queries, uuid);
    },
  });
}
