import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useParams } from "react-router";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Action, ActionFaite, Convention } from "../../api/convention";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, largeurEcran, rendre } from "../../testing/rendu";
import { FinalisationVue } from "./FinalisationVue";
import type { VoletFinalisation } from "./rules";

const JETON = { "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } } };
const VALIDER = "POST /conventions/u1/actions/valider";

const convention = {
  uuid: "u1",
  version: 6,
  titre: "Le Pont, PLUS",
  numero: null,
  est_avenant: false,
  valide_le: null,
  operation: { nom: "Le Pont", ville: "Limoges" },
  bailleur: { nom: "Porcelaine Habitat" },
  lots: [{ uuid: "l", financement: "PLUS", financement_libelle: "PLUS", nb_logements: 9 }],
  date_fin_conventionnement: "2066-06-30",
  completude: { pourcentage: 100, bloquants: 0, conseilles: 0, points: [] },
  commentaires_resume: { ouverts: 0, resolus: 0, clos: 0, a_traiter: 0, par_champ: {}, possible: true },
} as unknown as Convention;

const action = (change: Partial<Action> = {}): Action => ({
  code: "valider",
  libelle: "Finaliser",
  confirmation: "Le numéro sera attribué.",
  commentaire: "optionnel",
  primaire: true,
  preconditions: [],
  numero_propose: "87.D.26.0003",
  ...change,
});

const manque = (code: string, pointer: string) => ({ code, pointer, detail: `${code} manque`, lien: "/x" });

const fait = vi.fn<(reply: ActionFaite) => void>();

function Monte({ valider = action() }: { valider?: Action }) {
  const { volet } = useParams();
  return <FinalisationVue convention={convention} action={valider} volet={volet as VoletFinalisation} onFait={fait} />;
}

const monter = (volet: VoletFinalisation, valider?: Action) =>
  rendre(<Monte valider={valider} />, {
    chemin: `/conventions/u1/finalisation/${volet}`,
    route: "/conventions/:uuid/finalisation/:volet",
  });

const bouton = (name: string) => screen.findByRole("button", { name });
const corps = (demandes: { methode: string; chemin: string; corps: unknown }[]) =>
  demandes.filter(({ chemin }) => chemin.endsWith("/valider")).map((demande) => demande.corps);

beforeEach(() => {
  largeurEcran(1280);
  window.sessionStorage.clear();
  fait.mockReset();
});

test("UX-14: three presses when nothing is to be corrected, and the number that was read is the one that is sent", async () => {
  const { demandes } = fauxServeur({ ...JETON, [VALIDER]: { corps: { avertissements: [] } } });
  const { container } = monter("numero");
  expect(screen.getByRole("textbox", { name: /^Numéro de la convention/ })).toHaveProperty("value", "87.D.26.0003");
  await userEvent.click(await bouton("Continuer"));
  expect(screen.getByText(/Le document sera produit/)).toBeTruthy();
  await userEvent.click(await bouton("Ces données sont correctes, continuer"));
  expect(await fautesAxe(container)).toEqual([]);
  await userEvent.click(await bouton("Valider et envoyer"));
  await waitFor(() => expect(fait).toHaveBeenCalledTimes(1));
  expect(corps(demandes)).toEqual([{ numero: "87.D.26.0003" }]);
  const [sent] = demandes.filter(({ chemin }) => chemin.endsWith("/valider"));
  expect(sent?.entetes.get("If-Match")).toBe('"6"');
  expect(sent?.entetes.get("Idempotency-Key")).toBeTruthy();
});

describe("the number", () => {
  test("FI-09: the last screen is not reached without one", async () => {
    fauxServeur(JETON);
    monter("validation", action({ numero_propose: "" }));
    expect(await screen.findByRole("textbox", { name: /^Numéro de la convention/ })).toBeTruthy();
    await userEvent.click(await bouton("Continuer"));
    expect(await screen.findByText("Indiquez le numéro.")).toBeTruthy();
  });

  test("FI-04: the proposed one given to somebody else meanwhile is replaced by the next, on the same screen", async () => {
    let taken = true;
    const { demandes } = fauxServeur({
      ...JETON,
      [VALIDER]: () =>
        taken
          ? { statut: 409, corps: { code: "NUMERO_PRIS", detail: "Pris.", numero_propose: "87.D.26.0004" } }
          : { corps: { avertissements: [] } },
    });
    monter("validation");
    await userEvent.click(await bouton("Valider et envoyer"));
    expect(await screen.findByText("Le n° 87.D.26.0003 vient d’être attribué.")).toBeTruthy();
    expect(screen.getByText("n° 87.D.26.0004")).toBeTruthy();
    expect(fait).not.toHaveBeenCalled();
    taken = false;
    await userEvent.click(await bouton("Valider et envoyer"));
    await waitFor(() => expect(fait).toHaveBeenCalledTimes(1));
    expect(corps(demandes).at(-1)).toEqual({ numero: "87.D.26.0004" });
  });

  test("FI-03: one typed by hand that is taken comes back to its field, with its holder and a free one", async () => {
    fauxServeur({
      ...JETON,
      [VALIDER]: {
        statut: 422,
        corps: {
          code: "NUMERO_EXISTANT",
          detail: "Déjà attribué.",
          numero_propose: "87.D.26.0003",
          convention_uuid: "u9",
        },
      },
    });
    monter("numero");
    const field = screen.getByRole("textbox", { name: /^Numéro de la convention/ });
    await userEvent.clear(field);
    await userEvent.type(field, "87.D.26.0001");
    await userEvent.click(await bouton("Continuer"));
    await userEvent.click(await bouton("Ces données sont correctes, continuer"));
    await userEvent.click(await bouton("Valider et envoyer"));
    expect(await screen.findByRole("link", { name: "Voir la convention qui porte ce numéro" })).toHaveProperty(
      "pathname",
      "/conventions/u9",
    );
    await userEvent.click(await bouton("Prendre le n° 87.D.26.0003"));
    expect(screen.getByRole("textbox", { name: /^Numéro de la convention/ })).toHaveProperty("value", "87.D.26.0003");
  });

  test("typed by hand survives a reload of the tab", async () => {
    fauxServeur(JETON);
    const first = monter("numero");
    const field = screen.getByRole("textbox", { name: /^Numéro de la convention/ });
    await userEvent.clear(field);
    await userEvent.type(field, "87/12");
    first.unmount();
    monter("numero");
    expect(screen.getByRole("textbox", { name: /^Numéro de la convention/ })).toHaveProperty("value", "87/12");
  });
});

describe("what is left to confirm", () => {
  test("CO-14, decision 4: nothing is sent before the ticks and the message", async () => {
    const { demandes } = fauxServeur({
      ...JETON,
      "GET /conventions/u1/commentaires": {
        corps: {
          commentaires: [{ uuid: "c", statut: "OUVERT", libelle_cible: "Nom", message: "Revoir." }],
          groupes: {},
        },
      },
      [VALIDER]: { corps: { avertissements: [] } },
    });
    monter(
      "validation",
      action({
        preconditions: [
          manque("COMMENTAIRES_OUVERTS", "/commentaires"),
          manque("CONVENTION_INCOMPLETE", "/financement"),
        ],
      }),
    );
    expect(await screen.findByText(/« Revoir. »/)).toBeTruthy();
    await userEvent.click(await bouton("Valider et envoyer"));
    const summary = screen.getByRole("region", { name: "Avant de valider" });
    expect(within(summary).getAllByRole("link")).toHaveLength(3);
    expect(corps(demandes)).toEqual([]);
    await userEvent.click(screen.getByRole("checkbox", { name: "Je valide malgré ce commentaire ouvert." }));
    await userEvent.click(screen.getByRole("checkbox", { name: "Je valide malgré ce point manquant." }));
    await userEvent.type(
      screen.getByRole("textbox", { name: /^Pourquoi valider malgré tout/ }),
      "Vu avec le bailleur.",
    );
    await userEvent.click(await bouton("Valider et envoyer"));
    await waitFor(() => expect(fait).toHaveBeenCalledTimes(1));
    expect(corps(demandes)).toEqual([
      {
        numero: "87.D.26.0003",
        commentaire: "Vu avec le bailleur.",
        confirmer_incomplet: true,
        confirmer_commentaires_ouverts: true,
      },
    ]);
  });

  test("what cannot be confirmed holds the command, with the way to settle it", async () => {
    const { demandes } = fauxServeur({ ...JETON, [VALIDER]: { corps: { avertissements: [] } } });
    monter("validation", action({ preconditions: [manque("TYPE_1_2_REQUIS", "/type1and2")] }));
    await userEvent.click(await bouton("Valider et envoyer"));
    expect(screen.getByRole("link", { name: "TYPE_1_2_REQUIS manque" })).toHaveProperty("pathname", "/x");
    expect(corps(demandes)).toEqual([]);
  });

  test("a file that moved meanwhile is read again, and nothing is sent again by itself", async () => {
    const { demandes } = fauxServeur({
      ...JETON,
      [VALIDER]: { statut: 412, corps: { code: "VERSION_PERIMEE", detail: "Périmée.", version: 7 } },
    });
    monter("validation");
    await userEvent.click(await bouton("Valider et envoyer"));
    expect(await screen.findByText("Le dossier a changé entre-temps")).toBeTruthy();
    expect(corps(demandes)).toHaveLength(1);
  });
});
