/** Reading and saving a step, whatever the step: its fields and values are described by the server. */
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { lireVersion, siVersion } from "../../api/client";
import { clesConvention, clientConvention } from "../../api/convention";
import { isTransient } from "../../api/problem";
import type { components } from "../../api/schema";

type Schemas = components["schemas"];

export type Etape = Schemas["Etape"];
export type ChampEtape = Schemas["ChampEtape"];
export type TableEtape = Schemas["TableEtape"];
export type ConditionEtape = Schemas["ConditionEtape"];
export type ValeurSimple = string | number | boolean | null;
/** A row as the server gives and takes it: its identifier among its columns. */
export type ValeurLigne = Record<string, ValeurSimple>;
export type ValeurChamp = ValeurSimple | ValeurLigne[];
export type Valeurs = Record<string, ValeurChamp>;

/** Steps that have an address of their own under /conventions/{uuid}. */
const CODES = new Set([
  "bailleur",
  "operation",
  "cadastre",
  "edd",
  "financement",
  "logements",
  "annexes",
  "stationnements",
  "collectif",
  "attribution",
  "variantes",
  "champ_libre",
  "commentaires",
  "denonciation",
  "resiliation",
]);

export const estCodeEtape = (code: string): boolean => CODES.has(code);

/**
 * The document describes one path per step; their shapes are the same (Etape), only the documented body of the save
 * differs. One name stands for all of them here.
 */
const chemin = (code: string) =>
  `/conventions/{uuid}/${code === "commentaires" ? "message-au-service" : code}` as "/conventions/{uuid}/operation";

export async function lireEtape(uuid: string, code: string, signal?: AbortSignal): Promise<Etape> {
  const { donnees } = await lireVersion(clientConvention.GET(chemin(code), { params: { path: { uuid } }, signal }));
  return donnees as Etape;
}

export type Enregistrement = {
  version: number;
  valeurs: Valeurs;
  /** Comments to mark resolved in the same transaction. */
  resolus?: readonly string[];
  /** The reader has read the confirmable errors and goes on. */
  confirmer?: boolean;
};

/** Saves the given fields; an absent field does not change. 412 when somebody wrote meanwhile. */
export async function enregistrerEtape(
  uuid: string,
  code: string,
  { version, valeurs, resolus = [], confirmer = false }: Enregistrement,
): Promise<Etape> {
  const body = {
    ...valeurs,
    ...(resolus.length > 0 ? { commentaires_resolus: [...resolus] } : {}),
    ...(confirmer ? { confirmer_erreurs: true } : {}),
  };
  const { donnees } = await lireVersion(
    clientConvention.PUT(chemin(code), {
      params: { path: { uuid }, header: siVersion(version) },
      // The fields are those the server listed for this step.
      body: body as Schemas["OperationSaisie"],
    }),
  );
  return donnees as Etape;
}

/** One step: fields, values, rights, comments, draft kept by the server. */
export function useEtape(uuid: string, code: string): UseQueryResult<Etape> {
  return useQuery({
    queryKey: clesConvention.etape(uuid, code),
    queryFn: ({ signal }) => lireEtape(uuid, code, signal),
    enabled: estCodeEtape(code),
    retry: (count, error) => isTransient(error) && count < 2,
  });
}
