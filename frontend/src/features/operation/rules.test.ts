import { describe, expect, test } from "vitest";
import type { ConventionLigne } from "../../api/dto";
import { lienOperation } from "../../lib/liens";
import { uneLigne, uneOperation } from "../../testing/donnees";
import { libelleCreation, lignesDesFinancements, quiALaMain } from "./rules";

const operation = (...financements: [string, ConventionLigne[]][]) => uneOperation(Object.fromEntries(financements));
const row = uneLigne;

describe("conventions of an operation", () => {
  test("a financement without convention gives a row to create", () => {
    const op = operation(["PLUS", [row()]], ["PLS", []]);
    expect(lignesDesFinancements(op).map(({ convention }) => convention?.uuid ?? null)).toEqual(["u1", null]);
    expect(libelleCreation(op)).toBe("Créer la convention PLS");
  });
  test("an abandoned convention does not hide that one is missing", () => {
    const op = operation(["PLUS", [row({ statut: "ANNULEE" })]]);
    expect(lignesDesFinancements(op).map(({ convention }) => convention?.statut ?? null)).toEqual(["ANNULEE", null]);
  });
  test("two active conventions of one financement are both marked", () => {
    const op = operation(["PLUS", [row(), row({ uuid: "u2" }), row({ uuid: "u3", statut: "ANNULEE" })]]);
    expect(lignesDesFinancements(op).map(({ doublon }) => doublon)).toEqual([true, true, false]);
  });
  test("several missing ones are offered together", () => {
    expect(libelleCreation(operation(["PLUS", []], ["PLS", []]))).toBe("Créer les 2 conventions manquantes");
  });
});

test.each<[ConventionLigne["statut"], string]>([
  ["PROJET", "Le bailleur"],
  ["INSTRUCTION", "Le service instructeur"],
  ["CORRECTION", "Le bailleur"],
  ["A_SIGNER", "Les deux parties"],
  ["SIGNEE", "Personne"],
  ["ANNULEE", "Personne"],
])("who has the ball in %s", (statut, expected) => {
  expect(quiALaMain(row({ statut }))).toBe(expected);
  expect(quiALaMain(row({ statut, a_moi: true }))).toBe("Vous");
});

test("the number of an operation may hold slashes and reserved characters", () => {
  expect(lienOperation("2026/04 A?#")).toBe("/operations/2026/04%20A%3F%23");
});
