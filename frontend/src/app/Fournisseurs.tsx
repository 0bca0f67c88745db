/** Providers of the whole application, outside the router: data cache, live regions, session. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { isTransient } from "../api/problem";
import { Annonces } from "../ui/Annonces";
import type { HabilitationDemandee } from "./session/adresse";
import { SessionProvider } from "./session/SessionProvider";

/** Cache of the server's answers. A read is tried again when the network failed; a write never is. */
export function creerCache(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (count, error) => isTransient(error) && count < 2,
        retryDelay: (count) => 500 * 2 ** count,
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}

export function Fournisseurs({ demande, children }: { demande: HabilitationDemandee; children: ReactNode }) {
  const [cache] = useState(creerCache);
  return (
    <QueryClientProvider client={cache}>
      <Annonces>
        <SessionProvider demande={demande}>{children}</SessionProvider>
      </Annonces>
    </QueryClientProvider>
  );
}
