import { describe, expect, test } from "vitest";
import type { ChampEtape } from "./api";
import { enMots, enSaisie, estModifie, lireSaisie, memeValeur, resteAEcrire, saisiesUtiles } from "./champs";

const champ = (change: Partial<ChampEtape> = {}): ChampEtape => ({
  cle: "x",
  libelle: "Loyer",
  type: "texte",
  requis: false,
  choix: [],
  aide: "",
  exemple: "",
  cible: null,
  modifiable: true,
  ...change,
});

describe("what is typed is read as the server expects it", () => {
  const cases: [string, Partial<ChampEtape>, string | boolean, ReturnType<typeof lireSaisie>][] = [
    ["a text is trimmed", {}, "  Les Tilleuls ", { valeur: "Les Tilleuls" }],
    ["an empty text is an empty text", {}, "  ", { valeur: "" }],
    ["a required field", { requis: true }, " ", { erreur: "Loyer est obligatoire." }],
    ["too long, in code points", { max: 2 }, "😀😀😀", { erreur: "Loyer\u00a0: 2 caractères au maximum." }],
    ["as long as allowed", { max: 3 }, "😀😀😀", { valeur: "😀😀😀" }],
    ["an integer", { type: "entier" }, " 1 200 ", { valeur: 1200 }],
    ["an integer written with a comma", { type: "entier" }, "3,0", { valeur: 3 }],
    ["not an integer", { type: "entier" }, "3,5", { erreur: "Loyer\u00a0: saisissez un nombre entier." }],
    ["a negative count", { type: "entier" }, "-3", { erreur: "Loyer ne peut pas être négatif." }],
    ["no count", { type: "entier" }, "", { valeur: null }],
    ["a decimal stays a text", { type: "decimal" }, "1 234,50 €", { valeur: "1234.50" }],
    ["not a decimal", { type: "decimal" }, "12a", { erreur: "Loyer\u00a0: saisissez un nombre." }],
    ["a day", { type: "date" }, "2026-03-12", { valeur: "2026-03-12" }],
    ["no day", { type: "date" }, "", { valeur: null }],
    ["a box", { type: "booleen" }, false, { valeur: false }],
    ["the form of a text is the server's business", { motif: "^[0-9]{5}$" }, "87", { valeur: "87" }],
  ];
  test.each(cases)("%s", (_, change, typed, expected) => expect(lireSaisie(champ(change), typed)).toEqual(expected));
});

test("a value has one meaning however it is written", () => {
  expect(memeValeur(champ({ type: "decimal" }), "12,50", "12.5")).toBe(true);
  expect(memeValeur(champ({ type: "decimal" }), "12.51", "12.5")).toBe(false);
  expect(memeValeur(champ({ type: "entier" }), "100", 100)).toBe(true);
  expect(memeValeur(champ({ type: "entier" }), "10", 100)).toBe(false);
  expect(memeValeur(champ({ type: "texte_long" }), "a\r\nb ", "a\nb")).toBe(true);
  expect(memeValeur(champ(), "", null)).toBe(true);
  expect(memeValeur(champ({ type: "booleen" }), false, null)).toBe(true);
});

test("the value of the server put in its input is no change", () => {
  for (const [type, valeur] of [
    ["decimal", "1234.50"],
    ["entier", 12],
    ["booleen", true],
    ["date", null],
    ["texte", "x"],
  ] as const) {
    const field = champ({ type });
    expect(estModifie(field, enSaisie(field, valeur), valeur)).toBe(false);
  }
  expect(enSaisie(champ({ type: "decimal" }), "1234.50")).toBe("1234,50");
});

test("only real changes are kept", () => {
  const fields = [champ({ cle: "nom" }), champ({ cle: "nb", type: "entier" }), champ({ cle: "ville" })];
  expect(saisiesUtiles(fields, { nom: "A ", nb: "4", inconnu: "z" }, { nom: "A", nb: 3, ville: "Limoges" })).toEqual({
    nb: "4",
  });
});

test("a value is told in words", () => {
  expect(enMots(champ({ type: "booleen" }), false)).toBe("Non");
  expect(enMots(champ({ type: "choix", choix: [{ valeur: "NEUF", libelle: "Construction Neuve" }] }), "NEUF")).toBe(
    "Construction Neuve",
  );
  expect(enMots(champ({ type: "choix" }), "ANCIEN")).toBe("ANCIEN");
  expect(enMots(champ({ type: "date" }), "2026-03-12")).toBe("12/03/2026");
  expect(enMots(champ({ type: "decimal" }), "1234.5")).toBe("1\u202f234,50");
  expect(enMots(champ(), null)).toBe("");
});

test("the length is told near the end only", () => {
  expect(resteAEcrire(champ({ max: 5000 }), "court")).toBeNull();
  expect(resteAEcrire(champ({ max: 100 }), "a".repeat(95))).toBe("95 caractères sur 100");
});
