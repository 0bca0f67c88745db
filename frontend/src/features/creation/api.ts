/** What is recorded by hand: conventions without agreement, conventions and avenants signed outside the platform. */
import { type UseMutationResult, type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, avecCle, lire } from "../../api/client";
import { useCommande } from "../../api/commande";
import { clesConvention } from "../../api/convention";
import type { Operation, OperationTrouvee } from "../../api/dto";
import { isTransient } from "../../api/problem";
import type { components } from "../../api/schema";
import { televerser } from "../../api/televersement";
import type { OptionCombobox } from "../../ui/Combobox";
import type { EnvoyerFichier } from "../../ui/FileDrop";

type Schemas = components["schemas"];

export type AvenantDejaSigne = Schemas["AvenantDejaSigne"];
export type ConventionCreee = Schemas["Convention"];
export type ConventionDeclaree = Schemas["ConventionDeclaree"];
export type ConventionDejaSignee = Schemas["ConventionDejaSignee"];
export type ConventionInitiale = Schemas["ConventionInitiale"];
export type ConventionManuelle = Schemas["ConventionManuelle"];
export type DocumentImporte = Schemas["DocumentImporte"];

/** A form that was sent once: the same key for the same content, a new one when the content changed. */
type Envoi<T> = { corps: T; cle: string };

const seulementUneFois = { retry: (count: number, error: Error) => count < 1 && isTransient(error) };

/** The operation of the second step, by its number. */
export function useOperationChoisie(numero: string): UseQueryResult<Operation> {
  return useQuery({
    queryKey: ["operations", numero],
    queryFn: ({ signal }) => lire(api.GET("/operations/{numero}", { params: { path: { numero } }, signal })),
    ...seulementUneFois,
  });
}

/** Operations whose number is the one given, or near it (CR-26). */
export function useOperationsTrouvees(q: string): UseQueryResult<OperationTrouvee[]> {
  return useQuery({
    queryKey: ["operations", "recherche", q],
    queryFn: ({ signal }) => lire(api.GET("/operations", { params: { query: { q } }, signal })),
    enabled: q.length >= 3,
  });
}

/** The convention that receives avenants. */
export function useConventionAmendee(uuid: string): UseQueryResult<ConventionCreee> {
  return useQuery({
    queryKey: clesConvention.fiche(uuid),
    queryFn: ({ signal }) => lire(api.GET("/conventions/{uuid}", { params: { path: { uuid } }, signal })),
    ...seulementUneFois,
  });
}

type Entites = { uuid: string; nom: string; code: string }[];
const options = (liste: Entites): OptionCombobox[] =>
  liste.map(({ uuid, nom, code }) => ({ valeur: uuid, libelle: nom, detail: code || undefined }));

/** Bailleurs that the reader may give to a convention, of a place once its postcode is typed (PE-40). */
export const chercherBailleurs =
  (codePostal = "") =>
  async (q: string, signal: AbortSignal): Promise<OptionCombobox[]> => {
    const code_postal = /^\d{5}$/.test(codePostal) ? codePostal : undefined;
    return options(
      await lire(api.GET("/conventions/creation/bailleurs", { params: { query: { q, code_postal } }, signal })),
    );
  };

/** Services that the reader may give to a convention. */
export const chercherAdministrations = async (q: string, signal: AbortSignal): Promise<OptionCombobox[]> =>
  options(await lire(api.GET("/conventions/creation/administrations", { params: { query: { q } }, signal })));

/** Sends a signed PDF before what it signs is recorded; `onRecu` gets what the form must send with it. */
export const envoyerDocument =
  (onRecu: (document: DocumentImporte) => void): EnvoyerFichier =>
  async (fichier, { signal, onProgression }) => {
    onRecu(
      await televerser<DocumentImporte>({
        chemin: "/conventions/importation/documents",
        fichier,
        onProgression,
        signal,
      }),
    );
  };

/** After something was recorded, lists and counts are read again. */
function useEnregistrement<T>(
  envoyer: (envoi: Envoi<T>) => Promise<ConventionCreee>,
): UseMutationResult<ConventionCreee, Error, Envoi<T>> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: envoyer,
    onSuccess: () =>
      Promise.all(
        [["conventions"], ["convention"], ["operations"], ["moi"]].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      ),
  });
}

export const useCreationManuelle = () =>
  useEnregistrement<ConventionManuelle>(({ corps, cle }) =>
    lire(api.POST("/conventions", { params: { header: avecCle(cle) }, body: corps })),
  );

export const useAjoutConvention = () =>
  useEnregistrement<ConventionDejaSignee>(({ corps, cle }) =>
    lire(api.POST("/conventions/importation", { params: { header: avecCle(cle) }, body: corps })),
  );

export const useAjoutAvenant = (uuid: string) =>
  useEnregistrement<AvenantDejaSigne>(({ corps, cle }) =>
    lire(
      api.POST("/conventions/{uuid}/avenants/importation", {
        params: { path: { uuid }, header: avecCle(cle) },
        body: corps,
      }),
    ),
  );

export const useDeclaration = () =>
  useEnregistrement<ConventionDeclaree>(({ corps, cle }) =>
    lire(api.POST("/avenants/declaration", { params: { header: avecCle(cle) }, body: corps })),
  );

export const useCreationAvenant = () =>
  useEnregistrement<string>(({ corps: uuid, cle }) =>
    lire(api.POST("/conventions/{uuid}/avenants", { params: { path: { uuid }, header: avecCle(cle) }, body: {} })),
  );

export type CriteresInitiale = { departement: string; annee: number; numero: string };

/** Conventions of the perimeter that an avenant may be about (02 §3.6, path B). */
export function useConventionsInitiales(criteres: CriteresInitiale | null): UseQueryResult<ConventionInitiale[]> {
  return useQuery({
    queryKey: ["avenants", "recherche", criteres],
    queryFn: ({ signal }) =>
      lire(api.GET("/avenants/recherche", { params: { query: criteres as CriteresInitiale }, signal })),
    enabled: criteres !== null,
  });
}
