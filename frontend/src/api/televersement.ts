/**
 * Upload of one file with its progress. XMLHttpRequest because `fetch` cannot report how much has left the device.
 */
import { API_ROOT } from "./client";
import { jetons } from "./jetons";
import { NetworkError, toApiError } from "./problem";

/** A file that leaves with the one chosen, in a part of its own. */
export type PartieDeFichier = { champ: string; nom: string; contenu: Blob };

export type Televersement = {
  /** Path under /api/v1, e.g. `/conventions/{uuid}/documents` with the uuid in place. */
  chemin: string;
  fichier: File;
  /** Other parts of the form, sent before the file (rubrique…). */
  champs?: Record<string, string>;
  /** Other files, sent before it. */
  parties?: readonly PartieDeFichier[];
  /** Name of the file part; « fichier » unless told. */
  nomDuChamp?: string;
  entetes?: Record<string, string>;
  onProgression?: (envoyes: number, total: number) => void;
  signal?: AbortSignal;
};

function headersOf(xhr: XMLHttpRequest): Headers {
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function send<T>(token: string | null, upload: Televersement): Promise<T> {
  const {
    chemin,
    fichier,
    champs = {},
    parties = [],
    nomDuChamp = "fichier",
    entetes = {},
    onProgression,
    signal,
  } = upload;
  return new Promise<T>((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    const end = () => signal?.removeEventListener("abort", abort);
    xhr.open("POST", API_ROOT + chemin);
    xhr.setRequestHeader("Accept", "application/json");
    if (token) xhr.setRequestHeader("Authorization", `Bearer ${token}`);
    for (const [name, value] of Object.entries(entetes)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (event) =>
      onProgression?.(event.loaded, event.lengthComputable ? event.total : fichier.size);
    xhr.onload = () => {
      end();
      const body = parse(xhr.responseText);
      if (xhr.status >= 200 && xhr.status < 300) resolve(body as T);
      else reject(toApiError(xhr.status, body, headersOf(xhr)));
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
    const form = new FormData();
    for (const [name, value] of Object.entries(champs)) form.append(name, value);
    for (const { champ, nom, contenu } of parties) form.append(champ, contenu, nom);
    form.append(nomDuChamp, fichier, fichier.name);
    xhr.send(form);
  });
}

/** Sends the file and resolves with the created object; rejects with ApiError, NetworkError, or AbortError when cancelled. */
export async function televerser<T>(upload: Televersement): Promise<T> {
  return send<T>(await jetons.get(), upload);
}
