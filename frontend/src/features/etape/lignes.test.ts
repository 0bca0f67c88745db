import { describe, expect, test } from "vitest";
import type { LigneSaisie } from "../../api/brouillon";
import type { ChampEtape, ValeurLigne } from "./api";
import { enMots, estModifie, lireSaisie, memeValeur } from "./champs";
import { ajouterLigne, collerBloc, dupliquerLigne, estUnBloc, fusionnerLignes, lignesDe, totalColonne } from "./lignes";
import { choisirBrouillon, erreursApresSaisie, fusionner, integrer, ouvrirFormulaire, rangerErreurs } from "./rules";
import { uneEtapeDePrets, unePret, unTableau } from "./table.fixture";

const TABLE = unTableau();
const A: ValeurLigne = unePret("a", { numero: "1", montant: "100.00" });
const B: ValeurLigne = unePret("b", { numero: "2", montant: "200.50" });
const C: ValeurLigne = unePret("c", { numero: "3", montant: "0.10" });
const rows = (...lignes: ValeurLigne[]): LigneSaisie[] => lignesDe(TABLE, lignes);
const change = (row: ValeurLigne, valeurs: ValeurLigne): ValeurLigne => ({ ...row, ...valeurs });
const numeros = (lignes: LigneSaisie[] | null) => lignes?.map(({ valeurs }) => valeurs.numero) ?? null;

describe("rows are read as the server expects them", () => {
  test("known rows carry their identifier, new ones none; amounts stay texts", () => {
    const typed = { financement: "PLAI", preteur: "CDCL", numero: "9", duree: "40", montant: "1 000,5" };
    const { lignes } = ajouterLigne(TABLE, rows(A), typed);
    expect(lireSaisie(TABLE, lignes)).toEqual({
      valeur: [A, { financement: "PLAI", preteur: "CDCL", autre: "", numero: "9", duree: 40, montant: "1000.5" }],
    });
  });

  test("what is missing is said cell by cell, mandatory columns of the moment included", () => {
    const { lignes, cle } = ajouterLigne(TABLE, [], { financement: "PLUS", preteur: "CDCL", montant: "x" });
    expect(lireSaisie(TABLE, lignes)).toEqual({
      cellules: {
        [`prets/${cle}/numero`]: "Numéro est obligatoire.",
        [`prets/${cle}/duree`]: "Durée est obligatoire.",
        [`prets/${cle}/montant`]: "Montant\u00a0: saisissez un nombre.",
      },
    });
    const other = ajouterLigne(TABLE, [], { financement: "PLUS", preteur: "VILLE", montant: "1" });
    expect(lireSaisie(TABLE, other.lignes)).toHaveProperty("valeur");
  });

  test("a hidden column is sent empty, and its old text is no change", () => {
    const typed = rows(change(A, { autre: "Fondation" }));
    expect(lireSaisie(TABLE, typed)).toEqual({ valeur: [A] });
    expect(estModifie(TABLE, typed, [A])).toBe(false);
  });

  test("the same rows, however written, are no change; their order is one", () => {
    expect(memeValeur(TABLE, [A, B], rows(change(A, { montant: "100,00" }), B))).toBe(true);
    expect(memeValeur(TABLE, [A, B], rows(B, A))).toBe(false);
    expect(memeValeur(TABLE, [A], rows(A, B))).toBe(false);
    expect(enMots(TABLE, [A])).toBe("PLUS, CDC logement, 1, 40, 100,00");
  });
});

describe("two people on the same table", () => {
  test("different rows are put together: changes, additions and deletions of both", () => {
    const mine = ajouterLigne(TABLE, rows(change(A, { numero: "1 bis" }), C), { numero: "neuf" }).lignes;
    const merged = fusionnerLignes(
      TABLE,
      [A, B, C],
      [A, B, change(C, { numero: "3 bis" }), unePret("d", { numero: "4" })],
      mine,
    );
    expect(numeros(merged)).toEqual(["1 bis", "3 bis", "4", "neuf"]);
  });

  test("the same row changed on both sides is for a person to decide, unless they agree", () => {
    expect(fusionnerLignes(TABLE, [A], [change(A, { numero: "x" })], rows(change(A, { numero: "y" })))).toBeNull();
    expect(
      numeros(fusionnerLignes(TABLE, [A], [change(A, { numero: "x" })], rows(change(A, { numero: "x" })))),
    ).toEqual(["x"]);
  });

  test("deleted on one side and changed on the other is for a person too", () => {
    expect(fusionnerLignes(TABLE, [A, B], [change(A, { numero: "x" }), B], rows(B))).toBeNull();
    expect(fusionnerLignes(TABLE, [A, B], [B], rows(change(A, { numero: "x" }), B))).toBeNull();
    expect(numeros(fusionnerLignes(TABLE, [A, B], [B], rows(A)))).toEqual([]);
  });

  test("the form keeps what was typed in its rows, on the new version", () => {
    const before = {
      ...ouvrirFormulaire(uneEtapeDePrets(1, [A, B])),
      saisies: { prets: rows(A, change(B, { numero: "2 bis" })) },
    };
    const after = integrer(before, uneEtapeDePrets(2, [change(A, { numero: "1 bis" }), B]));
    expect(after.base.version).toBe(2);
    expect(numeros(after.saisies.prets as LigneSaisie[])).toEqual(["1 bis", "2 bis"]);
    expect(after.ailleurs).toEqual(["prets"]);
    const met = integrer(before, uneEtapeDePrets(2, [A, change(B, { numero: "autre" })]));
    expect(met.distante?.version).toBe(2);
    expect(met.saisies).toEqual(before.saisies);
    expect(fusionner([TABLE], { prets: [A] }, { prets: [A] }, { prets: rows(B) })).toEqual({
      rencontres: [],
      ailleurs: [],
    });
  });

  test("a draft brings its rows back", () => {
    const typed = rows(A, change(B, { numero: "2 bis" }));
    const found = choisirBrouillon(uneEtapeDePrets(1, [A, B]), null, {
      valeurs: { prets: JSON.parse(JSON.stringify(typed)) as unknown },
      base_version: 1,
      cree_le: "2026-03-01T09:00:00Z",
    });
    expect(found?.valeurs).toEqual({ prets: typed });
  });
});

