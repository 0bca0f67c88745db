/** Grouping and ungrouping the conventions of an operation: what the page derives, and the two commands (02 §8.1). */
import { type UseMutationResult, type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, avecCle, lire, siVersion } from "../../api/client";
import { useCommande } from "../../api/commande";
import type { ConventionLigne, DegroupementFait, Operation, RegroupementEcart, RegroupementFait } from "../../api/dto";

/** What the ticked rows allow. */
export type Choix =
  | { geste: "aucun"; aide: string }
  | { geste: "grouper"; survivante: ConventionLigne; autres: ConventionLigne[] }
  | { geste: "degrouper"; convention: ConventionLigne };

const estMixte = (row: ConventionLigne): boolean => row.financements.length > 1;

/** The oldest survives, then the smallest identifier: the rule of the server, told before the command. */
function parAnciennete(a: ConventionLigne, b: ConventionLigne): number {
  return Date.parse(a.cree_le) - Date.parse(b.cree_le) || (a.uuid < b.uuid ? -1 : 1);
}

/** Conventions of the operation that may be ticked, once each. */
export function regroupablesDe({ financements, regroupables }: Operation): ConventionLigne[] {
  const rows = new Map<string, ConventionLigne>();
  for (const { conventions } of financements) {
    for (const row of conventions) if (regroupables.includes(row.uuid)) rows.set(row.uuid, row);
  }
  return [...rows.values()];
}

/** Boxes are worth showing when two conventions may be grouped, or one ungrouped. */
export const casesUtiles = (rows: readonly ConventionLigne[]): boolean => rows.length > 1 || rows.some(estMixte);

/** One mixte ticked → ungroup; several → group; anything else says what to tick. */
export function choixDe(rows: readonly ConventionLigne[]): Choix {
  const [first, ...others] = [...rows].sort(parAnciennete);
  if (first && others.length > 0) return { geste: "grouper", survivante: first, autres: others };
  if (first && estMixte(first)) return { geste: "degrouper", convention: first };
  return {
    geste: "aucun",
    aide: first
      ? "Cochez une autre convention pour les grouper."
      : "Cochez les conventions à grouper, ou une convention de plusieurs financements à dégrouper.",
  };
}

const cite = (value: string): string => (value === "" ? "rien" : `« ${value} »`);

/** « Adresse : « 1 rue Haute » est gardé ; PLAI avait « 2 rue Basse ». » (MX-08) */
export function phraseEcart({ libelle, gardee, ecartees }: RegroupementEcart): string {
  const others = ecartees.map(({ financements, valeur }) => `${financements} avait ${cite(valeur)}`).join(", ");
  return `${libelle} : ${gardee === "" ? "reste vide" : `${cite(gardee)} est gardé`} ; ${others}.`;
}

/** « PLUS et PLAI » */
export const enumerer = (list: readonly string[]): string =>
  list.length < 2 ? list.join("") : `${list.slice(0, -1).join(", ")} et ${list[list.length - 1]}`;

/** What an ungrouping needs of a convention: its version, and its lots in their order. */
export function useConventionADegrouper(uuid: string | null): UseQueryResult<{ version: number; lots: string[] }> {
  return useQuery({
    queryKey: ["convention", uuid, "degroupement"],
    queryFn: ({ signal }) => lire(api.GET("/conventions/{uuid}", { params: { path: { uuid: uuid ?? "" } }, signal })),
    select: ({ version, financements }) => ({ version, lots: financements }),
    enabled: uuid !== null,
    gcTime: 0,
  });
}

function useApres(numero: string) {
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ["operations", numero] }),
      queries.invalidateQueries({ queryKey: ["conventions"] }),
      queries.invalidateQueries({ queryKey: ["convention"] }),
      queries.invalidateQueries({ queryKey: ["moi"] }),
    ]);
}

export function useRegroupement(
  numero: string,
): UseMutationResult<RegroupementFait, Error, { uuids: string[]; cle: string }> {
  const apres = useApres(numero);
  return useCommande({
    mutationFn: ({ uuids, cle }) =>
      lire(api.POST("/conventions/regroupements", { params: { header: avecCle(cle) }, body: { uuids } })),
    onSuccess: apres,
  });
}

export function useDegroupement(
  numero: string,
): UseMutationResult<DegroupementFait, Error, { uuid: string; version: number; cle: string }> {
  const apres = useApres(numero);
  return useCommande({
    mutationFn: ({ uuid, version, cle }) =>
      lire(
        api.POST("/conventions/{uuid}/degroupement", {
          params: { path: { uuid }, header: { ...siVersion(version), ...avecCle(cle) } },
        }),
      ),
    onSuccess: apres,
  });
}
