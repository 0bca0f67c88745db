/**
 * Access token of this tab. It lives in memory only; the refresh token is an HttpOnly cookie that scripts never see.
 *
 * Invariants: one refresh at a time in the tab (single flight) and, where the browser can, one at a time between tabs
 * (the cookie rotates at each use); each tab keeps its own habilitation, so that two tabs work under two habilitations.
 * A tab in which the staff acts as somebody (05 C.5) has a cookie of its own on the server: once it has asked for
 * tokens as somebody, it never gets one for the staff member without being loaded again.
 */
import { NetworkError, toApiError } from "./problem";

export type JetonAcces = { access_token: string; expires_in: number; token_type: string };

export type Jetons = {
  /** A token that is still good for a few seconds at least; null when nobody is signed in. */
  get(): Promise<string | null>;
  /** Asks for a new token now, for `habilitationId` when given (the tab then stays on it). Null: nobody is signed in. */
  refresh(habilitationId?: number): Promise<string | null>;
  /** Forgets the token: sign-out, or session ended. */
  clear(): void;
  /** Habilitation this tab works under, kept across reloads of the tab. */
  habilitation(): number | null;
  /** Called when a request finds that the session is over. Returns the unsubscribe function. */
  onFin(listener: () => void): () => void;
  /** True when this tab acts as somebody else. */
  detournement(): boolean;
  /** Makes this tab act as somebody, or as oneself again; to be followed by a new load of the page. */
  basculer(detournement: boolean): void;
  /** Called when acting as somebody is over (time, or stopped elsewhere): the page must be loaded again. */
  onFinDetournement(listener: () => void): () => void;
};

type Clock = () => number;
type Deps = {
  fetch: (input: string, init: RequestInit) => Promise<Response>;
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  now?: Clock;
  wait?: (ms: number) => Promise<void>;
  /** Runs the task alone among the tabs of this browser. */
  exclusif?: <T>(task: () => Promise<T>) => Promise<T>;
};

const KEY = "apilos.habilitation";
const DETOURNEMENT = "apilos.detournement";
/** Habilitation of the tab while it acts as somebody: that of the staff member is kept for later. */
const KEY_DETOURNEMENT = "apilos.detournement.habilitation";
/** A token is renewed when less than this is left, so that no request leaves with a token that dies on the way. */
const MARGIN_MS = 20_000;
/** A server that asks for patience is asked again after what it says, when nobody would notice the wait. */
const PATIENCE_S = 10;

export function createJetons({
  fetch,
  storage,
  now = Date.now,
  wait = (ms) => new Promise((done) => setTimeout(done, ms)),
  exclusif = (task) => task(),
}: Deps): Jetons {
  let token: string | null = null;
  let goodUntil = 0;
  let inFlight: { habilitation: number | null; promise: Promise<string | null> } | null = null;
  const listeners = new Set<() => void>();
  const endListeners = new Set<() => void>();
  /** Set when acting as somebody ended under this page: no token until it is loaded again. */
  let over = false;

  const detournement = () => storage.getItem(DETOURNEMENT) !== null;
  const key = () => (detournement() ? KEY_DETOURNEMENT : KEY);

  const habilitation = () => {
    const stored = Number(storage.getItem(key()));
    return Number.isInteger(stored) && stored > 0 ? stored : null;
  };

  const clear = () => {
    token = null;
    goodUntil = 0;
  };

  async function ask(wanted: number | null): Promise<Response> {
    const response = await post(wanted);
    const seconds = Number(response.headers.get("Retry-After"));
    if (response.status !== 429 || !(seconds > 0 && seconds <= PATIENCE_S)) return response;
    await wait(seconds * 1000);
    return post(wanted);
  }

  async function post(wanted: number | null): Promise<Response> {
    try {
      return await fetch("/api/v1/auth/refresh", {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-Requested-With": "fetch", Accept: "application/json" },
        body: JSON.stringify({
          ...(wanted === null ? {} : { habilitation_id: wanted }),
          ...(detournement() ? { detournement: true } : {}),
        }),
      });
    } catch (cause) {
      throw new NetworkError(cause);
    }
  }

  const basculer = (on: boolean) => {
    if (on) storage.setItem(DETOURNEMENT, "1");
    else storage.removeItem(DETOURNEMENT);
    storage.removeItem(KEY_DETOURNEMENT);
    over = true;
    clear();
  };

  async function run(wanted: number | null): Promise<string | null> {
    if (over) return null;
    const hadToken = token !== null;
    let response = await ask(wanted);
    if (wanted !== null && (response.status === 403 || response.status === 422 || response.status === 400)) {
      // The habilitation of this tab is no longer usable: the session's own one takes over.
      storage.removeItem(key());
      response = await ask(null);
    }
    if (response.status === 401 && detournement()) {
      basculer(false);
      // Nothing was read as somebody yet: this page can be one's own. Otherwise what it shows is not one's own.
      if (hadToken) {
        for (const listener of endListeners) listener();
        return null;
      }
      over = false;
      return run(habilitation());
    }
    if (response.status === 401) {
      clear();
      if (hadToken) for (const listener of listeners) listener();
      return null;
    }
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) throw toApiError(response.status, body, response.headers);
    const { access_token, expires_in } = body as JetonAcces;
    token = access_token;
    goodUntil = now() + expires_in * 1000;
    return token;
  }

  function refresh(habilitationId?: number): Promise<string | null> {
    if (habilitationId !== undefined) storage.setItem(key(), String(habilitationId));
    const wanted = habilitation();
    if (inFlight && inFlight.habilitation === wanted) return inFlight.promise;
    const before = inFlight?.promise.catch(() => null) ?? Promise.resolve(null);
    const promise = before.then(() => exclusif(() => run(wanted)));
    const current = { habilitation: wanted, promise };
    inFlight = current;
    const done = () => {
      if (inFlight === current) inFlight = null;
    };
    promise.then(done, done);
    return promise;
  }

  return {
    habilitation,
    clear,
    refresh,
    detournement,
    basculer,
    onFinDetournement: (listener) => {
      endListeners.add(listener);
      return () => endListeners.delete(listener);
    },
    get: () => {
      if (over) return Promise.resolve(null);
      if (inFlight) return inFlight.promise;
      return token !== null && goodUntil - now() > MARGIN_MS ? Promise.resolve(token) : refresh();
    },
    onFin: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Web Locks where the browser has them (secure origins): two tabs never spend the same refresh cookie at once. */
export async function entreOnglets<T>(task: () => Promise<T>): Promise<T> {
  const locks: LockManager | null | undefined = navigator.locks;
  if (!locks) return task();
  const outcome = await locks.request("apilos.refresh", async () => ({ value: await task() }));
  return outcome.value;
}

/** Token store of the running application. */
export const jetons = createJetons({
  fetch: (input, init) => window.fetch(input, init),
  storage: window.sessionStorage,
  exclusif: entreOnglets,
});
