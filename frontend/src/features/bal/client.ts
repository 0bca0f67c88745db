/**
 * Calls to the deposit API. Its errors are `{statusCode, message, code?}`: they become the same typed errors as those
 * of the rest of the platform, so that every component tells them the same way.
 *
 * A depositor is a client holding a token, a person signed in on the platform, or nobody (reading and checking need no
 * account). The token lives in the memory of the page: it is never written in an address nor in a storage.
 */
import { jetons } from "../../api/jetons";
import { type ApiError, NetworkError, toApiError } from "../../api/problem";

export type Deposant = { mode: "anonyme" } | { mode: "jeton"; jeton: string } | { mode: "session" };

export const ANONYME: Deposant = { mode: "anonyme" };

type Corps = { json: unknown } | { fichier: Blob; type?: string };

export type Appel = {
  methode?: "GET" | "POST" | "PUT";
  /** Address from the root of the site, base path included. */
  adresse: string;
  parametres?: Record<string, string | number | boolean | null | undefined>;
  deposant?: Deposant;
  corps?: Corps;
  entetes?: Record<string, string>;
  signal?: AbortSignal;
  /** Progress of what leaves the device; the file is sent by XMLHttpRequest when it is asked. */
  onProgression?: (envoyes: number, total: number) => void;
};

export type Reponse<T> = { donnees: T; entetes: Headers };

/** Address with its parameters; those without value are left out. */
export function adresseAvec(adresse: string, parametres: Appel["parametres"] = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parametres)) {
    if (value !== null && value !== undefined && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${adresse}?${text}` : adresse;
}

/** The error of a refusal, whichever of the two bodies the server used. */
export function erreurDeposee(status: number, body: unknown, headers: Headers): ApiError {
  if (typeof body === "object" && body !== null && "statusCode" in body) {
    const { message, code, requestId } = body as { message?: unknown; code?: unknown; requestId?: unknown };
    const detail = Array.isArray(message) ? message.join(" ; ") : message;
    return toApiError(status, { detail, code, request_id: requestId }, headers);
  }
  return toApiError(status, body, headers);
}

async function autorisation(deposant: Deposant): Promise<string | null> {
  if (deposant.mode === "jeton") return `Token ${deposant.jeton}`;
  if (deposant.mode === "anonyme") return null;
  const token = await jetons.get();
  return token ? `Bearer ${token}` : null;
}

async function entetesDe({ deposant = ANONYME, corps, entetes }: Appel): Promise<Headers> {
  const headers = new Headers({ Accept: "application/json", ...entetes });
  const token = await autorisation(deposant);
  if (token) headers.set("Authorization", token);
  if (corps && "json" in corps) headers.set("Content-Type", "application/json");
  if (corps && "fichier" in corps) headers.set("Content-Type", corps.type ?? "text/csv");
  return headers;
}

const contenu = (corps: Corps | undefined): BodyInit | undefined =>
  corps === undefined ? undefined : "json" in corps ? JSON.stringify(corps.json) : corps.fichier;

async function envoyer(appel: Appel): Promise<Response> {
  const { methode = "GET", adresse, parametres, signal } = appel;
  const headers = await entetesDe(appel);
  try {
    const response = await window.fetch(adresseAvec(adresse, parametres), {
      method: methode,
      headers,
      body: contenu(appel.corps),
      signal,
    });
    if (response.ok) return response;
    throw erreurDeposee(response.status, await response.json().catch(() => null), response.headers);
  } catch (cause) {
    if (cause instanceof TypeError) throw new NetworkError(cause);
    throw cause;
  }
}

/** JSON answer and its headers (`X-Total-Count`). */
export async function appeler<T>(appel: Appel): Promise<Reponse<T>> {
  if (appel.onProgression) return televerser<T>(appel);
  const response = await envoyer(appel);
  const text = await response.text();
  return { donnees: lireJson(text) as T, entetes: response.headers };
}

/** A file made by the server from what is sent. */
export async function recevoirFichier(appel: Appel): Promise<Blob> {
  return (await envoyer({ ...appel, entetes: { Accept: "text/csv", ...appel.entetes } })).blob();
}

function lireJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function entetesRecus(xhr: XMLHttpRequest): Headers {
  const headers = new Headers();
  for (const line of xhr
    .getAllResponseHeaders()
    .trim()
    .split(/[\r\n]+/)) {
    const at = line.indexOf(":");
    if (at > 0) headers.append(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  return headers;
}

/** Same as a call, by the only interface that tells how much of the body has left. */
async function televerser<T>(appel: Appel): Promise<Reponse<T>> {
  const { methode = "POST", adresse, parametres, corps, signal, onProgression } = appel;
  const headers = await entetesDe(appel);
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    const end = () => signal?.removeEventListener("abort", abort);
    const total = corps && "fichier" in corps ? corps.fichier.size : 0;
    xhr.open(methode, adresseAvec(adresse, parametres));
    headers.forEach((value, name) => {
      xhr.setRequestHeader(name, value);
    });
    xhr.upload.onprogress = (event) => onProgression?.(event.loaded, event.lengthComputable ? event.total : total);
    xhr.onload = () => {
      end();
      const body = lireJson(xhr.responseText);
      const received = entetesRecus(xhr);
      if (xhr.status >= 200 && xhr.status < 300) resolve({ donnees: body as T, entetes: received });
      else reject(erreurDeposee(xhr.status, body, received));
    };
    xhr.onerror = () => {
      end();
      reject(new NetworkError(new Error("envoi interrompu")));
    };
    xhr.onabort = () => {
      end();
      reject(new DOMException("Envoi annulé", "AbortError"));
    };
    if (signal?.aborted) return reject(new DOMException("Envoi annulé", "AbortError"));
    signal?.addEventListener("abort", abort);
    xhr.send(contenu(corps) as XMLHttpRequestBodyInit);
  });
}
