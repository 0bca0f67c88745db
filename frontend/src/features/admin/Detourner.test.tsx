import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { CompteAdmin } from "../../api/dto";
import { jetons } from "../../api/jetons";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, rendre } from "../../testing/rendu";
import { Detourner, refusDuDetournement } from "./Detourner";

const MARIE: CompteAdmin = {
  uuid: "u-marie",
  identifiant: "1001",
  prenom: "Marie",
  nom: "Durand",
  email: "marie@example.org",
  actif: true,
  staff: false,
  superuser: false,
  cerbere: true,
  derniere_connexion_le: "2026-03-01T09:00:00Z",
  verrouille_jusqu_a: null,
  detournable: true,
};
const page = (...resultats: CompteAdmin[]) => ({
  corps: { resultats, page: 1, par_page: 10, total: resultats.length },
});

beforeEach(() => {
  window.sessionStorage.clear();
  jetons.basculer(false);
});

async function choisir(nom: string) {
  await userEvent.type(screen.getByRole("combobox", { name: /Personne/ }), nom);
  await userEvent.click(await screen.findByRole("option", { name: new RegExp(nom) }));
}

describe("05 C.5", () => {
  test.each([
    [null, "Appel de la personne", { compte: "Choisissez la personne.", motif: undefined }],
    [
      { ...MARIE, detournable: false },
      "Appel de la personne",
      { compte: expect.stringContaining("règles"), motif: undefined },
    ],
    [MARIE, " neuf sig ", { compte: undefined, motif: expect.stringContaining("10 à 500") }],
    [MARIE, "é".repeat(501), { compte: undefined, motif: expect.stringContaining("10 à 500") }],
    [MARIE, "dix signes", { compte: undefined, motif: undefined }],
  ])("what is missing before leaving (%#)", (compte, motif, wanted) => {
    expect(refusDuDetournement(compte as CompteAdmin | null, motif)).toEqual(wanted);
  });

  test("a person, a reason, and the tab is loaded again as that person", async () => {
    const { demandes } = fauxServeur({
      "GET /admin/utilisateurs": page(MARIE),
      "POST /admin/detournements": { statut: 201, corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } },
    });
    const assign = vi.spyOn(window.location, "assign").mockImplementation(() => undefined);
    const { container } = rendre(<Detourner superuser={false} />);
    expect(screen.queryByLabelText(/Consultation et modification/)).toBeNull();
    await choisir("Marie");
    expect(screen.getByText("marie@example.org", { selector: "dd" })).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Ouvrir sa session en lecture" }));
    expect(screen.getByText(/10 à 500 caractères : la personne/)).toBeTruthy();
    expect(demandes.some(({ methode }) => methode === "POST")).toBe(false);
    await userEvent.type(screen.getByLabelText(/Motif/), "Appel de la personne");
    expect(await fautesAxe(container)).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Ouvrir sa session en lecture" }));
    await waitFor(() => expect(assign).toHaveBeenCalledWith("/conventions"));
    expect(demandes.at(-1)?.corps).toEqual({ user_uuid: "u-marie", motif: "Appel de la personne", mode: "lecture" });
    expect(jetons.detournement()).toBe(true);
  });

  test("a superuser may also modify; a refusal of the server is shown and the page stays", async () => {
    fauxServeur({
      "GET /admin/utilisateurs": page(MARIE),
      "POST /admin/detournements": {
        statut: 403,
        corps: { code: "DETOURNEMENT_INTERDIT", detail: "Ce compte est désactivé." },
      },
    });
    rendre(<Detourner superuser />);
    await choisir("Marie");
    await userEvent.click(screen.getByLabelText(/Consultation et modification/));
    await userEvent.type(screen.getByLabelText(/Motif/), "Appel de la personne");
    await userEvent.click(screen.getByRole("button", { name: "Ouvrir sa session" }));
    expect(await screen.findByText(/Ce compte est désactivé/)).toBeTruthy();
    expect(jetons.detournement()).toBe(false);
  });

  test("a locked sign-in is unlocked with a reason", async () => {
    const { demandes } = fauxServeur({
      "GET /admin/utilisateurs": page({ ...MARIE, cerbere: false, verrouille_jusqu_a: "2026-03-01T15:00:00Z" }),
      "POST /admin/utilisateurs/u-marie/deverrouillage": { statut: 204 },
    });
    rendre(<Detourner superuser={false} />);
    await choisir("Marie");
    await userEvent.click(screen.getByRole("button", { name: "Débloquer" }));
    await userEvent.type(await screen.findByLabelText(/Motif/, { selector: "input" }), "Appel vérifié");
    const buttons = screen.getAllByRole("button", { name: "Débloquer", hidden: true });
    await userEvent.click(buttons.at(-1) as HTMLElement);
    await waitFor(() => expect(screen.queryByText(/Connexion bloquée/)).toBeNull());
    expect(demandes.at(-1)?.corps).toEqual({ motif: "Appel vérifié" });
  });
});
