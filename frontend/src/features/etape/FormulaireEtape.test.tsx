import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import type { Commentaire, Convention } from "../../api/convention";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, largeurEcran, rendre } from "../../testing/rendu";
import { type ChampEtape, type Etape, useEtape } from "./api";
import { FormulaireEtape } from "./FormulaireEtape";

const champ = (cle: string, libelle: string, change: Partial<ChampEtape> = {}): ChampEtape => ({
  cle,
  libelle,
  type: "texte",
  requis: false,
  choix: [],
  aide: "",
  exemple: "",
  cible: `programme__${cle}`,
  modifiable: true,
  ...change,
});

const remarque = (uuid: string, champ_objet: string, message: string): Commentaire => ({
  uuid,
  version: 1,
  cible: `programme__${champ_objet}`,
  nom_objet: "programme",
  champ_objet,
  uuid_objet: null,
  libelle_cible: champ_objet,
  etape: "operation",
  lien: "",
  message,
  statut: "OUVERT",
  statut_libelle: "Ouvert",
  auteur: { nom: "Luc Martin", moi: false },
  cree_le: "2026-03-01T09:00:00Z",
  mis_a_jour_le: "2026-03-01T09:00:00Z",
  resolu_le: null,
  resolu_par: "",
  clos_le: null,
  clos_par: "",
  actions: ["resoudre"],
});

const uneEtape = (change: Partial<Etape> = {}): Etape => ({
  etape: "operation",
  libelle: "Opération",
  aide: "Vérifiez.",
  version: 3,
  statut: "PROJET",
  modifiable: true,
  raison: "",
  avertissements: [],
  actions: [],
  champs: [
    champ("nom", "Nom", { requis: true }),
    champ("numero", "Numéro d’opération", { modifiable: false }),
    champ("type", "Type d’habitat", { type: "choix", choix: [{ valeur: "COLLECTIF", libelle: "Collectif" }] }),
    champ("anru", "Financement ANRU", { type: "booleen" }),
    champ("bureaux", "Bureaux", { type: "entier" }),
  ],
  valeurs: { nom: "Les Tilleuls", numero: "2026", type: "COLLECTIF", anru: false, bureaux: null },
  commentaires: {},
  ...change,
});

const convention = (change: Partial<Convention> = {}): Convention =>
  ({
    uuid: "u1",
    titre: "Les Tilleuls, PLUS",
    statut: "PROJET",
    etapes: [],
    transitions_possibles: [],
    commentaires_resume: { ouverts: 0, resolus: 0, clos: 0, a_traiter: 0, par_champ: {}, possible: true },
    ...change,
  }) as unknown as Convention;

