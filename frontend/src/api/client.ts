/**
 * The one way to talk to /api/v1: openapi-fetch on the generated types, with the bearer token, typed errors and the
 * headers of optimistic concurrency. Nothing else in the application calls `fetch`, except uploads (televersement.ts) and
 * the stream of live updates (direct.ts).
 *
 * A request answered 401 is replayed once with a new token; a POST without Idempotency-Key never is. A POST whose key is
 * already being answered (its first sending was cut on the way) waits for that answer instead of being refused.
 */
import createClient, { type Middleware } from "openapi-fetch";
import { type Jetons, jetons } from "./jetons";
import { avecModeExpert } from "./modeExpert";
import { NetworkError, toApiError } from "./problem";
import type { paths } from "./schema";

export const API_ROOT = "/api/v1";

type Fetcher = (request: Request) => Promise<Response>;

const replayable = (request: Request) => request.method !== "POST" || request.headers.has("Idempotency-Key");

/** Longest wait for the answer of the same request, sent before: one try a second. */
const ATTENTES = 30;

/** The server is still carrying out a request of the same key: its answer will be the same. */
async function dejaEnCours(request: Request, response: Response): Promise<boolean> {
  if (response.status !== 409 || !request.headers.has("Idempotency-Key")) return false;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return typeof body === "object" && body !== null && "code" in body && body.code === "requete_en_cours";
}

const attendre = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Sends with the bearer token, renews it once on 401, and gives network failures their type. */
export function authenticatedFetch(
  send: Fetcher,
  tokens: Pick<Jetons, "get" | "refresh">,
  patienter: (ms: number) => Promise<void> = attendre,
): Fetcher {
  const attempt = async (request: Request, token: string | null) => {
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
    try {
      return await send(request);
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
      throw new NetworkError(cause);
    }
  };
  const renewed = async (request: Request) => {
    const spare = request.clone();
    const response = await attempt(request, await tokens.get());
    if (response.status !== 401) return response;
    const fresh = await tokens.refresh();
    return fresh && replayable(spare) ? attempt(spare, fresh) : response;
  };
  return async (request) => {
    for (let waits = 0; ; waits += 1) {
      const response = await renewed(request.clone());
      if (waits >= ATTENTES || request.signal.aborted || !(await dejaEnCours(request, response))) return response;
      await patienter(1000);
    }
  };
}

/** Turns every refusal into an ApiError: callers get data or an exception, never a half-read body. */
const typedErrors: Middleware = {
  async onResponse({ response }) {
    if (response.ok || response.status === 304) return undefined;
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => null);
    throw toApiError(response.status, body, response.headers);
  },
};

/** Builds a client; the application uses `api`, tests build their own. */
export function buildClient(send: Fetcher, origin = window.location.origin) {
  const client = createClient<paths>({
    baseUrl: `${origin}${API_ROOT}`,
    fetch: send,
    headers: { Accept: "application/json" },
  });
  client.use(typedErrors);
  return client;
}

export const api = buildClient(authenticatedFetch((request) => window.fetch(avecModeExpert(request)), jetons));

/** Client without token, for what anybody may read (configuration). */
export const apiPublique = buildClient(async (request) => {
  try {
    return await window.fetch(request);
  } catch (cause) {
    throw new NetworkError(cause);
  }
});

/** Answer of openapi-fetch once errors throw: data, and the raw response for its headers. */
type Reply<T> = { data?: T; response: Response };

/** Body of a successful answer. */
export async function lire<T>(reply: Promise<Reply<T>>): Promise<T> {
  const { data } = await reply;
  return data as T;
}

/** Body and version of a single object: the version goes back in `siVersion` when writing. */
export async function lireVersion<T>(reply: Promise<Reply<T>>): Promise<{ donnees: T; version: string }> {
  const { data, response } = await reply;
  return { donnees: data as T, version: versionDe(response.headers) };
}

/** Version counter held by a strong ETag: `"12"` → `12`. */
export function versionDe(headers: Headers): string {
  return (headers.get("ETag") ?? "").replace(/^W\//, "").replace(/^"|"$/g, "");
}

/** Headers of a write on a version that was read: stale → ApiError 412. */
export const siVersion = (version: string | number): { "If-Match": string } => ({ "If-Match": `"${version}"` });

/**
 * Key of one intention of the user. Make it when the dialog opens or the button is shown, reuse it when the same
 * intention is tried again, and make a new one after success.
 */
export function nouvelleCle(): string {
  // Not randomUUID: it only exists on secure origins, and a development server on a local network is not one.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Header of an idempotent POST. */
export const avecCle = (key: string): { "Idempotency-Key": string } => ({ "Idempotency-Key": key });
