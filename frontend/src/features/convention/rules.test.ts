import { describe, expect, test } from "vitest";
import type {
  Action,
  Carte,
  Commentaire,
  Convention,
  EtapeResumee,
  EvenementHistorique,
  Precondition,
} from "../../api/convention";
import { auteurDe } from "./HistoriqueVue";
import {
  ciblesDesCartes,
  ciblesHorsCartes,
  commentairesDEtape,
  copiePossible,
  dernierMessage,
  enPreparation,
  estPremierEnvoi,
  estRepliable,
  etatDEtape,
  libelleDAction,
  libelleFinancements,
  motsDe,
  ouvreALaCorrection,
  pageDEntree,
  pagesDe,
  phraseMain,
  pointsBloquants,
  presenterActions,
  rangDansLaFile,
  trierManques,
  vueParDefaut,
} from "./rules";
import { suitesDe } from "./suites";

const N = "\u00a0";
const now = new Date("2026-03-12T09:00:00Z");
const main = (more: Partial<Convention["main"]>): Convention["main"] => ({
  a_moi: false,
  cote: "bailleur",
  depuis: "2026-03-09T08:00:00Z",
  libelle: "Le bailleur a la main.",
  ...more,
});
const manque = (code: string): Precondition => ({ code, pointer: "/x", detail: code, lien: "/ici" });
const action = (code: string, more: Partial<Action> = {}): Action => ({
  code,
  libelle: code,
  primaire: false,
  confirmation: "",
  commentaire: "optionnel",
  preconditions: [],
  ...more,
});
const step = (more: Partial<EtapeResumee>): EtapeResumee => ({
  code: "operation",
  libelle: "Opération",
  disponible: true,
  facultative: false,
  modifiable: true,
  etat: "complete",
  lien: "/etapes/operation",
  nb_points: 0,
  nb_commentaires_ouverts: 0,
  nb_commentaires_resolus: 0,
  ...more,
});
const convention = (more: Partial<Convention>): Convention =>
  ({
    uuid: "u",
    statut: "INSTRUCTION",
    genre: "convention",
    main: main({ a_moi: true, cote: "instructeur" }),
    transitions_possibles: [],
    commentaires_resume: { ouverts: 0, resolus: 0, clos: 0, a_traiter: 0, par_champ: {}, possible: true },
    ...more,
  }) as Convention;

describe("who has the ball", () => {
  test.each([
    [main({ a_moi: true }), `Vous avez la main depuis 3${N}jours.`],
    [main({}), `Le bailleur a la main depuis 3${N}jours.`],
    [
      main({ cote: "instructeur", libelle: "Le service instructeur (DDT 13) a la main." }),
      `Le service instructeur (DDT 13) a la main depuis 3${N}jours.`,
    ],
    [
      main({ cote: "deux", a_moi: true, libelle: "Une action de votre part est attendue." }),
      "Une action de votre part est attendue.",
    ],
    [main({ cote: "personne", libelle: "Aucune action n’est attendue." }), "Aucune action n’est attendue."],
  ])("%j", (value, expected) => expect(phraseMain(value, now)).toBe(expected));
});

describe("view of the page", () => {
  test("the side that instructs reviews while there is something to review", () => {
    expect(vueParDefaut("INSTRUCTION", true)).toBe("instruction");
    expect(vueParDefaut("CORRECTION", true)).toBe("instruction");
    expect(vueParDefaut("A_SIGNER", true)).toBe("recapitulatif");
    expect(vueParDefaut("INSTRUCTION", false)).toBe("recapitulatif");
  });
  test("completeness means nothing after validation", () => {
    expect(enPreparation({ statut: "PROJET" })).toBe(true);
    expect(enPreparation({ statut: "A_SIGNER" })).toBe(false);
  });
});

describe("steps in words", () => {
  test.each([
    [step({ nb_points: 2 }), 1, `2${N}points à compléter`],
    [step({}), 3, `3${N}points conseillés`],
    [step({ facultative: true }), 0, "facultative"],
    [step({}), 0, "complète"],
    [step({ etat: "vide" }), 0, "à remplir"],
    [step({ etat: "partielle" }), 0, "en cours"],
  ])("%#", (value, advised, expected) => expect(etatDEtape(value, true, advised)).toBe(expected));
  test("nothing outside preparation", () => expect(etatDEtape(step({ nb_points: 2 }), false)).toBeNull());
  test("comments: open before resolved", () => {
    expect(commentairesDEtape(step({ nb_commentaires_ouverts: 2, nb_commentaires_resolus: 1 }))).toBe(
      `2${N}commentaires ouverts`,
    );
    expect(commentairesDEtape(step({ nb_commentaires_resolus: 1 }))).toBe(`1${N}commentaire résolu`);
    expect(commentairesDEtape(step({}))).toBe("");
  });
});

