import { expect, test } from "vitest";
import type { LigneDuFichier } from "./contrat";
import { adresseDe, ecartsDe } from "./lignes";

const ligne = (change: Partial<LigneDuFichier> = {}): LigneDuFichier => ({
  line: 10,
  rawValues: { numero: "12", suffixe: "bis", voie_nom: "Rue des Lilas", date_der_maj: "12/03/2024" },
  remediations: { date_der_maj: { value: "2024-03-12", errors: ["date_der_maj.date_invalide"] } },
  errors: [{ code: "date_der_maj.date_invalide", schemaName: "date_der_maj", level: "E" }],
  ...change,
});

test("the number shown is the one of a spreadsheet; the value read and the value proposed are side by side", () => {
  expect(ecartsDe(ligne(), "date_der_maj.date_invalide")).toEqual([
    {
      cle: "10-0",
      ligne: 12,
      adresse: "12 bis Rue des Lilas",
      colonne: "date_der_maj",
      lue: "12/03/2024",
      proposee: "2024-03-12",
      supposee: false,
    },
  ]);
});

test("10.12: a date that is only today's is told to be checked", () => {
  const assumed = ligne({ remediations: { date_der_maj: { value: "2026-03-01", errors: [], assumed: true } } });
  expect(ecartsDe(assumed, "date_der_maj.date_invalide")[0]).toMatchObject({ proposee: "2026-03-01", supposee: true });
});

test("a rule of the line shows the field that its remedy changes", () => {
  const row = ligne({
    remediations: { commune_nom: { value: "Troyes", errors: ["row.commune_nom_invalide"] } },
    errors: [{ code: "row.commune_nom_invalide", level: "W" }],
  });
  expect(ecartsDe(row, "row.commune_nom_invalide")[0]).toMatchObject({
    colonne: "commune_nom",
    lue: "(vide)",
    proposee: "Troyes",
  });
});

test("a rule of the line without remedy names no column; another control says nothing here", () => {
  const row = ligne({ remediations: {}, errors: [{ code: "row.longlat_vides", level: "E" }] });
  expect(ecartsDe(row, "row.longlat_vides")[0]).toMatchObject({ colonne: null, proposee: null });
  expect(ecartsDe(row, "numero.trop_grand")).toEqual([]);
});

test("a place name (99999) has no number", () => {
  expect(adresseDe({ numero: "99999", voie_nom: "Le Bas" })).toBe("Le Bas");
  expect(adresseDe({ numero: "1", toponyme: "Rue Haute" })).toBe("1 Rue Haute");
});