describe("errors of cells", () => {
  const champs = [TABLE];
  const typed = rows(A, B);
  const blocking = (pointer: string) => ({
    pointer,
    code: "x",
    detail: `Faux ${pointer}`,
    niveau: "blocking" as const,
  });

  test("a pointer finds its cell, a row its first cell, the table itself", () => {
    const sorted = rangerErreurs(
      champs,
      ["/prets/1/montant", "/prets/0", "/prets", "/prets/9/montant"].map(blocking),
      () => typed,
    );
    expect(Object.keys(sorted.parChamp)).toEqual(["prets/b/montant", "prets/a/financement", "prets"]);
  });

  test("typing in a cell clears its error and leaves those of the others, whatever row is deleted", () => {
    const errors = { "prets/a/montant": "faux", "prets/b/montant": "faux", prets: "CDC", nom: "requis" };
    const after = rows(change(A, { montant: "5" }), B);
    expect(erreursApresSaisie(TABLE, typed, after, errors, {})).toEqual({ "prets/b/montant": "faux", nom: "requis" });
    expect(erreursApresSaisie(TABLE, typed, rows(B), errors, {})).toEqual({ "prets/b/montant": "faux", nom: "requis" });
    const stillBad = rows(change(A, { montant: "5x" }), B);
    expect(erreursApresSaisie(TABLE, typed, stillBad, errors, { "prets/a/montant": "nombre" })["prets/a/montant"]).toBe(
      "nombre",
    );
  });
});

describe("rows are added, copied, pasted", () => {
  test("a list with one possible value is filled in a new row", () => {
    const only: ChampEtape = unTableau([{ valeur: "PLAI", libelle: "PLAI" }]);
    expect(ajouterLigne(only, []).lignes[0]?.valeurs.financement).toBe("PLAI");
    expect(ajouterLigne(TABLE, []).lignes[0]?.valeurs.financement).toBe("");
  });

  test("a copy stands after its row, without its identifier", () => {
    const { lignes } = dupliquerLigne(TABLE, rows(A, B), "a");
    expect(lignes.map(({ uuid }) => uuid)).toEqual(["a", null, "b"]);
    expect(numeros(lignes)).toEqual(["1", "1", "2"]);
  });

  test("a block of a spreadsheet fills cells by label, adds rows and counts what found no place", () => {
    expect(estUnBloc("un numéro")).toBe(false);
    const text = "PLUS\tcdc LOGEMENT\t\t12\t40\t1 000,50 €\tde trop\r\nplai\tVILLE\t\t\t\t2\r\n";
    expect(estUnBloc(text)).toBe(true);
    const { lignes, collees, laissees } = collerBloc(TABLE, rows(A), { cle: "a", colonne: "financement" }, text);
    expect([collees, laissees]).toEqual([12, 1]);
    expect(lignes[0]).toMatchObject({ uuid: "a", valeurs: { financement: "PLUS", preteur: "CDCL", numero: "12" } });
    expect(lireSaisie(TABLE, lignes)).toMatchObject({
      valeur: [{ montant: "1000.50" }, { financement: "PLAI", preteur: "VILLE", montant: "2" }],
    });
    const full = { ...TABLE, table: { ligne: "Prêt", colonnes: TABLE.table?.colonnes ?? [], max: 1 } };
    expect(collerBloc(full, rows(A), { cle: "a", colonne: "numero" }, "7\n8\n")).toMatchObject({
      collees: 1,
      laissees: 1,
    });
  });

  test("French days are understood, labels that do not exist leave the list empty", () => {
    const dated = {
      ...TABLE,
      table: {
        ligne: "x",
        max: 5,
        colonnes: [
          { ...TABLE, cle: "le", type: "date" as const },
          { ...TABLE, cle: "qui", type: "choix" as const, choix: [] },
        ],
      },
    };
    const { lignes } = collerBloc(dated, lignesDe(dated, [{ uuid: "a" }]), { cle: "a", colonne: "le" }, "3/2/2026\tX");
    expect(lignes[0]?.valeurs).toEqual({ le: "2026-02-03", qui: "" });
  });

  test("the total is exact", () => {
    const montant = TABLE.table?.colonnes.at(-1) as ChampEtape;
    expect(totalColonne(montant, rows(A, B, C))).toBe("300.60");
    expect(totalColonne(montant, [])).toBeNull();
  });
});