describe("actions (ST-03: the server's, only arranged)", () => {
  const codes = (list: { cle: string }[]) => list.map(({ cle }) => cle);

  test("what may be confirmed is told from what stops (00 decision 4, CO-14)", () => {
    const { dures, incomplets, commentaires } = trierManques(
      ["CONVENTION_INCOMPLETE", "COMMENTAIRES_OUVERTS", "TYPE_1_2_REQUIS"].map(manque),
    );
    expect([dures, incomplets, commentaires].map((l) => l.map(({ code }) => code))).toEqual([
      ["TYPE_1_2_REQUIS"],
      ["CONVENTION_INCOMPLETE"],
      ["COMMENTAIRES_OUVERTS"],
    ]);
  });
  test("reviewer: Finaliser first, on its own page; Annuler behind the menu", () => {
    const shown = presenterActions(
      convention({
        transitions_possibles: [
          action("demander_corrections"),
          action("valider", { primaire: true, preconditions: [manque("COMMENTAIRES_OUVERTS")] }),
          action("annuler"),
        ],
      }),
      2,
    );
    expect(shown.principale?.lien).toBe("/conventions/u/finalisation/numero");
    expect(shown.principale?.manques).toEqual([]);
    expect(shown.courantes.map(({ libelle }) => libelle)).toEqual(["demander_corrections (2)"]);
    expect(codes(shown.rares)).toEqual(["annuler"]);
  });
  test("when the other side has the ball nothing is primary", () => {
    const shown = presenterActions(
      convention({
        statut: "CORRECTION",
        main: main({}),
        transitions_possibles: [action("relancer_bailleur"), action("valider", { primaire: true })],
      }),
      0,
    );
    expect(shown.principale).toBeNull();
    expect(codes(shown.courantes)).toEqual(["relancer_bailleur", "valider"]);
  });
  test("nobody has the ball: reactivating is still primary", () => {
    const shown = presenterActions(
      convention({
        statut: "ANNULEE",
        main: main({ cote: "personne" }),
        transitions_possibles: [action("reactiver", { primaire: true, libelle: "Réactiver" })],
      }),
      0,
    );
    expect(shown.principale?.libelle).toBe("Réactiver la convention");
  });
  test("blocking points: the primary explains, a second button submits in spite of them", () => {
    const soumettre = action("soumettre", {
      primaire: true,
      preconditions: [manque("CONVENTION_INCOMPLETE"), manque("CONVENTION_INCOMPLETE")],
    });
    const shown = presenterActions(
      convention({ statut: "PROJET", main: main({ a_moi: true }), transitions_possibles: [soumettre] }),
      0,
    );
    expect(shown.principale?.manques).toHaveLength(2);
    expect(shown.courantes).toMatchObject([
      { cle: "soumettre+incomplet", libelle: `Soumettre malgré 2${N}points bloquants`, malgre: true, manques: [] },
    ]);
  });
  test("a hard precondition leaves no way round", () => {
    const soumettre = action("soumettre", {
      primaire: true,
      preconditions: [manque("CONVENTION_INCOMPLETE"), manque("ADMINISTRATION_MANQUANTE")],
    });
    const shown = presenterActions(
      convention({ statut: "PROJET", main: main({ a_moi: true }), transitions_possibles: [soumettre] }),
      0,
    );
    expect(shown.courantes).toEqual([]);
    expect(shown.principale?.manques.map(({ code }) => code)).toEqual([
      "ADMINISTRATION_MANQUANTE",
      "CONVENTION_INCOMPLETE",
    ]);
  });
  test("signing asks for the file on its own page", () => {
    const shown = presenterActions(
      convention({
        statut: "A_SIGNER",
        main: main({ a_moi: true, cote: "deux" }),
        transitions_possibles: [
          action("signer", { primaire: true, preconditions: [manque("FICHIER_SIGNE_MANQUANT")] }),
        ],
      }),
      0,
    );
    expect(shown.principale).toMatchObject({ lien: "/conventions/u/signature", manques: [] });
  });

  const correction = (lien: string) =>
    convention({
      statut: "CORRECTION",
      main: main({ a_moi: true }),
      transitions_possibles: [action("renvoyer_instruction", { primaire: true })],
      commentaires_resume: {
        ouverts: 3,
        resolus: 0,
        clos: 0,
        a_traiter: 3,
        par_champ: {},
        possible: true,
        premier: { uuid: "c", etape: "operation", lien },
      },
    });
  test("UX-01: while comments are open, correcting is primary and sending back stays at hand", () => {
    const shown = presenterActions(correction("/conventions/u/etapes/operation?commentaire=c"), 3);
    expect(shown.principale).toMatchObject({
      cle: "corriger",
      libelle: "Corriger (3)",
      lien: "/conventions/u/etapes/operation?commentaire=c",
    });
    expect(codes(shown.courantes)).toEqual(["renvoyer_instruction"]);
  });
  test("all treated, or a field that has no page: sending back is primary", () => {
    expect(presenterActions(correction("/conventions/u/etapes/operation?commentaire=c"), 0).principale?.cle).toBe(
      "renvoyer_instruction",
    );
    expect(presenterActions(correction("/conventions/u/recapitulatif?commentaire=c"), 3).principale?.cle).toBe(
      "renvoyer_instruction",
    );
  });
  test("verb and object, agreed with the kind", () => {
    expect(libelleDAction({ code: "annuler", libelle: "Annuler" }, { genre: "avenant" })).toBe("Annuler l’avenant");
    expect(
      libelleDAction({ code: "demander_corrections", libelle: "Demander des corrections" }, { genre: "convention" }),
    ).toBe("Demander des corrections");
    expect(pointsBloquants(1)).toBe(`1${N}point bloquant`);
    expect(motsDe("inconnue", "Faire").occupe).toBe("Faire…");
  });
  test("a copy is offered for messages only, comments leave with requests only", () => {
    expect(["demander_corrections", "renvoyer_instruction"].every(copiePossible)).toBe(true);
    expect(["soumettre", "annuler", "valider"].some(copiePossible)).toBe(false);
    expect(ouvreALaCorrection("relancer_bailleur")).toBe(true);
    expect(ouvreALaCorrection("renvoyer_instruction")).toBe(false);
  });
});

