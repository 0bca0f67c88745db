import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useLocation } from "react-router";
import { beforeEach, expect, test } from "vitest";
import type { Convention } from "../../api/convention";
import { fauxServeur } from "../../testing/fauxServeur";
import { largeurEcran, rendre } from "../../testing/rendu";
import { AvenantsVue } from "./AvenantsVue";

const JETON = { "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } } };

const Adresse = () => <p data-testid="adresse">{useLocation().pathname}</p>;

beforeEach(() => largeurEcran(1280));

/** The dialog of creation, opened on a signed convention that an avenant may amend. */
async function ouvrir(creation: Parameters<typeof fauxServeur>[0][string]) {
  const signee = { uuid: "racine", statut: "SIGNEE", avenant_creable: true } as Convention;
  const type = { type: "duree", libelle: "Durée et financement", disponible: true, lien: "/x/etapes/financement" };
  const { demandes } = fauxServeur({
    ...JETON,
    [`GET /conventions/${signee.uuid}/avenants`]: { corps: [] },
    [`GET /avenants/${signee.uuid}/types`]: { corps: { types: [type] } },
    [`POST /conventions/${signee.uuid}/avenants`]: creation,
  });
  rendre(
    <>
      <AvenantsVue convention={signee} lectureSeule={false} />
      <Adresse />
    </>,
    { chemin: `/conventions/${signee.uuid}` },
  );
  await userEvent.click(await screen.findByRole("button", { name: "Créer un avenant" }));
  const dialogue = await screen.findByRole("dialog", { hidden: true });
  await userEvent.click(await within(dialogue).findByLabelText("Durée et financement"));
  return {
    creer: within(dialogue).getByText("Créer l’avenant", { selector: "button" }),
    creations: () => demandes.filter(({ methode, chemin }) => methode === "POST" && chemin.endsWith("/avenants")),
  };
}

const NE = {
  uuid: "ne",
  etapes: [{ code: "financement", lien: "/conventions/ne/etapes/financement", disponible: true }],
};

test("ux §3: a double press creates one avenant and goes to its step", async () => {
  const { creer, creations } = await ouvrir({ statut: 201, corps: NE });
  await userEvent.dblClick(creer);
  await waitFor(() => expect(screen.getByTestId("adresse").textContent).toBe("/conventions/ne/etapes/financement"));
  expect(creations()).toHaveLength(1);
});

test("CC-10: tried again after a refusal, the creation keeps its key", async () => {
  const answers = [{ statut: 503, corps: { code: "indisponible", detail: "Réessayez." } }];
  const { creer, creations } = await ouvrir(() => answers.shift() ?? { statut: 201, corps: NE });
  await userEvent.click(creer);
  await screen.findByText(/^L’action n’a pas abouti/);
  await userEvent.click(creer);
  await waitFor(() => expect(screen.getByTestId("adresse").textContent).toContain("/conventions/ne/"));
  const keys = creations().map(({ entetes }) => entetes.get("Idempotency-Key"));
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
});
