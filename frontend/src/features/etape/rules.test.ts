import { describe, expect, test } from "vitest";
import type { BrouillonLocal } from "../../api/brouillon";
import type { Commentaire } from "../../api/convention";
import type { ChampEtape, Etape, Valeurs } from "./api";
import {
  apresEnregistrement,
  champDuCommentaire,
  choisirBrouillon,
  commentairesDuChamp,
  fusionner,
  integrer,
  ouvrirFormulaire,
  pointsACorriger,
  prochainCommente,
  progression,
  rangerErreurs,
  saisiesFermees,
  saisir,
  toutConfirmable,
} from "./rules";

const champ = (cle: string, change: Partial<ChampEtape> = {}): ChampEtape => ({
  cle,
  libelle: cle,
  type: "texte",
  requis: false,
  choix: [],
  aide: "",
  exemple: "",
  cible: `programme__${cle}`,
  modifiable: true,
  ...change,
});

const CHAMPS = [champ("nom"), champ("ville"), champ("bureaux", { type: "entier" })];

const etape = (version: number, valeurs: Valeurs, change: Partial<Etape> = {}): Etape => ({
  etape: "operation",
  libelle: "Opération",
  aide: "",
  version,
  statut: "PROJET",
  modifiable: true,
  raison: "",
  avertissements: [],
  actions: [],
  champs: CHAMPS,
  valeurs,
  commentaires: {},
  ...change,
});

const V1 = { nom: "A", ville: "Limoges", bureaux: null };

describe("two people on the same step", () => {
  test("what only the other changed is no conflict; what both changed is", () => {
    expect(fusionner(CHAMPS, V1, { nom: "B", ville: "Couzeix", bureaux: null }, { nom: "C", bureaux: "2" })).toEqual({
      rencontres: ["nom"],
      ailleurs: ["ville"],
    });
  });

  test("the same value on both sides is no conflict, however it is written", () => {
    expect(fusionner(CHAMPS, V1, { ...V1, bureaux: 2 }, { bureaux: " 2 " })).toEqual({ rencontres: [], ailleurs: [] });
  });

  test("a newer reading that meets nothing becomes the base, and says what changed", () => {
    const typed = saisir(ouvrirFormulaire(etape(1, V1)), champ("nom"), "C");
    const after = integrer(typed, etape(2, { ...V1, ville: "Couzeix" }));
    expect(after).toMatchObject({ base: { version: 2 }, saisies: { nom: "C" }, distante: null, ailleurs: ["ville"] });
  });

  test("a newer reading that meets what is typed waits for a decision: the base does not move", () => {
    const typed = saisir(ouvrirFormulaire(etape(1, V1)), champ("nom"), "C");
    const after = integrer(typed, etape(2, { ...V1, nom: "B" }));
    expect(after.base.version).toBe(1);
    expect(after.saisies).toEqual({ nom: "C" });
    expect(after.distante?.version).toBe(2);
  });

  test("an older reading that arrives late changes nothing", () => {
    const state = ouvrirFormulaire(etape(3, V1));
    expect(integrer(state, etape(2, { ...V1, nom: "vieux" }))).toBe(state);
  });
});

describe("typing", () => {
  test("the value of the server typed back is no change", () => {
    const typed = saisir(ouvrirFormulaire(etape(1, V1)), champ("nom"), "C");
    expect(typed.saisies).toEqual({ nom: "C" });
    expect(saisir(typed, champ("nom"), "A").saisies).toEqual({});
  });

  test("a final space stays while it is typed", () => {
    expect(saisir(ouvrirFormulaire(etape(1, V1)), champ("nom"), "A ").saisies).toEqual({ nom: "A " });
  });

  test("after the save of one field, the others stay unsaved on the new base", () => {
    const typed = saisir(saisir(ouvrirFormulaire(etape(1, V1)), champ("nom"), "C"), champ("ville"), "Couzeix");
    const after = apresEnregistrement(typed, etape(2, { ...V1, nom: "C" }), ["nom"]);
    expect(after).toMatchObject({ base: { version: 2 }, saisies: { ville: "Couzeix" } });
  });

  test("what was typed in a field that closed, or left the step, is set apart", () => {
    const closed = etape(2, V1, { champs: [champ("nom", { modifiable: false }), champ("ville")] });
    expect(saisiesFermees(closed, { nom: "C", ville: "X", disparu: "Y" })).toEqual(["nom", "disparu"]);
  });
});

