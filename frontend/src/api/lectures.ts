/**
 * What changed since a moment: the last visit of the reader, what was submitted, the version in force. The moments are
 * read once and kept while the pages of a file are open: reading moves the marker of the last visit, and what was new when
 * the file was opened must not fade under the eyes of its reader.
 */
import { type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, lire, siVersion } from "./client";
import { clesConvention } from "./convention";
import { isTransient } from "./problem";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Repere = Schemas["RepereVu"];
export type ComparaisonDepuis = Schemas["Comparaison"];

/** Visible reading before a file counts as read, in milliseconds (ux §4). */
export const DELAI_DE_LECTURE = 5_000;

const LECTURES = "lectures";
const retry = (count: number, error: Error): boolean => isTransient(error) && count < 2;

/** Moments that the convention may be compared with, the last visit first. */
export function useReperes(uuid: string): UseQueryResult<readonly Repere[]> {
  return useQuery({
    queryKey: [LECTURES, "reperes", uuid],
    queryFn: async ({ signal }) =>
      (await lire(api.GET("/conventions/{uuid}/reperes", { params: { path: { uuid } }, signal }))).reperes,
    retry,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/**
 * Differences with a moment. To the service, who may ask for a version, they follow the file as it changes; to the
 * bailleur, who may not, they stay those of the opening.
 */
export function useComparaisonDepuis(
  uuid: string,
  repere: Repere | undefined,
  service: boolean,
): UseQueryResult<ComparaisonDepuis> {
  const kept = repere !== undefined && repere.repere !== "parent";
  const avec = kept && service ? String(repere.version) : repere?.repere;
  return useQuery({
    queryKey: kept && !service ? [LECTURES, "depuis", uuid, avec] : [...clesConvention.tout(uuid), "depuis", avec],
    queryFn: ({ signal }) =>
      lire(api.GET("/conventions/{uuid}/comparaison", { params: { path: { uuid }, query: { avec } }, signal })),
    retry,
    enabled: repere !== undefined,
    staleTime: kept && !service ? Number.POSITIVE_INFINITY : undefined,
  });
}

/** Conventions of a page that changed since the reader read them. A page without an answer shows no mark. */
export function useModifiees(uuids: readonly string[]): ReadonlySet<string> {
  const { data } = useQuery({
    queryKey: [LECTURES, "modifiees", ...uuids],
    queryFn: async ({ signal }) =>
      (await lire(api.GET("/moi/lectures", { params: { query: { conventions: [...uuids] } }, signal }))).modifiees,
    retry,
    enabled: uuids.length > 0,
  });
  return new Set(data);
}

/**
 * Remembers that the version was read, once it has been in sight for a while. Its failure is nobody's concern: a version
 * that is no longer the last one is read again by the page, and marked then.
 */
export function useLecture(uuid: string, version: number, pret: boolean): void {
  const queries = useQueryClient();
  const done = useRef("");
  useEffect(() => {
    const key = `${uuid} ${version}`;
    if (!pret || done.current === key) return undefined;
    let timer: number | undefined;
    const mark = () => {
      done.current = key;
      lire(api.PUT("/moi/lectures/{uuid}", { params: { path: { uuid }, header: siVersion(version) } }))
        .then(() => queries.invalidateQueries({ queryKey: [LECTURES, "modifiees"] }))
        .catch(() => undefined);
    };
    const watch = () => {
      window.clearTimeout(timer);
      if (done.current !== key && document.visibilityState === "visible")
        timer = window.setTimeout(mark, DELAI_DE_LECTURE);
    };
    watch();
    document.addEventListener("visibilitychange", watch);
    return () => {
      window.clearTimeout(timer);
      document.removeEventListener("visibilitychange", watch);
    };
  }, [uuid, version, pret, queries]);
}
