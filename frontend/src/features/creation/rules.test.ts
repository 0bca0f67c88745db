import { expect, test } from "vitest";
import { ApiError } from "../../api/problem";
import type { DocumentImporte } from "./api";
import {
  anneesDepuis,
  avenantVide,
  controlerAvenant,
  controlerDeclaree,
  controlerManuelle,
  controlerSignee,
  corpsAvenant,
  corpsDeclaree,
  corpsManuelle,
  corpsSignee,
  financementsLibres,
  membre,
  OPERATION_VIDE,
  SIGNEE_VIDE,
  typesPour,
} from "./rules";

const pdf: DocumentImporte = { revision_id: "0123456789abcdef01234567", nom: "a.pdf", taille: 10, sha256: "x" };
const refuses = (refus: Record<string, string | null | undefined>) => Object.keys(refus).filter((name) => refus[name]);

test("years go down to 1900", () => {
  const years = anneesDepuis(2026);
  expect([years[0], years.at(-1), years.length]).toEqual([2026, 1900, 127]);
});

test("every field of a form is refused at once, and none when it is right", () => {
  expect(refuses(controlerSignee(SIGNEE_VIDE))).toEqual([
    "numero",
    "nb_logements",
    "financement",
    "annee_signature",
    "revision_id",
  ]);
  const vide = { ...OPERATION_VIDE, numero_operation: " ", type_habitat: "" as const };
  expect(refuses(controlerManuelle(vide))).toHaveLength(10);
  const operation = {
    bailleur_uuid: { valeur: "b", libelle: "B" },
    administration_uuid: { valeur: "a", libelle: "A" },
    nom: " Quai Bleu ",
    nature_logement: "LOGEMENTSORDINAIRES" as const,
    financement: "PLUS" as const,
    nb_logements: "12",
    code_postal: "8700",
    ville: "Limoges",
  };
  const saisie = { ...operation, numero_operation: "A1", type_habitat: "COLLECTIF" as const };
  expect(refuses(controlerManuelle(saisie))).toEqual(["code_postal"]);
  expect(corpsManuelle({ ...saisie, code_postal: "87000" }, true)).toEqual({
    bailleur_uuid: "b",
    administration_uuid: "a",
    nom: "Quai Bleu",
    nature_logement: "LOGEMENTSORDINAIRES",
    financement: "PLUS",
    nb_logements: 12,
    code_postal: "87000",
    ville: "Limoges",
    numero_operation: "A1",
    type_habitat: "COLLECTIF",
    utiliser_operation: true,
  });
  const declaree = { ...operation, numero: "1", annee_signature: "2012", numero_avenant: "", revision_id: null };
  expect(refuses(controlerDeclaree(declaree))).toEqual(["code_postal", "numero_avenant"]);
  expect(corpsDeclaree(declaree)).not.toHaveProperty("revision_id");
  expect(corpsDeclaree({ ...declaree, revision_id: pdf })).toMatchObject({
    annee_signature: 2012,
    revision_id: pdf.revision_id,
  });
});

test("a signed convention is sent with its operation and its document", () => {
  const saisie = { ...SIGNEE_VIDE, numero: " 87.D.98.0012 ", nb_logements: "12", annee_signature: "1998" };
  expect(corpsSignee({ ...saisie, financement: "PLUS", revision_id: pdf }, "2024/1")).toEqual({
    numero_operation: "2024/1",
    numero: "87.D.98.0012",
    nb_logements: 12,
    financement: "PLUS",
    annee_signature: 1998,
    revision_id: pdf.revision_id,
  });
});

test("an avenant only sends what it changes, by financement when there are several", () => {
  const saisie = { ...avenantVide(1), numero: "1", annee_signature: "2003", revision_id: pdf };
  expect(refuses(controlerAvenant(saisie))).toEqual([]);
  expect(refuses(controlerAvenant({ ...saisie, nb_logements: ["douze"] }))).toEqual(["nb_logements"]);
  expect(corpsAvenant(saisie, ["PLUS"])).toEqual({
    numero: "1",
    annee_signature: 2003,
    revision_id: pdf.revision_id,
  });
  expect(corpsAvenant({ ...saisie, nb_logements: ["14"] }, ["PLUS"])).toMatchObject({ nb_logements: 14 });
  expect(
    corpsAvenant({ ...saisie, nb_logements: ["", "9"], types: ["cadastre"], desc_avenant: " x " }, ["PLUS", "PLAI"]),
  ).toMatchObject({ lots: [{ financement: "PLAI", nb_logements: 9 }], types: ["cadastre"], desc_avenant: "x" });
});

test("CR-28: a financement with a convention is not proposed, an abandoned one is", () => {
  const financement = (code: string, statut: string) => ({
    financement: code,
    conventions: [{ statut, genre: "convention" }],
  });
  const operation = { financements: [financement("PLUS", "SIGNEE"), financement("PLAI", "ANNULEE")] };
  expect(financementsLibres(operation as never)).toEqual(["PLUS_CD", "PLAI", "PLS", "SANS_FINANCEMENT"]);
});

test("types follow the nature of housing", () => {
  expect(typesPour("LOGEMENTSORDINAIRES")).toContain("stationnement");
  expect(typesPour("LOGEMENTSORDINAIRES")).not.toContain("variantes");
  expect(typesPour("AUTRE")).toContain("foyer_attribution");
  expect(typesPour("RESISDENCESOCIALE")).toContain("residence_attribution");
  expect(typesPour("RESISDENCESOCIALE")).not.toContain("foyer_attribution");
});

test("members of a refusal are read when they are texts", () => {
  const error = new ApiError(409, { code: "X", convention_uuid: "u", nombre: 3 }, new Headers());
  expect([
    membre(error, "convention_uuid"),
    membre(error, "nombre"),
    membre(new Error("x"), "convention_uuid"),
  ]).toEqual(["u", null, null]);
});
