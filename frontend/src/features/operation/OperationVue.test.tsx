import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useLocation } from "react-router";
import { beforeEach, expect, test } from "vitest";
import { uneLigne, uneOperation } from "../../testing/donnees";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, largeurEcran, rendre } from "../../testing/rendu";
import { ZoneMessages } from "../../ui/Messages";
import { OperationVue } from "./OperationVue";

const SYNCHRO = "POST /operations/20260400012345/synchronisation";
const JETON = { "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } } };

beforeEach(() => largeurEcran(1280));

function Chemin() {
  return <p data-testid="chemin">{useLocation().pathname}</p>;
}

const vue = (operation: ReturnType<typeof uneOperation>) => (
  <>
    <ZoneMessages />
    <Chemin />
    <OperationVue operation={operation} onActualiser={() => undefined} actualisation={false} />
  </>
);

test("CR: what is missing is offered once, created by one idempotent command, and told", async () => {
  let calls = 0;
  const { demandes } = fauxServeur({
    ...JETON,
    [SYNCHRO]: () => {
      calls += 1;
      return calls === 1
        ? { statut: 503, corps: { detail: "Le SIAP ne répond pas.", code: "SIAP_INDISPONIBLE" } }
        : {
            corps: {
              operation_uuid: "o",
              creees: [
                { uuid: "n1", financement: "PLAI" },
                { uuid: "n2", financement: "PLS" },
              ],
              existantes: [],
              messages: [],
            },
          };
    },
  });
  const { container } = rendre(vue(uneOperation({ PLUS: [uneLigne()], PLAI: [], PLS: [] })));
  expect(await fautesAxe(container)).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Créer les 2 conventions manquantes" }));
  await userEvent.click(await screen.findByRole("button", { name: "Réessayer" }));
  expect(await screen.findByText(/2 conventions créées : PLAI, PLS/, { selector: ".fr-alert p" })).toBeTruthy();
  const keys = demandes
    .filter(({ chemin }) => chemin.endsWith("synchronisation"))
    .map(({ entetes }) => entetes.get("Idempotency-Key"));
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBeTruthy();
  expect(keys[1]).toBe(keys[0]);
});

test("nothing missing, or no right to create: no button that writes", () => {
  const { unmount } = rendre(vue(uneOperation({ PLUS: [uneLigne()] })));
  expect(screen.queryByRole("button", { name: /Créer/ })).toBeNull();
  unmount();
  rendre(vue(uneOperation({ PLUS: [] }, { peut_creer: false })));
  expect(screen.queryByRole("button", { name: /Créer/ })).toBeNull();
});

test("SIAP down: the local copy is said to be one, and its date is given", () => {
  rendre(
    vue(
      uneOperation(
        { PLUS: [uneLigne()] },
        {
          source: "local",
          messages: [{ code: "SIAP_INDISPONIBLE", niveau: "warning", detail: "Le SIAP ne répond pas.", contexte: {} }],
        },
      ),
    ),
  );
  expect(screen.getByText(/Copie locale du/).textContent).toContain("12 mars 2026");
  expect(screen.getByText("Le SIAP ne répond pas.")).toBeTruthy();
});

test("one convention created: its page opens", async () => {
  fauxServeur({
    ...JETON,
    [SYNCHRO]: {
      corps: { operation_uuid: "o", creees: [{ uuid: "n1", financement: "PLS" }], existantes: [], messages: [] },
    },
  });
  rendre(vue(uneOperation({ PLS: [] })), { chemin: "/operations/1" });
  await userEvent.click(screen.getByRole("button", { name: "Créer la convention PLS" }));
  await waitFor(() => expect(screen.getByTestId("chemin").textContent).toBe("/conventions/n1"));
});
