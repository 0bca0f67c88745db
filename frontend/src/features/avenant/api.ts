/** What an avenant changes: its types, its comparison with another version, its creation. */
import { type UseMutationResult, type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { avecCle, lire, siVersion } from "../../api/client";
import { useCommande } from "../../api/commande";
import {
  type Convention,
  clesConvention,
  clientConvention,
  poserConvention,
  rafraichirConvention,
} from "../../api/convention";
import { hasStatus, isTransient } from "../../api/problem";
import type { components, operations } from "../../api/schema";

type Schemas = components["schemas"];

export type TypeAvenant = Schemas["TypeAvenantVu"];
export type TypesAvenant = Schemas["TypesAvenantVus"];
export type Comparaison = Schemas["Comparaison"];
export type BlocCompare = Schemas["BlocCompare"];
export type TableauCompare = Schemas["TableauCompare"];
export type LigneComparee = Schemas["LigneComparee"];
export type VersionComparee = Schemas["VersionComparee"];
export type InitialeSaisie = Schemas["InitialeSaisie"];
export type CodeType = operations["put-avenants-uuid-types-code"]["parameters"]["path"]["code"];

const retry = (count: number, error: Error): boolean => isTransient(error) && count < 2;

/** Blocks that the avenant changes or may change; of a convention, those that an avenant could change. */
export function useTypes(uuid: string, actif = true): UseQueryResult<TypesAvenant> {
  return useQuery({
    queryKey: [...clesConvention.tout(uuid), "types"],
    queryFn: ({ signal }) =>
      lire(clientConvention.GET("/avenants/{uuid}/types", { params: { path: { uuid } }, signal })),
    retry,
    enabled: actif,
  });
}

/** Differences with the version that the avenant amends, or with another one of its family. */
export function useComparaison(
  uuid: string,
  { avec, complet = false, actif = true }: { avec?: string; complet?: boolean; actif?: boolean } = {},
): UseQueryResult<Comparaison> {
  return useQuery({
    queryKey: [...clesConvention.tout(uuid), "comparaison", avec ?? "", complet],
    queryFn: ({ signal }) =>
      lire(
        clientConvention.GET("/avenants/{uuid}/comparaison", {
          params: { path: { uuid }, query: { avec, complet: complet || undefined } },
          signal,
        }),
      ),
    retry,
    enabled: actif,
  });
}

export type Changement = { type: string; coche: boolean; version: number };

/** Checks a type, or removes it and puts its block back. 409 and 412 have the page read again. */
export function useChangerType(uuid: string): UseMutationResult<Convention | undefined, Error, Changement> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: async ({ type, coche, version }) => {
      const params = { path: { uuid, code: type as CodeType }, header: siVersion(version) };
      if (coche) return lire(clientConvention.PUT("/avenants/{uuid}/types/{code}", { params }));
      return (await lire(clientConvention.DELETE("/avenants/{uuid}/types/{code}", { params }))) as
        | Convention
        | undefined;
    },
    onSuccess: (convention) => {
      if (convention) poserConvention(queries, convention);
      return rafraichirConvention(queries, uuid);
    },
    onError: async (error) => {
      if (hasStatus(error, 409, 412)) await rafraichirConvention(queries, uuid);
    },
  });
}

/** Starts an avenant on the family of a convention; the same key twice creates one. */
export function useCreerAvenant(
  uuid: string,
): UseMutationResult<Convention, Error, { types: readonly string[]; cle: string }> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: ({ types, cle }) =>
      lire(
        clientConvention.POST("/conventions/{uuid}/avenants", {
          params: { path: { uuid }, header: avecCle(cle) },
          body: { types: types as CodeType[] },
        }),
      ),
    // Not awaited: the page goes to the avenant at once, whatever the time that reading the convention again takes.
    onSuccess: () => void rafraichirConvention(queries, uuid),
  });
}

/** Gives the root of an avenant what it lacks (AV-20). */
export function useCompleterInitiale(
  uuid: string,
): UseMutationResult<Convention, Error, { version: number; corps: InitialeSaisie; cle: string }> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: ({ version, corps, cle }) =>
      lire(
        clientConvention.POST("/avenants/{uuid}/convention-initiale", {
          params: { path: { uuid }, header: { ...siVersion(version), ...avecCle(cle) } },
          body: corps,
        }),
      ),
    onSuccess: (convention) => {
      poserConvention(queries, convention);
      return rafraichirConvention(queries, uuid);
    },
    onError: async (error) => {
      if (hasStatus(error, 409, 412)) await rafraichirConvention(queries, uuid);
    },
  });
}
