/** Stand-in for the deposit API in component tests: JSON by `fetch`, files by `XMLHttpRequest`. */
import { vi } from "vitest";

export type DemandeDepot = {
  methode: string;
  chemin: string;
  parametres: URLSearchParams;
  entetes: Headers;
  corps: string;
};
type Reponse = { statut?: number; corps?: unknown; entetes?: Record<string, string> };
export type RouteDepot = Reponse | ((demande: DemandeDepot) => Reponse);

/** Routes by method and path ("POST /api-depot/validate"). An unknown one answers 404 in the words of the contract. */
export function fauxDepot(routes: Record<string, RouteDepot>): { demandes: DemandeDepot[] } {
  const demandes: DemandeDepot[] = [];
  const answer = (demande: DemandeDepot): Required<Reponse> => {
    demandes.push(demande);
    const route = routes[`${demande.methode} ${demande.chemin}`];
    const found = typeof route === "function" ? route(demande) : route;
    const {
      statut = 200,
      corps = null,
      entetes = {},
    } = found ?? {
      statut: 404,
      corps: { statusCode: 404, message: `Cannot ${demande.methode} ${demande.chemin}`, error: "Not Found" },
    };
    return { statut, corps, entetes };
  };
  const demande = (methode: string, address: string, entetes: Headers, corps: string): DemandeDepot => {
    const url = new URL(address, window.location.origin);
    return { methode, chemin: url.pathname, parametres: url.searchParams, entetes, corps };
  };
  window.fetch = vi.fn(async (input: RequestInfo | URL, init: RequestInit = {}) => {
    const body = init.body instanceof Blob ? await init.body.text() : String(init.body ?? "");
    const { statut, corps, entetes } = answer(
      demande(init.method ?? "GET", String(input), new Headers(init.headers), body),
    );
    return new Response(typeof corps === "string" ? corps : JSON.stringify(corps), {
      status: statut,
      headers: entetes,
    });
  }) as typeof window.fetch;

  vi.stubGlobal(
    "XMLHttpRequest",
    class {
      upload: { onprogress?: (event: unknown) => void } = {};
      onload?: () => void;
      onabort?: () => void;
      status = 0;
      responseText = "";
      private methode = "";
      private adresse = "";
      private readonly entetes = new Headers();
      private recus: Record<string, string> = {};
      open(methode: string, adresse: string) {
        this.methode = methode;
        this.adresse = adresse;
      }
      setRequestHeader(name: string, value: string) {
        this.entetes.set(name, value);
      }
      getAllResponseHeaders() {
        return Object.entries(this.recus)
          .map(([name, value]) => `${name}: ${value}`)
          .join("\r\n");
      }
      abort() {
        this.onabort?.();
      }
      async send(body: Blob) {
        const text = await body.text();
        this.upload.onprogress?.({ loaded: body.size, total: body.size, lengthComputable: true });
        const { statut, corps, entetes } = answer(demande(this.methode, this.adresse, this.entetes, text));
        this.status = statut;
        this.responseText = JSON.stringify(corps);
        this.recus = entetes;
        this.onload?.();
      }
    },
  );
  return { demandes };
}
