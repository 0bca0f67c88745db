import { describe, expect, test } from "vitest";
import { adresseDeConnexion, estPagePublique, extraireHabilitation, peutRediriger } from "./adresse";

describe("habilitation asked by the address (05 C.4)", () => {
  test("is read and removed, the rest is kept", () => {
    expect(extraireHabilitation("https://a.fr/conventions?statut=PROJET&habilitation_id=12&tri=ville#h")).toEqual({
      demande: { id: 12, invalide: false },
      reste: "/conventions?statut=PROJET&tri=ville#h",
    });
  });
  test.each(["abc", "0", "-1", "1.5", "", "1e3", "99999999999999999999"])("« %s » is not an habilitation", (value) => {
    expect(extraireHabilitation(`https://a.fr/x?habilitation_id=${value}`)).toEqual({
      demande: { id: null, invalide: true },
      reste: "/x",
    });
  });
  test("absent", () => expect(extraireHabilitation("https://a.fr/x").demande).toEqual({ id: null, invalide: false }));
});

test("the sign-in only comes back to a path of this site", () => {
  expect(adresseDeConnexion("/operations/1?a=b")).toBe("/accounts/cerbere-login?next=%2Foperations%2F1%3Fa%3Db");
  for (const path of ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"]) {
    expect(adresseDeConnexion(path)).toBe("/accounts/cerbere-login?next=%2Fconventions");
  }
});

test("public and private pages", () => {
  for (const path of ["/", "/accessibilite", "/connexion", "/plan-du-site/"]) expect(estPagePublique(path)).toBe(true);
  for (const path of ["/conventions", "/operations/1", "/parametres", "/accessibilite/x"])
    expect(estPagePublique(path)).toBe(false);
});

test("a sign-in that comes back anonymous is not tried again at once", () => {
  window.sessionStorage.clear();
  expect(peutRediriger(100_000)).toBe(true);
  expect(peutRediriger(103_000)).toBe(false);
  expect(peutRediriger(120_000)).toBe(true);
});
