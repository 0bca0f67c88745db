import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { api, lire } from "../../api/client";
import type { AFaire } from "../../api/dto";

/** What waits for the reader, oldest first. Read again when the tab is looked at, and every minute while it is. */
export function useAFaire(): UseQueryResult<AFaire> {
  return useQuery({
    queryKey: ["moi", "a-faire"],
    queryFn: () => lire(api.GET("/moi/a-faire")),
    refetchOnWindowFocus: true,
    refetchInterval: 60_000,
  });
}