describe("cards", () => {
  const cards = [
    {
      etape: "operation",
      titre: "",
      lien: "",
      disponible: true,
      champs: [{ cle: "programme__nom" }, { cle: "" }],
      tableaux: [],
    },
    { etape: "logements", titre: "", lien: "", disponible: false, champs: [], tableaux: [{ cle: "logement__all" }] },
  ] as unknown as Carte[];
  const comment = (nom_objet: string, champ_objet: string) =>
    ({ nom_objet, champ_objet, libelle_cible: "Acte", etape: "cadastre" }) as Commentaire;

  test("fields then tables, in the order of the page, without those that cannot be named", () =>
    expect(ciblesDesCartes(cards)).toEqual(["programme__nom", "logement__all"]));
  test("a commented field that no card shows is not lost, and is listed once", () => {
    const found = ciblesHorsCartes(
      [
        comment("programme", "nom"),
        comment("programme", "acte_de_propriete"),
        comment("programme", "acte_de_propriete"),
      ],
      cards,
    );
    expect(found).toEqual([{ cible: "programme__acte_de_propriete", libelle: "Acte", etape: "cadastre" }]);
  });
  test("a table is folded only when it is worth a press", () => {
    expect(estRepliable(8)).toBe(false);
    expect(estRepliable(9)).toBe(true);
  });
  test("financements as people say them, once each", () => {
    const lot = (financement_libelle: string) => ({ financement_libelle }) as Convention["lots"][number];
    expect(libelleFinancements({ lots: [lot("PLUS"), lot("PLAI"), lot("PLUS")], financements: ["PLUS", "PLAI"] })).toBe(
      "PLUS et PLAI",
    );
    expect(libelleFinancements({ lots: [], financements: ["PLS"] })).toBe("PLS");
  });
});

describe("entry, queue, sending", () => {
  test("a step without page is replaced by the first that has one", () => {
    const page = "/conventions/u/etapes/bailleur";
    const etapes = [step({ code: "bailleur", disponible: false }), step({ lien: "/conventions/u/etapes/operation" })];
    expect(pageDEntree({ uuid: "u", page_par_defaut: page, etapes })).toBe("/conventions/u/etapes/operation");
    expect(pageDEntree({ uuid: "u", page_par_defaut: page, etapes: [step({ code: "bailleur" })] })).toBe(page);
    expect(pageDEntree({ uuid: "u", page_par_defaut: page, etapes: [step({ disponible: false })] })).toBe(
      "/conventions/u/recapitulatif",
    );
    const lue = [step({ code: "bailleur", modifiable: false }), step({ code: "operation", modifiable: false })];
    expect(pageDEntree({ uuid: "u", page_par_defaut: page, etapes: lue }), "a reader fills nothing").toBe(
      "/conventions/u/recapitulatif",
    );
    expect(pageDEntree({ uuid: "u", page_par_defaut: "/conventions/u/signature", etapes: [] })).toBe(
      "/conventions/u/signature",
    );
  });
  test("place in the queue", () => {
    const queue = [{ uuid: "a" }, { uuid: "b" }, { uuid: "c" }];
    expect(rangDansLaFile(queue, "b")).toEqual({
      numero: 2,
      total: 3,
      precedent: { uuid: "a" },
      suivant: { uuid: "c" },
    });
    expect(rangDansLaFile(queue, "z")).toEqual({ numero: 0, total: 3, precedent: null, suivant: { uuid: "a" } });
  });
  test("ST-T02b: corrections sent back are not a first submission", () => {
    expect(estPremierEnvoi({ premiere_soumission_le: "2026-03-01T08:00:00Z", soumis_le: "2026-03-01T08:00:00Z" })).toBe(
      true,
    );
    expect(estPremierEnvoi({ premiere_soumission_le: "2026-03-01T08:00:00Z", soumis_le: "2026-03-05T08:00:00Z" })).toBe(
      false,
    );
  });
});

