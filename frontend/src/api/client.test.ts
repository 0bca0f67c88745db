import { describe, expect, test } from "vitest";
import { authenticatedFetch, avecCle, buildClient, lire, lireVersion, siVersion, versionDe } from "./client";
import {
  ApiError,
  errorsByPointer,
  isStale,
  isTransient,
  isUnknownOrForbidden,
  NetworkError,
  toApiError,
} from "./problem";

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });

function build(answers: (Response | Error)[], renewed: string | null = "new") {
  const seen: { method: string; url: string; auth: string | null; body: string; headers: Headers }[] = [];
  const send = async (request: Request) => {
    seen.push({
      method: request.method,
      url: request.url,
      auth: request.headers.get("Authorization"),
      body: await request.text(),
      headers: request.headers,
    });
    const answer = answers.shift();
    if (!answer) throw new Error("no answer left");
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const tokens = { get: async () => "old", refresh: async () => renewed };
  return { client: buildClient(authenticatedFetch(send, tokens), "http://apilos.test"), seen };
}

const uuid = "7f0c";

describe("requests", () => {
  test("carry the token; a read gives the version of its ETag", async () => {
    const { client, seen } = build([json(200, { etape: "operation" }, { ETag: '"7"' })]);
    const { donnees, version } = await lireVersion(
      client.GET("/conventions/{uuid}/operation", { params: { path: { uuid } } }),
    );
    expect(donnees.etape).toBe("operation");
    expect(version).toBe("7");
    expect(seen[0]).toMatchObject({ url: "http://apilos.test/api/v1/conventions/7f0c/operation", auth: "Bearer old" });
  });
  test("a write sends the version back, strong", async () => {
    const { client, seen } = build([json(200, {})]);
    await client.PUT("/conventions/{uuid}/operation", {
      params: { path: { uuid }, header: siVersion("7") },
      body: { nom: "A" },
    });
    expect(seen[0]?.headers.get("If-Match")).toBe('"7"');
    expect(seen[0]?.body).toBe('{"nom":"A"}');
  });
  test("the number of an operation is one segment of the path", async () => {
    const { client, seen } = build([json(200, {})]);
    await client.GET("/operations/{numero}", { params: { path: { numero: "2026/04 A" } } });
    expect(seen[0]?.url).toBe("http://apilos.test/api/v1/operations/2026%2F04%20A");
  });
});

describe("401 in the middle of a session", () => {
  test("is answered by one renewal and one replay of a read", async () => {
    const { client, seen } = build([json(401, {}), json(200, [])]);
    await lire(client.GET("/sessions"));
    expect(seen.map(({ auth }) => auth)).toEqual(["Bearer old", "Bearer new"]);
  });
  test("a POST without key is never sent twice; with its key it is, with the same body", async () => {
    const plain = build([json(401, { code: "NON_CONNECTE" }), json(200, {})]);
    await expect(plain.client.POST("/telechargements", { body: { document_uuid: "d" } })).rejects.toMatchObject({
      status: 401,
    });
    expect(plain.seen).toHaveLength(1);

    const keyed = build([json(401, {}), json(200, {})]);
    await keyed.client.POST("/conventions/{uuid}/commentaires", {
      params: { path: { uuid }, header: avecCle("k") },
      body: { nom_objet: "lot", champ_objet: "x", message: "m" },
    });
    expect(keyed.seen.map(({ body }) => body)).toEqual([keyed.seen[0]?.body, keyed.seen[0]?.body]);
    expect(keyed.seen).toHaveLength(2);
  });
  test("nobody signed in any more: the refusal is given, not replayed", async () => {
    const { client, seen } = build([json(401, {})], null);
    await expect(client.GET("/sessions")).rejects.toBeInstanceOf(ApiError);
    expect(seen).toHaveLength(1);
  });
});

describe("a request whose key is already being answered", () => {
  const running = () => json(409, { code: "requete_en_cours" });
  const post = (answers: Response[]) => {
    const bodies: string[] = [];
    let waited = 0;
    const send = async (request: Request) => {
      bodies.push(await request.text());
      return answers.shift() ?? running();
    };
    const tokens = { get: async () => "t", refresh: async () => null };
    const client = buildClient(
      authenticatedFetch(send, tokens, async () => {
        waited += 1;
      }),
      "http://apilos.test",
    );
    const reply = client.POST("/conventions/{uuid}/commentaires", {
      params: { path: { uuid }, header: avecCle("k") },
      body: { nom_objet: "lot", champ_objet: "x", message: "m" },
    });
    return { reply, bodies, waited: () => waited };
  };

  test("waits for its answer and sends the same body again", async () => {
    const { reply, bodies, waited } = post([running(), running(), json(201, { uuid: "c" })]);
    expect((await reply).data).toEqual({ uuid: "c" });
    expect(waited()).toBe(2);
    expect(new Set(bodies).size).toBe(1);
    expect(bodies).toHaveLength(3);
  });
  test("does not wait for ever, and another conflict is given at once", async () => {
    const endless = post([]);
    await expect(endless.reply).rejects.toMatchObject({ code: "requete_en_cours" });
    expect(endless.waited()).toBe(30);
    const other = post([json(409, { code: "avenant_en_cours" })]);
    await expect(other.reply).rejects.toMatchObject({ code: "avenant_en_cours" });
    expect(other.waited()).toBe(0);
  });
});

describe("refusals are typed", () => {
  test("problem+json gives code, detail, reference, fields and the members beyond the standard", async () => {
    const body = {
      type: "/problemes/VERSION_PERIMEE",
      title: "t",
      status: 412,
      detail: "Modifiée entre-temps.",
      code: "VERSION_PERIMEE",
      request_id: "r1",
      errors: [{ pointer: "/nom", code: "max", detail: "Trop long" }, { bad: 1 }],
      version: 9,
    };
    const { client } = build([json(412, body)]);
    const error = await client.GET("/session").then(
      () => null,
      (e: unknown) => e,
    );
    expect(isStale(error)).toBe(true);
    expect(error).toMatchObject({
      status: 412,
      code: "VERSION_PERIMEE",
      detail: "Modifiée entre-temps.",
      requestId: "r1",
      extra: { version: 9 },
    });
    expect(errorsByPointer(error)).toEqual({ "/nom": "Trop long" });
  });
  test("a proxy's page in place of JSON is still an error with the reference of the header", () => {
    const error = toApiError(502, null, new Headers({ "X-Request-Id": "r2", "Retry-After": "30" }));
    expect(error).toMatchObject({ status: 502, requestId: "r2", retryAfter: 30, errors: [] });
    expect(isTransient(error)).toBe(true);
  });
  test("a cut network is a NetworkError, a cancelled request stays cancelled", async () => {
    const cut = build([new TypeError("Failed to fetch")]);
    await expect(cut.client.GET("/session")).rejects.toBeInstanceOf(NetworkError);
    const cancelled = build([new DOMException("stop", "AbortError")]);
    await expect(cancelled.client.GET("/session")).rejects.toMatchObject({ name: "AbortError" });
  });
  test("403 and 404 of a read are the same thing for the reader", () => {
    for (const status of [403, 404]) expect(isUnknownOrForbidden(toApiError(status, {}, new Headers()))).toBe(true);
    expect(isUnknownOrForbidden(toApiError(409, {}, new Headers()))).toBe(false);
  });
});

test("versionDe reads strong and weak tags", () => {
  expect(versionDe(new Headers({ ETag: '"12"' }))).toBe("12");
  expect(versionDe(new Headers({ ETag: 'W/"12"' }))).toBe("12");
  expect(versionDe(new Headers())).toBe("");
});
