import { expect, test } from "vitest";
import { adresseExplorateur, ecrireFiltres, lireFiltres, modifier, SANS_FILTRE, versApi } from "./filtres";

test("the address holds the search, and gives it back", () => {
  const filtres = { q: "Saint-Rémy", departement: "2A", depuis: "2026-01-15", page: 3 };
  expect(lireFiltres(new URLSearchParams(ecrireFiltres(filtres)))).toEqual(filtres);
  expect(adresseExplorateur(SANS_FILTRE)).toBe("/bal");
});

test("what an address should not hold is ignored", () => {
  const found = lireFiltres(new URLSearchParams("q=%20%20&departement=zz&depuis=2026-13-45&page=-2"));
  expect(found).toEqual(SANS_FILTRE);
});

test("a change of criterion goes back to the first page", () => {
  expect(modifier({ ...SANS_FILTRE, page: 4 }, { q: "troyes" })).toEqual({ ...SANS_FILTRE, q: "troyes", page: 1 });
});

test("the day chosen counts, and begins at midnight in Paris, in winter as in summer", () => {
  const since = (depuis: string) => versApi({ ...SANS_FILTRE, depuis }).publishedSince;
  expect(since("2026-01-15")).toBe("2026-01-14T22:59:59.999Z");
  expect(since("2026-07-15")).toBe("2026-07-14T21:59:59.999Z");
  expect(since("")).toBe("");
  expect(versApi({ ...SANS_FILTRE, page: 3 })).toMatchObject({ limit: 20, offset: 40 });
});