describe("history", () => {
  const event = (transition: string, commentaire = "", missing = 0): EvenementHistorique => ({
    uuid: transition,
    categorie: "statut",
    changements: [],
    mode: "NORMAL",
    transition,
    commentaire,
    libelle: transition,
    statut: "INSTRUCTION",
    cree_le: "2026-03-01T08:00:00Z",
    elements_incomplets: Array.from({ length: missing }, (_, index) => ({
      code: `C${index}`,
      etape: "bailleur",
      libelle: "x",
    })),
  });
  test("JO-02: the latest word of the other side", () => {
    const events = [event("demander_corrections", "revoir lot 2"), event("soumettre", "premier envoi")];
    expect(dernierMessage(events, false)?.commentaire).toBe("revoir lot 2");
    expect(dernierMessage(events, true)?.commentaire).toBe("premier envoi");
  });
  test("confirmed gaps are shown even without a word; an older word is not brought back", () => {
    expect(dernierMessage([event("soumettre", "", 2)], true)?.elements_incomplets).toHaveLength(2);
    expect(dernierMessage([event("renvoyer_instruction"), event("soumettre", "ancien")], true)).toBeNull();
  });
  test("author: name, entity and the role of that day", () => {
    expect(auteurDe({ ...event("soumettre"), auteur: { nom: "Luc Martin", entite: "DDT", role: "INSTRUCTEUR" } })).toBe(
      "Luc Martin, DDT (service instructeur)",
    );
    expect(
      auteurDe({ ...event("soumettre"), auteur: { nom: "Luc", entite: "", role: "BAILLEUR", assiste_par: "Support" } }),
    ).toBe("Luc (bailleur), avec l’assistance de Support");
    expect(auteurDe(event("creer"))).toBe("");
  });
});

describe("pages of a convention", () => {
  const convention = (change: object) =>
    ({
      uuid: "u",
      statut: "SIGNEE",
      genre: "convention",
      est_avenant: false,
      est_valide: true,
      journal_de_bord: true,
      transitions_possibles: [],
      ...change,
    }) as unknown as Parameters<typeof pagesDe>[0];
  const noms = (change: object) => pagesDe(convention(change)).map(({ nom }) => nom);
  test("a signed convention: overview first, in the order of 06 §6.5", () => {
    expect(noms({})).toEqual([
      "Vue d’ensemble",
      "Informations détaillées",
      "Document",
      "Journal de bord",
      "Historique",
      "Alertes",
    ]);
  });
  test("JO-12: the journal is listed for who may read it only; an ending has no document", () => {
    expect(noms({ journal_de_bord: false })).not.toContain("Journal de bord");
    expect(noms({ genre: "denonciation", est_avenant: true })).toEqual([
      "Informations détaillées",
      "Journal de bord",
      "Historique",
      "Alertes",
    ]);
  });
  test("before signature: récapitulatif, then signature once valid", () => {
    expect(noms({ statut: "INSTRUCTION", est_valide: false, journal_de_bord: false })).toEqual([
      "Récapitulatif",
      "Historique",
      "Alertes",
    ]);
    expect(noms({ statut: "A_SIGNER" })).toContain("Signature");
  });
});

describe("follow-ups of a signed convention", () => {
  const convention = (change: object) =>
    ({ uuid: "u", transitions_possibles: [], depot_possible: false, ...change }) as unknown as Convention;
  const action = (code: string, ...manques: string[]) => ({
    code,
    libelle: code,
    preconditions: manques.map((one) => ({ code: one, detail: "", pointer: "", lien: "" })),
  });
  test("come from the actions of the server, and nothing for a reader", () => {
    expect(suitesDe(convention({}))).toEqual([]);
    expect(
      suitesDe(
        convention({
          transitions_possibles: [action("envoyer_publication"), action("corriger_signature")],
          depot_possible: true,
        }),
      ).map(({ cle }) => cle),
    ).toEqual(["envoyer_publication", "corriger_signature", "remplacer_document"]);
  });
  test("PU-01: what is not published any more is not offered", () => {
    expect(suitesDe(convention({ transitions_possibles: [action("envoyer_publication", "NON_PUBLIABLE")] }))).toEqual(
      [],
    );
  });
});
