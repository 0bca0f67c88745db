/** Stand-in for the server in component tests: answers by method and path, remembers what was asked. */
import { vi } from "vitest";

export type Demande = { methode: string; chemin: string; corps: unknown; entetes: Headers };
type Reponse = { statut?: number; corps?: unknown; entetes?: Record<string, string> };
type Route = Reponse | ((demande: Demande) => Reponse);

/** Replaces `fetch` by these routes ("GET /session", path under /api/v1). An unknown route answers 404. */
export function fauxServeur(routes: Record<string, Route>): { demandes: Demande[] } {
  const demandes: Demande[] = [];
  window.fetch = vi.fn(async (input: RequestInfo | URL, init?: RequestInit) => {
    const request =
      input instanceof Request ? input : new Request(new URL(String(input), window.location.origin), init);
    const url = new URL(request.url);
    const text = await request.text();
    const demande: Demande = {
      methode: request.method,
      chemin: decodeURIComponent(url.pathname.replace("/api/v1", "")) + url.search,
      corps: text ? JSON.parse(text) : null,
      entetes: request.headers,
    };
    demandes.push(demande);
    const route = routes[`${demande.methode} ${demande.chemin.split("?")[0]}`];
    const {
      statut = 200,
      corps,
      entetes = {},
    } = (typeof route === "function" ? route(demande) : route) ?? {
      statut: 404,
      corps: { code: "INTROUVABLE", detail: "Ressource introuvable." },
    };
    return new Response(statut === 204 ? null : JSON.stringify(corps ?? {}), {
      status: statut,
      headers: { "Content-Type": "application/json", ...entetes },
    });
  }) as typeof window.fetch;
  return { demandes };
}
