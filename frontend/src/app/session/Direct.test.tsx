import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { describe, expect, test } from "vitest";
import { appliquer, relireTout } from "./Direct";

function lecture(queries: QueryClient, queryKey: readonly unknown[]) {
  let lues = 0;
  const observer = new QueryObserver(queries, {
    queryKey,
    staleTime: 60_000,
    queryFn: async () => {
      lues += 1;
      return lues;
    },
  });
  const arreter = observer.subscribe(() => undefined);
  return { lues: () => lues, arreter, donnee: () => observer.getCurrentResult().data };
}

const calme = () => new Promise((done) => setTimeout(done, 0));
const changement = { objet: "convention" as const, uuid: "u1", version: 2, statut: "PROJET", rang: 3 };

describe("live updates", () => {
  test("only what shows the convention that moved is read again", async () => {
    const queries = new QueryClient();
    const fiche = lecture(queries, ["convention", "u1", "fiche"]);
    const etape = lecture(queries, ["convention", "u1", "etape", "operation"]);
    const autre = lecture(queries, ["convention", "u2", "fiche"]);
    await calme();
    expect(appliquer(queries, changement)).toBe(false);
    await calme();
    expect([fiche.lues(), etape.lues(), autre.lues()]).toEqual([2, 2, 1]);
    relireTout(queries);
    await calme();
    expect([fiche.lues(), autre.lues()]).toEqual([3, 2]);
    for (const { arreter } of [fiche, etape, autre]) arreter();
  });
  test("what the reader has lost leaves the memory at once", async () => {
    const queries = new QueryClient();
    queries.setQueryData(["convention", "u1", "recapitulatif"], "secret");
    expect(appliquer(queries, { ...changement, retrait: true }), "nobody looks at it").toBe(false);
    expect(queries.getQueryData(["convention", "u1", "recapitulatif"])).toBeUndefined();
    const fiche = lecture(queries, ["convention", "u1", "fiche"]);
    await calme();
    expect(appliquer(queries, { ...changement, retrait: true })).toBe(true);
    expect(fiche.donnee(), "before the server has answered").toBeUndefined();
    fiche.arreter();
  });
});