describe("draft offered on return", () => {
  const local = (change: Partial<BrouillonLocal> = {}): BrouillonLocal => ({
    cle: "k",
    valeurs: { nom: "local" },
    baseVersion: 1,
    le: "2026-03-12T13:32:00Z",
    champ: "nom",
    envoye: false,
    ...change,
  });
  const distant = { valeurs: { nom: "distant", ville: "Couzeix" }, base_version: 1, cree_le: "2026-03-12T13:31:00Z" };

  test("what the server never received wins, field by field", () => {
    expect(choisirBrouillon(etape(1, V1), local(), distant)).toMatchObject({
      valeurs: { nom: "local", ville: "Couzeix" },
      champ: "nom",
    });
  });

  test("what the server received is read from the server", () => {
    expect(choisirBrouillon(etape(1, V1), local({ envoye: true }), distant)?.valeurs.nom).toBe("distant");
  });

  test("received, then gone from the server: saved or given up elsewhere, nothing to offer", () => {
    expect(choisirBrouillon(etape(1, V1), local({ envoye: true }), null)).toBeNull();
  });

  test("a draft equal to what is saved is not offered", () => {
    expect(choisirBrouillon(etape(2, { ...V1, nom: "local" }), local(), null)).toBeNull();
  });

  test("values that are neither texts nor boxes are not put in inputs", () => {
    expect(
      choisirBrouillon(etape(1, V1), null, { ...distant, valeurs: { nom: { a: 1 }, ville: "Couzeix" } })?.valeurs,
    ).toEqual({ ville: "Couzeix" });
  });
});

describe("refusals of the server", () => {
  test("a pointer goes to its field, the rest stays in the summary, in the order of the page", () => {
    const sorted = rangerErreurs(CHAMPS, [
      { pointer: "/commentaires_resolus", code: "unknown_row", detail: "Commentaire inconnu." },
      { pointer: "/ville", code: "required", detail: "Ville est obligatoire." },
      { pointer: "/nom", code: "required", detail: "Nom est obligatoire." },
    ]);
    expect(pointsACorriger(CHAMPS, sorted)).toEqual([
      { message: "Nom est obligatoire.", champ: "champ-nom" },
      { message: "Ville est obligatoire.", champ: "champ-ville" },
      { message: "Commentaire inconnu." },
    ]);
  });

  test("confirmable only when nothing blocks", () => {
    const confirmable = { pointer: "/nom", code: "x", detail: "d", niveau: "confirmable" };
    expect(toutConfirmable([confirmable, { ...confirmable, niveau: "warning" }])).toBe(true);
    expect(toutConfirmable([confirmable, { ...confirmable, niveau: "blocking" }])).toBe(false);
    expect(toutConfirmable([confirmable, { pointer: "/nom", code: "x", detail: "d" }])).toBe(false);
    expect(toutConfirmable([])).toBe(false);
  });
});

describe("correction", () => {
  const comment = (uuid: string, statut: Commentaire["statut"], cree_le = "2026-01-01"): Commentaire =>
    ({ uuid, statut, cree_le }) as Commentaire;
  const step = etape(1, V1, {
    commentaires: {
      programme__nom: [comment("r", "RESOLU"), comment("o2", "OUVERT", "2026-02-02"), comment("o1", "OUVERT")],
      programme__bureaux: [comment("o3", "OUVERT")],
      programme__ville: [comment("c", "CLOS")],
    },
  });

  test("open comments come first, the oldest first", () => {
    expect(commentairesDuChamp(step, champ("nom")).map(({ uuid }) => uuid)).toEqual(["o1", "o2", "r"]);
  });

  test("the next field is after the present one, then from the top", () => {
    expect(prochainCommente(step, null)?.cle).toBe("nom");
    expect(prochainCommente(step, "nom")?.cle).toBe("bureaux");
    expect(prochainCommente(step, "bureaux")?.cle).toBe("nom");
    expect(prochainCommente(etape(1, V1), "nom")).toBeNull();
  });

  test("a link to a comment leads to its field", () => {
    expect(champDuCommentaire(step, "c")?.cle).toBe("ville");
    expect(champDuCommentaire(step, "parti")).toBeNull();
  });

  test("closed comments do not count", () => {
    expect(progression({ ouverts: 2, resolus: 3 })).toEqual({ traites: 3, total: 5, restants: 2 });
  });
});
