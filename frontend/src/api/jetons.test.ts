import { beforeEach, describe, expect, test } from "vitest";
import { createJetons } from "./jetons";
import { ApiError, NetworkError } from "./problem";

type Reponse = { status: number; body?: unknown; headers?: Record<string, string> };

function build(answers: Reponse[]) {
  const bodies: unknown[] = [];
  let clock = 0;
  const store = new Map<string, string>();
  const waits: number[] = [];
  const jetons = createJetons({
    fetch: async (_url, init) => {
      bodies.push(JSON.parse(String(init.body)));
      const answer = answers.shift();
      if (!answer) throw new TypeError("network");
      return new Response(JSON.stringify(answer.body ?? {}), { status: answer.status, headers: answer.headers ?? {} });
    },
    storage: {
      getItem: (key) => store.get(key) ?? null,
      setItem: (key, value) => void store.set(key, value),
      removeItem: (key) => void store.delete(key),
    },
    now: () => clock,
    wait: async (ms) => void waits.push(ms),
  });
  return {
    jetons,
    bodies,
    store,
    waits,
    avance: (ms: number) => {
      clock += ms;
    },
  };
}

const ok = (token: string): Reponse => ({
  status: 200,
  body: { access_token: token, expires_in: 300, token_type: "Bearer" },
});

describe("access token of the tab", () => {
  let t: ReturnType<typeof build>;

  beforeEach(() => {
    t = build([ok("a"), ok("b")]);
  });

  test("ten simultaneous requests ask for one token", async () => {
    const tokens = await Promise.all(Array.from({ length: 10 }, () => t.jetons.get()));
    expect(new Set(tokens)).toEqual(new Set(["a"]));
    expect(t.bodies).toHaveLength(1);
  });
  test("is reused while it is good, renewed before it dies", async () => {
    await t.jetons.get();
    t.avance(270_000);
    expect(await t.jetons.get()).toBe("a");
    t.avance(15_000);
    expect(await t.jetons.get()).toBe("b");
  });
  test("the habilitation of the tab is asked at each renewal and survives a reload", async () => {
    await t.jetons.refresh(12);
    t.avance(400_000);
    await t.jetons.get();
    expect(t.bodies).toEqual([{ habilitation_id: 12 }, { habilitation_id: 12 }]);
    expect(t.store.get("apilos.habilitation")).toBe("12");
  });
});

test("an habilitation that vanished gives way to the one of the session", async () => {
  const t = build([{ status: 403 }, ok("a")]);
  expect(await t.jetons.refresh(12)).toBe("a");
  expect(t.bodies).toEqual([{ habilitation_id: 12 }, {}]);
  expect(t.jetons.habilitation()).toBeNull();
});

test("401 at start is nobody, 401 later is the end of the session", async () => {
  const first = build([{ status: 401 }]);
  let ended = 0;
  first.jetons.onFin(() => {
    ended += 1;
  });
  expect(await first.jetons.get()).toBeNull();
  expect(ended).toBe(0);

  const second = build([ok("a"), { status: 401 }]);
  second.jetons.onFin(() => {
    ended += 1;
  });
  await second.jetons.get();
  second.avance(300_000);
  expect(await second.jetons.get()).toBeNull();
  expect(ended).toBe(1);
});

test("a failure is not taken for a sign-out, and the next call tries again", async () => {
  const t = build([{ status: 503, body: { code: "INDISPONIBLE", detail: "Réessayez." } }, ok("a")]);
  await expect(t.jetons.get()).rejects.toBeInstanceOf(ApiError);
  expect(await t.jetons.get()).toBe("a");
  t.avance(300_000);
  await expect(t.jetons.get()).rejects.toBeInstanceOf(NetworkError);
});

test("a server that asks for a few seconds gets them, once; a longer wait is told", async () => {
  const brief = build([{ status: 429, headers: { "Retry-After": "3" } }, ok("a")]);
  expect(await brief.jetons.get()).toBe("a");
  expect(brief.waits).toEqual([3000]);
  const long = build([{ status: 429, headers: { "Retry-After": "60" }, body: { detail: "Patientez." } }]);
  await expect(long.jetons.get()).rejects.toBeInstanceOf(ApiError);
  expect(long.waits).toEqual([]);
});

describe("acting as somebody (05 C.5)", () => {
  const jeton = { status: 200, body: { access_token: "t", expires_in: 300, token_type: "Bearer" } };

  test("the tab asks for the other session, and keeps the habilitation of both apart", async () => {
    const { jetons, bodies, store } = build([jeton, jeton]);
    store.set("apilos.habilitation", "101");
    store.set("apilos.detournement", "1");
    await jetons.refresh();
    await jetons.refresh(303);
    expect(bodies).toEqual([{ detournement: true }, { habilitation_id: 303, detournement: true }]);
    expect(store.get("apilos.habilitation")).toBe("101");
  });

  test("over before anything was read: the tab is oneself at once", async () => {
    const { jetons, bodies, store } = build([{ status: 401 }, jeton]);
    store.set("apilos.habilitation", "101");
    store.set("apilos.detournement", "1");
    expect(await jetons.refresh()).toBe("t");
    expect(bodies).toEqual([{ detournement: true }, { habilitation_id: 101 }]);
    expect(jetons.detournement()).toBe(false);
  });

  test("over under an open page: no token of one's own until the page is loaded again", async () => {
    const { jetons, bodies, store } = build([jeton, { status: 401 }, jeton]);
    store.set("apilos.detournement", "1");
    let ends = 0;
    jetons.onFinDetournement(() => {
      ends += 1;
    });
    await jetons.refresh();
    expect(await jetons.refresh()).toBeNull();
    expect(ends).toBe(1);
    expect(await jetons.get()).toBeNull();
    expect(await jetons.refresh()).toBeNull();
    expect(bodies).toHaveLength(2);
  });
});
