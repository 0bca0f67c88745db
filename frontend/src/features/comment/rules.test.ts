import { describe, expect, test } from "vitest";
import type { Commentaire } from "../../api/convention";
import { hauteurDuPanneau } from "./placement";
import { saisieEnCours, sensDeLaTouche } from "./raccourcis";
import {
  cibleDe,
  compter,
  dansLOrdre,
  etatDuFil,
  objetEtChamp,
  parCible,
  phraseNombres,
  refusDuTexte,
  vivants,
  voisin,
} from "./rules";

let rank = 0;
function comment(
  statut: Commentaire["statut"],
  cible = "programme__nom",
  cree_le = "2026-03-01T08:00:00Z",
): Commentaire {
  rank += 1;
  return {
    ...objetEtChamp(cible),
    cible,
    statut,
    cree_le,
    mis_a_jour_le: cree_le,
    uuid: `c${rank}`,
    version: 1,
    etape: "operation",
    message: "À revoir",
    libelle_cible: cible,
    statut_libelle: statut,
    auteur: { nom: "Luc", moi: false },
    actions: [],
    lien: "",
    uuid_objet: null,
    resolu_par: "",
    clos_par: "",
  };
}

describe("threads by field (CO-10, CO-11)", () => {
  test("a comment on a row joins the thread of its table", () => {
    const onRow = { ...comment("OUVERT", "logement__all"), cible: "logement__all__77", uuid_objet: "77" };
    expect(cibleDe(onRow)).toBe("logement__all");
    expect([...parCible([onRow, comment("OUVERT", "logement__all")]).keys()]).toEqual(["logement__all"]);
  });
  test("a thread is in the order of writing, whatever the order of the answer", () => {
    const late = comment("OUVERT", "programme__nom", "2026-03-02T08:00:00Z");
    const early = comment("CLOS", "programme__nom", "2026-03-01T08:00:00Z");
    expect(parCible([late, early]).get("programme__nom")).toEqual([early, late]);
  });
  test.each([
    [["OUVERT", "CLOS", "RESOLU"], "ouvert"],
    [["RESOLU", "CLOS"], "resolu"],
    [["CLOS"], "clos"],
    [[], "aucun"],
  ] as const)("CO-10 %j is %s", (statuts, expected) =>
    expect(etatDuFil(statuts.map((s) => comment(s)))).toBe(expected),
  );
  test("the address of a field gives what the API wants", () =>
    expect(objetEtChamp("convention__annee_fin")).toEqual({ nom_objet: "convention", champ_objet: "annee_fin" }));
});

describe("counting", () => {
  test("each statut", () =>
    expect(compter([comment("OUVERT"), comment("OUVERT"), comment("RESOLU"), comment("CLOS")])).toEqual({
      ouverts: 2,
      resolus: 1,
      clos: 1,
    }));
  test.each([
    [{ ouverts: 0, resolus: 0, clos: 0 }, false, "Aucun commentaire"],
    [{ ouverts: 1, resolus: 0, clos: 0 }, true, "1 commentaire ouvert"],
    [{ ouverts: 5, resolus: 3, clos: 1 }, true, "5 commentaires ouverts, 3 résolus à vérifier, 1 clos"],
    [{ ouverts: 0, resolus: 2, clos: 0 }, false, "Aucun commentaire ouvert, 2 résolus"],
  ])("%j (verifies: %s)", (numbers, verifies, expected) => expect(phraseNombres(numbers, verifies)).toBe(expected));
});

describe("walking the comments", () => {
  const first = comment("OUVERT", "bailleur__nom");
  const second = comment("RESOLU", "programme__nom");
  const closed = comment("CLOS", "programme__ville");
  const unknown = comment("OUVERT", "programme__acte");
  const ordered = dansLOrdre([unknown, second, closed, first], ["bailleur__nom", "programme__nom", "programme__ville"]);

  test("they follow the page; what the page does not show comes last", () =>
    expect(ordered).toEqual([first, second, closed, unknown]));
  test("closed ones are skipped", () => expect(vivants(ordered)).toEqual([first, second, unknown]));
  test("next and previous go round", () => {
    const alive = vivants(ordered);
    expect(voisin(alive, first.uuid, 1)).toBe(second);
    expect(voisin(alive, unknown.uuid, 1)).toBe(first);
    expect(voisin(alive, first.uuid, -1)).toBe(unknown);
  });
  test("from nowhere: the first, or the last backwards", () => {
    expect(voisin(vivants(ordered), null, 1)).toBe(first);
    expect(voisin(vivants(ordered), null, -1)).toBe(unknown);
  });
  test("no neighbour when it is alone or when there is none", () => {
    expect(voisin([first], first.uuid, 1)).toBeNull();
    expect(voisin([], null, 1)).toBeNull();
  });
});

describe("text of a comment (CO-01)", () => {
  test("spaces are not a text", () => expect(refusDuTexte(" \n ")).toMatch(/Écrivez/));
  test("5 000 characters pass, counted as people count them; one more does not", () => {
    expect(refusDuTexte("é".repeat(5000))).toBeNull();
    expect(refusDuTexte("😀".repeat(5000))).toBeNull();
    expect(refusDuTexte("a".repeat(5001))).toMatch(/5 000/);
  });
});

describe("single-key shortcuts (RGAA 12.10)", () => {
  const key = (name: string, more = {}) => ({
    key: name,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    isComposing: false,
    ...more,
  });
  test.each([
    ["n", 1],
    ["N", 1],
    ["p", -1],
    ["x", 0],
    ["Enter", 0],
  ])("%s", (name, expected) => expect(sensDeLaTouche(key(name))).toBe(expected));
  test("with a modifier the browser keeps its own command", () => {
    expect(sensDeLaTouche(key("n", { ctrlKey: true }))).toBe(0);
    expect(sensDeLaTouche(key("p", { metaKey: true }))).toBe(0);
    expect(sensDeLaTouche(key("n", { isComposing: true }))).toBe(0);
  });
  test("never where a letter is text", () => {
    document.body.innerHTML =
      '<textarea id="t"></textarea><button id="b"></button><div role="combobox"><span id="s"></span></div>';
    expect(saisieEnCours(document.getElementById("t"))).toBe(true);
    expect(saisieEnCours(document.getElementById("s"))).toBe(true);
    expect(saisieEnCours(document.getElementById("b"))).toBe(false);
    expect(saisieEnCours(null)).toBe(false);
  });
});

describe("placement of the panel", () => {
  test("level with its field when the panel fits below", () => expect(hauteurDuPanneau(300, 200, 16, 800)).toBe(300));
  test("raised when the field is too low", () => expect(hauteurDuPanneau(700, 400, 16, 800)).toBe(400));
  test("never above the window", () => {
    expect(hauteurDuPanneau(-50, 200, 16, 800)).toBe(16);
    expect(hauteurDuPanneau(700, 900, 16, 800)).toBe(16);
  });
});