const JETON = { "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } } };
const STEP = "/conventions/u1/operation";

type Reglages = { correction?: boolean; lectureSeule?: boolean; commentaire?: string | null; fiche?: Convention };

function Monte({ correction = false, commentaire = null, fiche = convention() }: Reglages) {
  const { data } = useEtape("u1", "operation");
  if (!data) return null;
  return (
    <FormulaireEtape
      convention={fiche}
      etape={data}
      proprietaire="marie/1"
      brouillons
      correction={correction}
      lectureSeule={!data.modifiable}
      onRenvoyer={null}
      commentaireVise={commentaire}
      champVise={null}
    />
  );
}

/** A server that holds one step: a PUT of the present version changes it. */
function serveur(
  first: Etape,
  refus?: (corps: Record<string, unknown>, essai: number) => { statut: number; corps: unknown } | null,
) {
  let step = first;
  let essais = 0;
  const seen = fauxServeur({
    ...JETON,
    [`GET ${STEP}`]: () => ({ corps: step, entetes: { ETag: `"${step.version}"` } }),
    "PUT /conventions/u1/brouillons/operation": { statut: 204 },
    "DELETE /conventions/u1/brouillons/operation": { statut: 204 },
    [`PUT ${STEP}`]: ({ corps, entetes }) => {
      essais += 1;
      if (entetes.get("If-Match") !== `"${step.version}"`)
        return { statut: 412, corps: { code: "VERSION_PERIMEE", detail: "Périmée." } };
      const values = corps as Record<string, unknown>;
      const refused = refus?.(values, essais);
      if (refused) return refused;
      const {
        commentaires_resolus: resolus = [],
        confirmer_erreurs: _,
        ...valeurs
      } = values as { commentaires_resolus?: string[]; confirmer_erreurs?: boolean };
      step = {
        ...step,
        version: step.version + 1,
        valeurs: { ...step.valeurs, ...valeurs },
        commentaires: Object.fromEntries(
          Object.entries(step.commentaires).map(([cible, list]) => [
            cible,
            list.map((c) =>
              resolus.includes(c.uuid) ? { ...c, statut: "RESOLU" as const, statut_libelle: "Résolu" } : c,
            ),
          ]),
        ),
      };
      return { corps: step, entetes: { ETag: `"${step.version}"` } };
    },
  });
  return {
    ...seen,
    ailleurs: (valeurs: Etape["valeurs"]) => {
      step = { ...step, version: step.version + 1, valeurs: { ...step.valeurs, ...valeurs } };
    },
    enregistrements: () =>
      seen.demandes.filter(({ methode, chemin }) => methode === "PUT" && chemin === STEP).map(({ corps }) => corps),
  };
}

/** What the save status says, once it says that. */
const dit = (words: RegExp) =>
  waitFor(() => expect(document.querySelector(".ap-sauvegarde__texte")?.textContent).toMatch(words));

const enregistrer = () => userEvent.click(screen.getByRole("button", { name: "Enregistrer" }));

beforeEach(() => largeurEcran(1280));

describe("the form", () => {
  test("is drawn from the description of the server: inputs where it may be changed, text elsewhere", async () => {
    serveur(uneEtape());
    const { container } = rendre(<Monte />);
    expect(await screen.findByRole("textbox", { name: "Nom (obligatoire)" })).toHaveProperty("value", "Les Tilleuls");
    expect(screen.getByRole("combobox", { name: "Type d’habitat" })).toHaveProperty("value", "COLLECTIF");
    expect(screen.getByRole("checkbox", { name: "Financement ANRU" })).toHaveProperty("checked", false);
    expect(screen.queryByRole("textbox", { name: "Numéro d’opération" })).toBeNull();
    expect(screen.getByRole("group", { name: "Numéro d’opération" }).textContent).toContain("2026");
    expect(await fautesAxe(container)).toEqual([]);
  });

  test("saves only what was changed, in the types of the server", async () => {
    const { enregistrements } = serveur(uneEtape());
    rendre(<Monte />);
    await userEvent.type(await screen.findByRole("textbox", { name: "Bureaux" }), "12");
    await userEvent.click(screen.getByRole("checkbox", { name: "Financement ANRU" }));
    await enregistrer();
    await waitFor(() => expect(enregistrements()).toEqual([{ bureaux: 12, anru: true }]));
    await dit(/^Étape enregistrée à/);
  });

  test("closed to the reader: no input, no command that writes", async () => {
    serveur(
      uneEtape({
        modifiable: false,
        raison: "Votre profil est en lecture seule.",
        champs: uneEtape().champs.map((c) => ({ ...c, modifiable: false })),
      }),
    );
    rendre(<Monte />);
    await screen.findByRole("group", { name: "Nom" });
    for (const role of ["textbox", "combobox", "checkbox"]) expect(screen.queryAllByRole(role)).toEqual([]);
    expect(screen.queryByRole("button", { name: /nregistrer/ })).toBeNull();
  });
});

describe("a refused save", () => {
  test("by the client: the summary leads to the field, and the mistake goes with its correction", async () => {
    const { enregistrements } = serveur(uneEtape());
    rendre(<Monte />);
    const nom = await screen.findByRole("textbox", { name: "Nom (obligatoire)" });
    await userEvent.clear(nom);
    await enregistrer();
    const summary = screen.getByRole("region", { name: "1 point à corriger" });
    expect(document.activeElement).toBe(summary);
    expect(nom.getAttribute("aria-invalid")).toBe("true");
    await userEvent.click(within(summary).getByRole("link", { name: "Nom est obligatoire." }));
    expect(document.activeElement).toBe(nom);
    await userEvent.type(nom, "A");
    expect(screen.queryByRole("region", { name: "1 point à corriger" })).toBeNull();
    expect(enregistrements()).toEqual([]);
  });

  test("by the server: the pointer finds its field, what was typed stays", async () => {
    serveur(uneEtape(), () => ({
      statut: 422,
      corps: {
        code: "invalide",
        detail: "Corrigez.",
        errors: [{ pointer: "/nom", code: "too_long", detail: "Nom : trop long." }],
      },
    }));
    rendre(<Monte />);
    const nom = await screen.findByRole("textbox", { name: "Nom (obligatoire)" });
    await userEvent.type(nom, " bis");
    await enregistrer();
    expect(await screen.findByRole("link", { name: "Nom : trop long." })).toBeTruthy();
    expect(nom).toHaveProperty("value", "Les Tilleuls bis");
  });

  test("because somebody changed another field: saved again on the new version, and said", async () => {
    const { ailleurs, enregistrements } = serveur(uneEtape());
    rendre(<Monte />);
    await userEvent.type(await screen.findByRole("textbox", { name: "Nom (obligatoire)" }), " bis");
    ailleurs({ bureaux: 4 });
    await enregistrer();
    await dit(/Entre-temps, « Bureaux » a été modifié par une autre personne/);
    expect(enregistrements()).toEqual([{ nom: "Les Tilleuls bis" }, { nom: "Les Tilleuls bis" }]);
    expect(screen.getByRole("textbox", { name: "Bureaux" })).toHaveProperty("value", "4");
  });

  test("because somebody changed the same field: nothing is overwritten without a choice", async () => {
    const { ailleurs, enregistrements } = serveur(uneEtape());
    rendre(<Monte />);
    await userEvent.type(await screen.findByRole("textbox", { name: "Nom (obligatoire)" }), " bis");
    ailleurs({ nom: "Les Chênes" });
    await enregistrer();
    const mine = await screen.findByLabelText("Garder la mienne");
    expect(mine).toHaveProperty("checked", false);
    expect(screen.getByLabelText("Prendre l’autre")).toHaveProperty("checked", false);
    await userEvent.click(mine);
    await userEvent.click(screen.getByText("Enregistrer mes choix"));
    await waitFor(() => expect(enregistrements()).toHaveLength(2));
    expect(enregistrements()[1]).toEqual({ nom: "Les Tilleuls bis" });
    await dit(/^Étape enregistrée à/);
  });

  test("PE-30: what was typed in a field that closed is shown apart, and the rest can be saved", async () => {
    let closed = false;
    const open = uneEtape();
    const { enregistrements, ailleurs } = serveur(open, (_, essai) => {
      if (essai > 1) return null;
      closed = true;
      open.champs[4] = champ("bureaux", "Bureaux", { type: "entier", modifiable: false });
      return {
        statut: 403,
        corps: {
          code: "CHAMP_NON_MODIFIABLE",
          detail: "Fermé.",
          errors: [{ pointer: "/bureaux", code: "CHAMP_NON_MODIFIABLE", detail: "Bureaux : fermé." }],
        },
      };
    });
    rendre(<Monte />);
    await userEvent.type(await screen.findByRole("textbox", { name: "Bureaux" }), "7");
    await userEvent.type(screen.getByRole("textbox", { name: "Nom (obligatoire)" }), " bis");
    await enregistrer();
    const apart = await screen.findByRole("region", { name: "Ces saisies ne peuvent plus être enregistrées" });
    expect(closed).toBe(true);
    expect(apart.textContent).toContain("Bureaux7");
    ailleurs({});
    await enregistrer();
    await waitFor(() => expect(enregistrements().at(-1)).toEqual({ nom: "Les Tilleuls bis" }));
    await dit(/nregistrée? à/);
  });

  test("with confirmable errors only: « Valider quand même » sends them confirmed", async () => {
    const { enregistrements } = serveur(uneEtape(), ({ confirmer_erreurs }) =>
      confirmer_erreurs
        ? null
        : {
            statut: 422,
            corps: {
              code: "invalide",
              detail: "x",
              errors: [{ pointer: "/nom", code: "odd", detail: "Nom inhabituel.", niveau: "confirmable" }],
            },
          },
    );
    rendre(<Monte />);
    await userEvent.type(await screen.findByRole("textbox", { name: "Nom (obligatoire)" }), " bis");
    await enregistrer();
    await userEvent.click(await screen.findByText("Valider quand même"));
    await waitFor(() => expect(enregistrements().at(-1)).toEqual({ nom: "Les Tilleuls bis", confirmer_erreurs: true }));
  });
});

describe("correction", () => {
  const aCorriger = () =>
    uneEtape({
      statut: "CORRECTION",
      champs: [
        champ("nom", "Nom", { requis: true }),
        champ("ville", "Ville", { modifiable: false }),
        champ("bureaux", "Bureaux", { type: "entier" }),
      ],
      valeurs: { nom: "Les Tilleuls", ville: "Limoges", bureaux: null },
      commentaires: {
        programme__nom: [remarque("c1", "nom", "Reprendre le nom.")],
        programme__bureaux: [remarque("c2", "bureaux", "À indiquer.")],
      },
    });
  const fiche = convention({
    statut: "CORRECTION",
    commentaires_resume: { ouverts: 2, resolus: 0, clos: 0, a_traiter: 2, par_champ: {}, possible: true },
  } as Partial<Convention>);

  test("a link to a comment puts the cursor in its field, read with its comment", async () => {
    serveur(aCorriger());
    rendre(<Monte correction commentaire="c2" fiche={fiche} />);
    const field = await screen.findByRole("textbox", { name: "Bureaux" });
    await waitFor(() => expect(document.activeElement).toBe(field));
    const described = document.getElementById(field.getAttribute("aria-describedby") ?? "");
    expect(described?.textContent).toContain("À indiquer.");
    expect(screen.getByRole("group", { name: "Ville" }).textContent).toContain("Non ouvert à la correction");
  });

  test("UX-02: one press saves the field, resolves its comment and goes to the next; the other fields wait", async () => {
    const { enregistrements } = serveur(aCorriger());
    rendre(<Monte correction fiche={fiche} />);
    await userEvent.type(await screen.findByRole("textbox", { name: "Bureaux" }), "3");
    await userEvent.type(screen.getByRole("textbox", { name: "Nom (obligatoire)" }), " bis");
    await userEvent.click(screen.getByRole("button", { name: "Enregistrer et marquer résolu (Nom)" }));
    await waitFor(() => expect(enregistrements()).toEqual([{ nom: "Les Tilleuls bis", commentaires_resolus: ["c1"] }]));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Bureaux" })));
    expect(screen.getByRole("textbox", { name: "Bureaux" })).toHaveProperty("value", "3");
    expect(screen.queryByRole("button", { name: "Enregistrer et marquer résolu (Nom)" })).toBeNull();
  });
});

describe("a draft found on arrival", () => {
  const avecBrouillon = () =>
    uneEtape({ brouillon: { valeurs: { nom: "Les Chênes" }, base_version: 2, cree_le: "2026-03-12T13:32:00Z" } });

  test("is offered, never applied by itself", async () => {
    serveur(avecBrouillon());
    rendre(<Monte />);
    const offer = await screen.findByRole("region", { name: /^Vous avez un brouillon du 12 mars 2026 à/ });
    expect(offer.textContent).toContain("Le dossier a changé depuis");
    const nom = screen.getByRole("textbox", { name: "Nom (obligatoire)" });
    expect(nom).toHaveProperty("value", "Les Tilleuls");
    await userEvent.click(within(offer).getByRole("button", { name: "Reprendre" }));
    expect(nom).toHaveProperty("value", "Les Chênes");
    expect(screen.queryByRole("region", { name: /^Vous avez un brouillon/ })).toBeNull();
  });

  test("typed beside, it is kept with what is typed until somebody decides", async () => {
    const { demandes } = serveur(avecBrouillon());
    rendre(<Monte />);
    await screen.findByRole("region", { name: /^Vous avez un brouillon/ });
    await userEvent.type(screen.getByRole("textbox", { name: "Bureaux" }), "3");
    await waitFor(
      () =>
        expect(
          demandes.find(({ methode, chemin }) => methode === "PUT" && chemin.includes("brouillons"))?.corps,
        ).toMatchObject({ valeurs: { nom: "Les Chênes", bureaux: "3" } }),
      { timeout: 3000 },
    );
  });

  test("given up, it is erased on the server", async () => {
    const { demandes } = serveur(avecBrouillon());
    rendre(<Monte />);
    await userEvent.click(
      within(await screen.findByRole("region", { name: /^Vous avez un brouillon/ })).getByRole("button", {
        name: "Abandonner",
      }),
    );
    await waitFor(() => expect(screen.queryByRole("region", { name: /^Vous avez un brouillon/ })).toBeNull());
    expect(
      demandes.some(({ methode, chemin }) => methode === "DELETE" && chemin === "/conventions/u1/brouillons/operation"),
    ).toBe(true);
  });
});
