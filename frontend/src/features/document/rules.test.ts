import { describe, expect, test } from "vitest";
import type { Action } from "../../api/convention";
import type { DocumentDepose } from "./api";
import {
  aConfirmer,
  avisDate,
  documentSigne,
  documentsEnVigueur,
  enVerification,
  erreurNumero,
  manquesValidation,
  refusePourVirus,
  signeLe,
  suiteAntivirus,
  versionsPrecedentes,
  voletSignature,
} from "./rules";

const fichier = (change: Partial<DocumentDepose> = {}): DocumentDepose => ({
  uuid: "d1",
  rubrique: "DOCUMENT_SIGNE",
  libelle: "Document signé",
  nom: "convention.pdf",
  taille: 1,
  type_mime: "application/pdf",
  antivirus: "SAIN",
  antivirus_libelle: "",
  utilisable: true,
  cree_le: "2026-03-12T10:00:00Z",
  depose_par: "Marie Durand",
  courant: true,
  remplace_le: null,
  ...change,
});

describe("signed file", () => {
  const replaced = fichier({ uuid: "d0", courant: false, cree_le: "2026-03-10T10:00:00Z" });

  test("the one in force, and those it replaced", () => {
    const files = [replaced, fichier({ rubrique: "DOCUMENT_GENERE", uuid: "g" }), fichier()];
    expect(documentSigne(files)?.uuid).toBe("d1");
    expect(versionsPrecedentes(files).map(({ uuid }) => uuid)).toEqual(["d0"]);
  });

  test("a virus is told until something newer is deposited", () => {
    const infected = fichier({
      uuid: "v",
      antivirus: "INFECTE",
      utilisable: false,
      courant: false,
      cree_le: "2026-03-11T10:00:00Z",
    });
    expect(refusePourVirus([replaced, infected])?.uuid).toBe("v");
    expect(refusePourVirus([replaced, infected, fichier()])).toBeNull();
  });

  test("each antivirus state has its own words", () => {
    const states = ["EN_ATTENTE", "SAIN", "INFECTE", "ECHEC", "NON_ANALYSE"] as const;
    const said = states.map((antivirus) => suiteAntivirus(fichier({ antivirus })));
    expect(new Set(said.map(({ texte }) => texte)).size).toBe(states.length);
    expect(said.map(({ niveau }) => niveau)).toEqual(["attente", "pret", "refus", "attente", "pret"]);
    expect(states.map((antivirus) => enVerification(fichier({ antivirus })))).toEqual([
      true,
      false,
      false,
      true,
      false,
    ]);
  });

  test("no step beyond the deposit before the file may be used", () => {
    expect(voletSignature("dater", fichier({ utilisable: false }))).toBe("deposer");
    expect(voletSignature("dater", null)).toBe("deposer");
    expect(voletSignature("dater", fichier())).toBe("dater");
    expect(voletSignature(null, fichier())).toBe("previsualiser");
    expect(voletSignature("ailleurs", fichier())).toBe("previsualiser");
  });
});

test("SG-02: « signée » for a convention, « signé » for an avenant", () => {
  expect(signeLe({ genre: "convention", televersement_convention_signee_le: "2026-04-15" })).toBe(
    "Signée le 15/04/2026",
  );
  expect(signeLe({ genre: "avenant", televersement_convention_signee_le: "2026-04-15" })).toBe("Signé le 15/04/2026");
});

test("T11: a future date is refused, one before the validation is only pointed out", () => {
  expect(avisDate("2026-04-16", "2026-04-15", null)?.niveau).toBe("erreur");
  expect(avisDate("", "2026-04-15", null)?.niveau).toBe("erreur");
  expect(avisDate("2026-04-15", "2026-04-15", "2026-04-15")).toBeNull();
  expect(avisDate("2026-04-14", "2026-04-15", "2026-04-15")).toMatchObject({ niveau: "alerte" });
});

describe("documents in force", () => {
  const files = [
    fichier({ uuid: "docx", rubrique: "DOCUMENT_GENERE", type_mime: "application/vnd.openxmlformats" }),
    fichier({ uuid: "pdf", rubrique: "DOCUMENT_GENERE" }),
    fichier({ uuid: "signe" }),
    fichier({ uuid: "ancien", courant: false }),
    fichier({ uuid: "publie", rubrique: "DOCUMENT_PUBLIE" }),
  ];
  const order = (statut: string) => documentsEnVigueur(statut, files).map(({ uuid }) => uuid);
  test("DO-03: signed, then produced as PDF, then as DOCX; nothing that was replaced", () => {
    expect(order("SIGNEE")).toEqual(["signe", "pdf", "docx"]);
  });
  test("DO-04: the published file comes first from the publication on, ended conventions included", () => {
    for (const statut of ["PUBLICATION_EN_COURS", "PUBLIE", "RESILIEE", "DENONCEE", "ANNULEE"])
      expect(order(statut)[0]).toBe("publie");
    expect(documentsEnVigueur("PUBLIE", [])).toEqual([]);
  });
});

describe("T08", () => {
  const action = (...codes: [string, string][]): Action =>
    ({
      preconditions: codes.map(([code, pointer]) => ({ code, pointer, detail: code, lien: "/" })),
    }) as unknown as Action;

  test("what may be confirmed is told from what stops", () => {
    const manques = manquesValidation(
      action(
        ["COMMENTAIRES_OUVERTS", "/commentaires"],
        ["CONVENTION_INCOMPLETE", "/financement"],
        ["TYPE_1_2_REQUIS", "/type1and2"],
        ["NUMERO_REQUIS", "/numero"],
      ),
    );
    expect(manques.commentairesOuverts).toBe(true);
    expect(manques.incomplets).toHaveLength(1);
    expect(manques.bloquants.map(({ code }) => code)).toEqual(["TYPE_1_2_REQUIS"]);
  });

  const rien = { numero: "1", message: "", malgreCommentaires: false, malgreManques: false };

  test("CO-14, decision 4: open comments need a tick, missing points a tick and a message", () => {
    const manques = manquesValidation(
      action(["COMMENTAIRES_OUVERTS", "/commentaires"], ["CONVENTION_INCOMPLETE", "/financement"]),
    );
    expect(aConfirmer(manques, rien).map(({ champ }) => champ)).toEqual([
      "confirmer-commentaires",
      "confirmer-manques",
      "message-validation",
    ]);
    expect(aConfirmer(manques, { ...rien, message: "vu", malgreCommentaires: true, malgreManques: true })).toEqual([]);
  });

  test("nothing to confirm when nothing is missing", () =>
    expect(aConfirmer(manquesValidation(action()), rien)).toEqual([]));

  test("FI-02: a number of 1 to 255 characters", () => {
    expect(erreurNumero("  ")).toBe("Indiquez le numéro.");
    expect(erreurNumero("87.D.26.0003")).toBeNull();
    expect(erreurNumero("x".repeat(256))).toContain("255");
  });
});
