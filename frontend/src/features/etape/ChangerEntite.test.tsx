import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import type { Convention } from "../../api/convention";
import { fauxServeur } from "../../testing/fauxServeur";
import { largeurEcran, rendre } from "../../testing/rendu";
import { ChangerEntite, changementDe } from "./ChangerEntite";
import { uneEtapeDePrets } from "./table.fixture";

const JETON = { "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } } };
const fiche = { uuid: "u1", titre: "Les Tilleuls, PLUS", genre: "convention" } as unknown as Convention;

beforeEach(() => largeurEcran(1280));

test("a change is offered beside its value only when the server allows it", () => {
  const step = uneEtapeDePrets(1, [], { actions: ["changer_bailleur"] });
  expect(changementDe(step, "bailleur")).toBe("bailleur");
  expect(changementDe(step, "administration")).toBeNull();
  expect(changementDe(step, "siret")).toBeNull();
});

test("the choice is searched, its consequences are said, and it is sent on the version that was read", async () => {
  const { demandes } = fauxServeur({
    ...JETON,
    "GET /conventions/u1/administrations-possibles": {
      corps: { resultats: [{ uuid: "a2", nom: "DDT de la Corrèze", code: "DDT19" }] },
    },
    "POST /conventions/u1/changement-administration": { corps: { visible: true, version: 4 } },
  });
  rendre(<ChangerEntite quoi="administration" convention={fiche} version={3} saisieEnCours={false} />);
  await userEvent.click(screen.getByRole("button", { name: "Changer l’administration" }));
  expect(await screen.findByText(/Les deux services seront prévenus/)).toBeDefined();
  const search = screen.getByRole("combobox", { name: /^Nouvelle administration/, hidden: true });
  await userEvent.type(search, "corr");
  await userEvent.click(await screen.findByText("DDT de la Corrèze"));
  const confirm = screen.getAllByRole("button", { name: "Changer l’administration", hidden: true }).at(-1);
  await userEvent.click(confirm as HTMLElement);
  await waitFor(() => {
    const sent = demandes.find(
      ({ methode, chemin }) => methode === "POST" && chemin.endsWith("changement-administration"),
    );
    expect(sent?.corps).toEqual({ administration: "a2" });
    expect(sent?.entetes.get("If-Match")).toBe('"3"');
    expect(sent?.entetes.get("Idempotency-Key")).toBeTruthy();
  });
});
