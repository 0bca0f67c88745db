/**
 * Errors of the API as typed values. Every refusal is an RFC 9457 body; a request that never got an answer is a
 * NetworkError. Texts are the server's, in French: the interface adds nothing but the reference.
 */

/** One refused field: `pointer` is a JSON pointer into the body that was sent ("/nom"). */
export type ErreurDeChamp = { pointer: string; code: string; detail: string; niveau?: string };

export type ProblemBody = {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  instance?: string;
  code?: string;
  request_id?: string;
  errors?: ErreurDeChamp[];
};

/** An answer of the API that is not a success. `extra` holds the members beyond RFC 9457 (version, statut_courant…). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string | null;
  readonly errors: readonly ErreurDeChamp[];
  readonly extra: Readonly<Record<string, unknown>>;
  /** Seconds to wait before trying again, when the server says so. */
  readonly retryAfter: number | null;

  constructor(status: number, body: ProblemBody & Record<string, unknown>, headers: Headers) {
    const {
      type: _type,
      title,
      status: _status,
      detail,
      instance: _instance,
      code,
      request_id,
      errors,
      ...extra
    } = body;
    super(detail ?? title ?? `Réponse ${status}`);
    this.status = status;
    this.code = code ?? "";
    this.title = title ?? "";
    this.detail = detail ?? title ?? "";
    this.requestId = request_id ?? headers.get("X-Request-Id");
    this.errors = errors ?? [];
    this.extra = extra;
    const seconds = Number(headers.get("Retry-After"));
    this.retryAfter = Number.isFinite(seconds) && seconds > 0 ? seconds : null;
  }
}

/** No answer: network cut, server unreachable, request cancelled by the browser. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
  constructor(cause: unknown) {
    super("Le serveur n’a pas pu être joint.", { cause });
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isFieldError = (value: unknown): value is ErreurDeChamp =>
  isRecord(value) && typeof value.pointer === "string" && typeof value.detail === "string";

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Builds the typed error from whatever the server, or a proxy in front of it, sent. */
export function toApiError(status: number, body: unknown, headers: Headers): ApiError {
  if (!isRecord(body)) return new ApiError(status, {}, headers);
  const errors = Array.isArray(body.errors) ? body.errors.filter(isFieldError) : [];
  return new ApiError(
    status,
    {
      ...body,
      title: text(body.title),
      detail: text(body.detail),
      code: text(body.code),
      request_id: text(body.request_id),
      type: text(body.type),
      instance: text(body.instance),
      status,
      errors,
    },
    headers,
  );
}

export const isApiError = (error: unknown): error is ApiError => error instanceof ApiError;
export const hasStatus = (error: unknown, ...statuses: number[]): error is ApiError =>
  isApiError(error) && statuses.includes(error.status);
/** 404, and 403 on reading: the same page for both, so that nothing reveals what exists elsewhere. */
export const isUnknownOrForbidden = (error: unknown): error is ApiError => hasStatus(error, 403, 404);
/** 412: someone else has written since the object was read. */
export const isStale = (error: unknown): error is ApiError => hasStatus(error, 412);
/** Worth one more try by itself: reads only. */
export const isTransient = (error: unknown): boolean =>
  error instanceof NetworkError || hasStatus(error, 502, 503, 504);

/** Detail of the refusal of each field, by JSON pointer ("/nom" → message). */
export function errorsByPointer(error: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  if (!isApiError(error)) return found;
  for (const { pointer, detail } of error.errors) found[pointer] ??= detail;
  return found;
}
