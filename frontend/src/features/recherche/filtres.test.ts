import { describe, expect, test } from "vitest";
import {
  ecrireFiltres,
  estOnglet,
  lireFiltres,
  lireTri,
  modifier,
  nombreDeCriteres,
  ONGLETS,
  SANS_FILTRE,
  versApi,
} from "./filtres";

const lire = (query: string) => lireFiltres(new URLSearchParams(query));

describe("the address is the only state of the search", () => {
  test("repeated and comma-joined values are the same search", () => {
    expect(lire("statut=PROJET&statut=A_SIGNER").statut).toEqual(["PROJET", "A_SIGNER"]);
    expect(lire("statut=PROJET,A_SIGNER&statut=PROJET").statut).toEqual(["PROJET", "A_SIGNER"]);
  });
  test.each(["0", "-1", "abc", "1.5", ""])("page %s is the first", (page) => expect(lire(`page=${page}`).page).toBe(1));
  test("writing then reading gives the same search", () => {
    const filters = {
      ...SANS_FILTRE,
      q: "bel air",
      lieu: "10000",
      statut: ["PROJET"],
      financement: ["PLUS", "PLAI"],
      page: 3,
      tri: "-ville" as const,
      aMoi: true,
    };
    expect(lire(ecrireFiltres(filters))).toEqual(filters);
  });
  test("the address is never bare, so that it never opens the home page", () =>
    expect(ecrireFiltres(SANS_FILTRE)).not.toBe(""));
  test("a change of criterion goes back to the first page; a change of page keeps the rest", () => {
    const filters = { ...SANS_FILTRE, page: 4, q: "x" };
    expect(modifier(filters, { lieu: "Troyes" })).toMatchObject({ page: 1, q: "x", lieu: "Troyes" });
    expect(modifier(filters, { page: 5 })).toMatchObject({ page: 5, q: "x" });
  });
  test("empty criteria are not sent to the API", () => {
    expect(versApi({ ...SANS_FILTRE, q: "  " })).toEqual({ tri: "-mis_a_jour_le", page: 1, par_page: 20 });
  });
  test("order and page are not criteria", () => {
    expect(nombreDeCriteres({ ...SANS_FILTRE, tri: "ville", page: 2 })).toBe(0);
    expect(nombreDeCriteres({ ...SANS_FILTRE, q: "a", statut: ["PROJET", "SIGNEE"] })).toBe(3);
  });
});

describe("tabs (06 §1.10)", () => {
  const tab = (code: string) => ONGLETS.find((one) => one.code === code) ?? { statut: ["?"], aMoi: false };
  test("« À traiter par moi » is asked to the API, which knows the reader", () => {
    expect(versApi({ ...SANS_FILTRE, aMoi: true })).toMatchObject({ a_moi: true });
    expect(estOnglet({ ...SANS_FILTRE, aMoi: true }, tab("a_traiter"))).toBe(true);
    expect(estOnglet({ ...SANS_FILTRE, aMoi: true }, tab("toutes"))).toBe(false);
  });
  test("a tab is current whatever the order of the statuses", () => {
    expect(estOnglet({ ...SANS_FILTRE, statut: ["ANNULEE", "RESILIEE", "DENONCEE"] }, tab("terminees"))).toBe(true);
    expect(estOnglet({ ...SANS_FILTRE, statut: ["RESILIEE"] }, tab("terminees"))).toBe(false);
  });
});

test.each([
  ["ville", "ville"],
  ["-attente", "-attente"],
  ["inconnu", "-mis_a_jour_le"],
  [null, "-mis_a_jour_le"],
  ["--ville", "-mis_a_jour_le"],
])("order %s is %s", (text, expected) => {
  expect(lireTri(text)).toBe(expected);
});
