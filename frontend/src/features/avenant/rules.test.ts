import { describe, expect, test } from "vitest";
import type { BlocCompare, TableauCompare, TypeAvenant } from "./api";
import { court, nomDeVersion, pertes, raisonFermee, resumeBloc, resumeTableau, versionEnPhrase } from "./rules";

const champ = (libelle: string, avant: string, apres: string, lot = "") => ({
  cle: libelle,
  libelle,
  lot,
  chemin: "",
  etape: "",
  avant,
  apres,
  avant_brut: avant || null,
  apres_brut: apres || null,
  change: avant !== apres,
});
const tableau = (ajoutees: number, supprimees: number, modifiees: number): TableauCompare => ({
  table: "logement",
  titre: "Logements",
  etape: "logements",
  ajoutees,
  supprimees,
  modifiees,
  inchangees: 3,
  lignes: [],
});
const bloc = (change: Partial<BlocCompare>): BlocCompare => ({
  type: "duree",
  libelle: "Durée",
  etapes: ["financement"],
  coche: true,
  change: true,
  nb_changements: 1,
  champs: [],
  tableaux: [],
  ...change,
});

describe("differences in words", () => {
  test("a version is named with its day, in its gender", () => {
    expect(nomDeVersion({ genre: "avenant", numero: "1", date_signature: "2021-05-03" })).toBe(
      "Avenant n° 1, signé le 03/05/2021",
    );
    expect(nomDeVersion({ genre: "convention", numero: "13.D", date_signature: "2021-05-03" })).toBe(
      "Convention n° 13.D, signée le 03/05/2021",
    );
    expect(versionEnPhrase({ genre: "convention", numero: "13.D", date_signature: null })).toBe(
      "la convention n° 13.D",
    );
    expect(versionEnPhrase({ genre: "avenant", numero: "2", date_signature: null })).toBe("l’avenant n° 2");
    expect(nomDeVersion({ genre: "avenant", numero: null, date_signature: null })).toBe("Avenant sans numéro");
  });

  test("counts of a table", () => {
    expect(resumeTableau(tableau(2, 1, 0))).toBe("2\u00a0ajouts, 1\u00a0suppression");
    expect(resumeTableau(tableau(0, 0, 0))).toBe("");
  });

  test("one change is said whole, several are counted", () => {
    expect(resumeBloc(bloc({ champs: [champ("Fin", "30/06/2056", "30/06/2066")] }))).toBe(
      "Fin : 30/06/2056 → 30/06/2066",
    );
    expect(
      resumeBloc(
        bloc({ nb_changements: 3, champs: [champ("a", "", "1"), champ("b", "2", "")], tableaux: [tableau(0, 0, 1)] }),
      ),
    ).toBe("2\u00a0champs modifiés · Logements : 1\u00a0modification");
    expect(resumeBloc(bloc({ nb_changements: 0, change: false }))).toBe("Aucun changement pour le moment");
    expect(resumeBloc(bloc({ nb_changements: 0, change: false, coche: false }))).toBe("");
    expect(resumeBloc(undefined)).toBe("");
  });

  test("AV-14: what a removal undoes is named, the rest counted", () => {
    const lost = pertes(
      bloc({
        champs: [champ("Fonds", "250 000 €", "100 000 €"), champ("Nombre", "", "4", "PLAI"), champ("Même", "x", "x")],
        tableaux: [tableau(1, 0, 0)],
      }),
      2,
    );
    expect(lost.lignes).toEqual(["Fonds : 100 000 € redeviendra 250 000 €", "Nombre (PLAI) : 4 redeviendra vide"]);
    expect(lost.reste).toBe(1);
  });

  test("a long value is cut, lines are joined", () => {
    expect(court("a\n b")).toBe("a, b");
    expect(court("x".repeat(80))).toHaveLength(60);
    expect(court(" ")).toBe("vide");
  });

  test("a type without form says so, unless it is checked already", () => {
    const type = { type: "cadastre", libelle: "Cadastre", coche: false, disponible: false } as TypeAvenant;
    expect(raisonFermee(type, true)).toContain("pas encore");
    expect(raisonFermee({ ...type, coche: true }, true)).toBe("");
    expect(raisonFermee({ ...type, disponible: true }, true)).toBe("");
  });
});
