import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Component as Oublie } from "../../pages/connexion/Oublie";
import { Component as Reinitialiser } from "../../pages/connexion/Reinitialiser";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, rendre } from "../../testing/rendu";
import { dureeAttente } from "./acces";
import { ConnexionLocale } from "./ConnexionLocale";
import { Consultations } from "./Consultations";
import { MotDePasse } from "./MotDePasse";

const JETON = { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } };
const BON = "grue bleuet ancre mercure";

beforeEach(() => {
  window.localStorage.clear();
  window.sessionStorage.clear();
  window.history.replaceState(null, "", "/");
});

describe("sign-in by password (P02)", () => {
  const remplir = async () => {
    await userEvent.type(screen.getByLabelText(/Identifiant/), "nora");
    await userEvent.type(screen.getByLabelText("Mot de passe"), BON);
    await userEvent.click(screen.getByRole("button", { name: "Se connecter" }));
  };
  test("goes to the page that was asked", async () => {
    const { demandes } = fauxServeur({
      "POST /auth/login": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } },
    });
    const assign = vi.spyOn(window.location, "assign").mockImplementation(() => undefined);
    const { container } = rendre(<ConnexionLocale suite="/conventions?a=b" />);
    await userEvent.click(screen.getByRole("button", { name: "Se connecter" }));
    expect(demandes).toHaveLength(0);
    expect(await fautesAxe(container)).toEqual([]);
    await remplir();
    await waitFor(() => expect(assign).toHaveBeenCalledWith("/conventions?a=b"));
    expect(demandes[0]?.entetes.get("X-Requested-With")).toBe("fetch");
    expect(demandes[0]?.corps).toEqual({ identifiant: "nora", mot_de_passe: BON });
  });
  test("a refusal empties the password, and says the server's words", async () => {
    fauxServeur({
      "POST /auth/login": { statut: 401, corps: { code: "identifiants_refuses", detail: "Pas le bon." } },
    });
    rendre(<ConnexionLocale suite="/" />);
    await remplir();
    expect(await screen.findByText("Pas le bon.")).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>("Mot de passe").value).toBe("");
    expect(screen.getByLabelText<HTMLInputElement>(/Identifiant/).value).toBe("nora");
  });
  test("a lock says how long it lasts", async () => {
    fauxServeur({
      "POST /auth/login": { statut: 429, corps: { code: "account_locked" }, entetes: { "Retry-After": "21600" } },
    });
    rendre(<ConnexionLocale suite="/" />);
    await remplir();
    expect(await screen.findByText(/Réessayez dans 6 heures/)).toBeTruthy();
  });
  test.each([
    [21600, "6 heures"],
    [5400, "2 heures"],
    [900, "15 minutes"],
    [91, "2 minutes"],
    [89, "89 secondes"],
    [1, "1 seconde"],
    [0, "1 seconde"],
  ])("%i s is written « %s »", (seconds, words) => expect(dureeAttente(seconds)).toBe(words));
});

