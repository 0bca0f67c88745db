import { beforeEach, describe, expect, test } from "vitest";
import { type BrouillonLocal, brouillonPerime, cleDeBrouillon, creerMagasin } from "./brouillon";

/** The few calls of IndexedDB that the store makes, on a Map: the light DOM of these tests has none. */
function fausseFabrique() {
  const rows = new Map<string, BrouillonLocal>();
  const later = <T extends object>(target: T, then: (target: T) => void): T => {
    queueMicrotask(() => then(target));
    return target;
  };
  const request = <R>(result: R) => ({ result });
  const table = {
    get: (cle: string) => request(rows.get(cle)),
    getAll: () => request([...rows.values()]),
    put: (row: BrouillonLocal) => request(void rows.set(row.cle, structuredClone(row))),
    delete: (cle: string) => request(void rows.delete(cle)),
    clear: () => request(void rows.clear()),
  };
  type Transaction = { objectStore: () => typeof table; oncomplete?: () => void };
  const base = {
    transaction: () => later<Transaction>({ objectStore: () => table }, (t) => queueMicrotask(() => t.oncomplete?.())),
  };
  type Ouverture = { result: typeof base; onsuccess?: () => void };
  return {
    rows,
    fabrique: { open: () => later<Ouverture>({ result: base }, (o) => o.onsuccess?.()) } as unknown as IDBFactory,
  };
}

const brouillon = (cle: string, le = "2026-03-12T13:32:00Z"): BrouillonLocal => ({
  cle,
  valeurs: { nom: "A" },
  baseVersion: 3,
  le,
  champ: null,
  envoye: false,
});

const maintenant = new Date("2026-04-01T00:00:00Z");

test("a draft belongs to one person, under one habilitation, for one step of one convention", () => {
  const all = [
    cleDeBrouillon("marie/1", "c1", "operation"),
    cleDeBrouillon("marie/2", "c1", "operation"),
    cleDeBrouillon("luc/1", "c1", "operation"),
    cleDeBrouillon("marie/1", "c2", "operation"),
    cleDeBrouillon("marie/1", "c1", "bailleur"),
  ];
  expect(new Set(all).size).toBe(all.length);
});

test("a draft lasts 30 days; one without a readable date is not kept", () => {
  expect(brouillonPerime("2026-03-02T00:00:01Z", maintenant)).toBe(false);
  expect(brouillonPerime("2026-03-01T23:59:59Z", maintenant)).toBe(true);
  expect(brouillonPerime("hier", maintenant)).toBe(true);
});

describe("drafts of this device", () => {
  let fake: ReturnType<typeof fausseFabrique>;
  beforeEach(() => {
    fake = fausseFabrique();
  });

  test("are read back, replaced and erased one by one", async () => {
    const magasin = creerMagasin(() => fake.fabrique);
    expect(await magasin.lire("a")).toBeNull();
    await magasin.ecrire(brouillon("a"));
    await magasin.ecrire({ ...brouillon("a"), valeurs: { nom: "B" } });
    await magasin.ecrire(brouillon("b"));
    expect((await magasin.lire("a"))?.valeurs).toEqual({ nom: "B" });
    await magasin.effacer("a");
    expect([...fake.rows.keys()]).toEqual(["b"]);
  });

  test("are purged after 30 days, and all erased at sign-out", async () => {
    const magasin = creerMagasin(() => fake.fabrique);
    await magasin.ecrire(brouillon("vieux", "2026-01-01T00:00:00Z"));
    await magasin.ecrire(brouillon("recent"));
    await magasin.purger(maintenant);
    expect([...fake.rows.keys()]).toEqual(["recent"]);
    await magasin.vider();
    expect(fake.rows.size).toBe(0);
  });

  test("a browser that refuses to keep anything says so, and is asked again the next time", async () => {
    let tries = 0;
    const magasin = creerMagasin(() => {
      tries += 1;
      if (tries === 1) throw new Error("SecurityError");
      return fake.fabrique;
    });
    await expect(magasin.ecrire(brouillon("a"))).rejects.toThrow("SecurityError");
    await magasin.ecrire(brouillon("a"));
    expect(fake.rows.has("a")).toBe(true);
  });
});
