/** What the platform says about itself to everybody: environment, limits, labels. Read once. */
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { apiPublique, lire } from "../api/client";
import type { Configuration } from "../api/dto";

export function useConfiguration(): UseQueryResult<Configuration> {
  return useQuery({
    queryKey: ["configuration"],
    queryFn: () => lire(apiPublique.GET("/configuration")),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
}