describe("forgotten password", () => {
  test("the answer is the same for everybody", async () => {
    const { demandes } = fauxServeur({ "POST /auth/mot-de-passe-oublie": { statut: 202 } });
    rendre(<Oublie />);
    await userEvent.click(screen.getByRole("button", { name: "Recevoir un lien" }));
    expect(demandes).toHaveLength(0);
    await userEvent.type(screen.getByLabelText(/Identifiant/), "nora@example.org");
    await userEvent.click(screen.getByRole("button", { name: "Recevoir un lien" }));
    expect(await screen.findByRole("heading", { name: "Consultez vos courriels" })).toBeTruthy();
    expect(demandes[0]?.corps).toEqual({ identifiant: "nora@example.org" });
  });
  test("the link leaves the address bar, and serves once", async () => {
    window.history.replaceState(null, "", "/connexion/mot-de-passe-oublie/reinitialiser#secret");
    const { demandes } = fauxServeur({ "POST /auth/nouveau-mot-de-passe": { statut: 204 } });
    const { container } = rendre(<Reinitialiser />);
    expect(window.location.hash).toBe("");
    await userEvent.type(screen.getByLabelText(/Nouveau mot de passe/, { selector: "input" }), BON);
    await userEvent.type(screen.getByLabelText(/Le même/), "autre chose");
    await userEvent.click(screen.getByRole("button", { name: "Enregistrer le mot de passe" }));
    expect(screen.getByText(/Les deux saisies diffèrent/)).toBeTruthy();
    expect(demandes).toHaveLength(0);
    expect(await fautesAxe(container)).toEqual([]);
    await userEvent.clear(screen.getByLabelText(/Le même/));
    await userEvent.type(screen.getByLabelText(/Le même/), BON);
    await userEvent.click(screen.getByRole("button", { name: "Enregistrer le mot de passe" }));
    expect(await screen.findByRole("heading", { name: "Votre mot de passe est changé" })).toBeTruthy();
    expect(demandes[0]?.corps).toEqual({ jeton: "secret", mot_de_passe: BON });
  });
  test("another link opened in the same tab takes the place of the one that served", async () => {
    window.history.replaceState(null, "", "/connexion/mot-de-passe-oublie/reinitialiser");
    const { demandes } = fauxServeur({ "POST /auth/nouveau-mot-de-passe": { statut: 204 } });
    rendre(<Reinitialiser />);
    expect(screen.getByRole("heading", { name: "Ce lien n’est plus utilisable" })).toBeTruthy();
    window.location.hash = "neuf";
    await userEvent.type(await screen.findByLabelText(/Nouveau mot de passe/, { selector: "input" }), BON);
    expect(window.location.hash).toBe("");
    await userEvent.type(screen.getByLabelText(/Le même/), BON);
    await userEvent.click(screen.getByRole("button", { name: "Enregistrer le mot de passe" }));
    expect(await screen.findByRole("heading", { name: "Votre mot de passe est changé" })).toBeTruthy();
    expect(demandes[0]?.corps).toEqual({ jeton: "neuf", mot_de_passe: BON });
  });
  test("an address without link, or a link that served, offers another one", async () => {
    fauxServeur({});
    rendre(<Reinitialiser />);
    expect(screen.getByRole("heading", { name: "Ce lien n’est plus utilisable" })).toBeTruthy();
    expect(screen.getByRole("link", { name: "Demander un nouveau lien" })).toBeTruthy();
  });
});

describe("own account", () => {
  test("a wrong current password is shown under its field", async () => {
    fauxServeur({
      "POST /auth/refresh": JETON,
      "PUT /moi/mot-de-passe": {
        statut: 422,
        corps: {
          code: "mot_de_passe_actuel",
          errors: [{ pointer: "/actuel", code: "x", detail: "Ce n’est pas le bon." }],
        },
      },
    });
    const { container } = rendre(<MotDePasse />);
    await userEvent.type(screen.getByLabelText("Mot de passe actuel"), "ancien");
    await userEvent.type(screen.getByLabelText(/Nouveau mot de passe/, { selector: "input" }), BON);
    await userEvent.type(screen.getByLabelText(/Le même/), BON);
    await userEvent.click(screen.getByRole("button", { name: "Changer de mot de passe" }));
    expect(await screen.findByText("Ce n’est pas le bon.")).toBeTruthy();
    expect(await fautesAxe(container)).toEqual([]);
  });
  test("who acted as the reader", async () => {
    fauxServeur({
      "POST /auth/refresh": JETON,
      "GET /moi/detournements": {
        corps: {
          page: 1,
          par_page: 5,
          total: 1,
          resultats: [
            {
              uuid: "d1",
              par: "Aïda Soutien",
              mode: "lecture",
              debut_le: "2026-03-01T09:00:00Z",
              fin_le: null,
              en_cours: true,
            },
          ],
        },
      },
    });
    const { container } = rendre(<Consultations />);
    expect(await screen.findByText("Aïda Soutien")).toBeTruthy();
    expect(screen.getByText("En cours")).toBeTruthy();
    expect(await fautesAxe(container)).toEqual([]);
  });
  test("nobody did", async () => {
    fauxServeur({
      "POST /auth/refresh": JETON,
      "GET /moi/detournements": { corps: { page: 1, par_page: 5, total: 0, resultats: [] } },
    });
    rendre(<Consultations />);
    expect(await screen.findByText("Personne n’a consulté votre compte.")).toBeTruthy();
  });
});
