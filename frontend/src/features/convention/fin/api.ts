/** Calls of the end of a convention: the rows of the family, the start of a procedure, the pieces of its acte. */
import { type QueryClient, type UseMutationResult, useQueryClient } from "@tanstack/react-query";
import { avecCle, lire } from "../../../api/client";
import { useCommande } from "../../../api/commande";
import { type Convention, clesConvention, clientConvention, rafraichirConvention } from "../../../api/convention";
import { adresseDe } from "../../../api/telechargement";
import { type PartieDeFichier, televerser } from "../../../api/televersement";
import type { EnvoyerFichier } from "../../../ui/FileDrop";
import type { GenreFin } from "./rules";

export type DocumentDeConvention = Convention["documents"][number];

/** Starts a dénonciation or a résiliation on a convention in force. */
export function useCommencerFin(uuid: string): UseMutationResult<Convention, Error, { type: GenreFin; cle: string }> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: ({ type, cle }) =>
      lire(
        clientConvention.POST("/conventions/{uuid}/avenants", {
          params: { path: { uuid }, header: avecCle(cle) },
          body: { types: [type] },
        }),
      ),
    onSettled: () => rafraichirConvention(queries, uuid),
  });
}

/** Where pieces are kept: their rubrique, and the revisions that carry them. */
export type Emplacement = { rubrique: string; nature: "instruction" | "annexe"; suffixe: string };

export const emplacementDeLActe = (genre: GenreFin): Emplacement => ({
  rubrique: genre === "denonciation" ? "INSTRUCTION_DENONCIATION" : "INSTRUCTION_RESILIATION",
  nature: "instruction",
  suffixe: "",
});

/** Files joined to the comments for the service. */
export const COMMENTAIRES: Emplacement = { rubrique: "COMMENTAIRES", nature: "annexe", suffixe: ":commentaires" };

/** Pieces in force, the oldest first. */
export const piecesDe = (
  documents: readonly DocumentDeConvention[],
  { rubrique: wanted }: Emplacement,
): DocumentDeConvention[] =>
  documents
    .filter(({ rubrique, courant, antivirus }) => rubrique === wanted && courant && antivirus !== "INFECTE")
    .sort((a, b) => a.cree_le.localeCompare(b.cree_le) || a.nom.localeCompare(b.nom));

async function contenu(document: DocumentDeConvention, signal: AbortSignal): Promise<Blob> {
  const reply = await fetch(await adresseDe(document.uuid), { signal });
  if (!reply.ok) throw new Error(`La pièce « ${document.nom} » n’a pas pu être relue. Réessayez.`);
  return reply.blob();
}

/**
 * Adds a piece. The pieces of a place are published together, so those in force are sent again with the
 * new one; `version` stops the whole when somebody changed the file meanwhile.
 */
export const ajouterPiece =
  (queries: QueryClient, uuid: string, ou: Emplacement): EnvoyerFichier =>
  async (fichier, { signal, onProgression }) => {
    const convention = await queries.fetchQuery({
      queryKey: clesConvention.fiche(uuid),
      queryFn: () => lire(clientConvention.GET("/conventions/{uuid}", { params: { path: { uuid } } })),
      staleTime: 0,
    });
    const kept = piecesDe(convention.documents, ou);
    const parties: PartieDeFichier[] = [];
    for (const [index, document] of kept.entries()) {
      parties.push({ champ: `piece:${index + 1}`, nom: document.nom, contenu: await contenu(document, signal) });
    }
    try {
      return await televerser<unknown>({
        chemin: "/revisions:publish",
        champs: {
          nature: ou.nature,
          portee_type: "convention",
          portee_cle: uuid + ou.suffixe,
          version: String(convention.version),
        },
        parties,
        fichier,
        nomDuChamp: `piece:${kept.length + 1}`,
        onProgression,
        signal,
      });
    } finally {
      await rafraichirConvention(queries, uuid);
    }
  };

/** Deposits or replaces the signed acte of a dénonciation, after it was validated (AV-33). The statut does not change. */
export const deposerActeSigne =
  (queries: QueryClient, uuid: string): EnvoyerFichier =>
  async (fichier, { signal, onProgression }) => {
    const { version } = await queries.fetchQuery({
      queryKey: clesConvention.fiche(uuid),
      queryFn: () => lire(clientConvention.GET("/conventions/{uuid}", { params: { path: { uuid } } })),
      staleTime: 0,
    });
    try {
      return await televerser<unknown>({
        chemin: `/conventions/${uuid}/documents`,
        champs: { rubrique: "DOCUMENT_SIGNE" },
        fichier,
        entetes: { "If-Match": `"${version}"` },
        onProgression,
        signal,
      });
    } finally {
      await rafraichirConvention(queries, uuid);
    }
  };
