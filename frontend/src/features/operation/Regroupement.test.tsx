import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { uneLigne, uneOperation } from "../../testing/donnees";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, largeurEcran, rendre } from "../../testing/rendu";
import { ZoneMessages } from "../../ui/Messages";
import { casesUtiles, choixDe, enumerer, phraseEcart, regroupablesDe } from "./mixte";
import { OperationVue } from "./OperationVue";

const JETON = { "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } } };
const plus = uneLigne({ uuid: "u1", financements: ["PLUS"], cree_le: "2026-03-01T09:00:00Z" });
const plai = uneLigne({ uuid: "u2", financements: ["PLAI"], cree_le: "2026-02-01T09:00:00Z", lien: "/conventions/u2" });
const mixte = uneLigne({ uuid: "u3", financements: ["PLUS", "PLAI"], lien: "/conventions/u3" });

beforeEach(() => largeurEcran(1280));

test("MX: what may be ticked, and what the ticks allow", () => {
  const operation = uneOperation({ PLUS: [plus], PLAI: [plai] }, { regroupables: ["u1", "u2"] });
  expect(regroupablesDe(operation).map(({ uuid }) => uuid)).toEqual(["u1", "u2"]);
  expect(casesUtiles([plus])).toBe(false);
  expect(casesUtiles([mixte])).toBe(true);
  expect(regroupablesDe(uneOperation({ PLUS: [mixte], PLAI: [mixte] }, { regroupables: ["u3"] }))).toHaveLength(1);
  expect(choixDe([]).geste).toBe("aucun");
  expect(choixDe([plus]).geste).toBe("aucun");
  expect(choixDe([mixte])).toEqual({ geste: "degrouper", convention: mixte });
  expect(choixDe([plus, plai])).toEqual({ geste: "grouper", survivante: plai, autres: [plus] });
});

test("MX-08: a difference in words", () => {
  const ecart = { champ: "adresse", libelle: "Adresse", gardee: "1 rue Haute" };
  expect(phraseEcart({ ...ecart, ecartees: [{ financements: "PLAI", valeur: "" }] })).toBe(
    "Adresse : « 1 rue Haute » est gardé ; PLAI avait rien.",
  );
  expect(enumerer(["PLUS", "PLAI", "PLS"])).toBe("PLUS, PLAI et PLS");
});

const vue = (operation: ReturnType<typeof uneOperation>) => (
  <>
    <ZoneMessages />
    <OperationVue operation={operation} onActualiser={() => undefined} actualisation={false} />
  </>
);

test("SV-10, MX-10: no box when nothing may be grouped", () => {
  rendre(vue(uneOperation({ PLUS: [plus], PLAI: [plai] })));
  expect(screen.queryByRole("checkbox")).toBeNull();
});

test.each([1280, 375])(
  "MX-07, MX-08: the dialog says what will happen, then the differences (%i px)",
  async (width) => {
    largeurEcran(width);
    const { demandes } = fauxServeur({
      ...JETON,
      "POST /conventions/regroupements": {
        corps: {
          convention: { uuid: "u2", financements: ["PLAI", "PLUS"] },
          absorbees: ["u1"],
          ecarts: [
            {
              champ: "adresse",
              libelle: "Adresse",
              gardee: "1 rue Haute",
              ecartees: [{ financements: "PLUS", valeur: "2 rue Basse" }],
            },
          ],
        },
      },
    });
    const { container } = rendre(vue(uneOperation({ PLUS: [plus], PLAI: [plai] }, { regroupables: ["u1", "u2"] })));
    await userEvent.click(screen.getByRole("checkbox", { name: "Sélectionner la convention PLUS" }));
    expect(screen.queryByRole("button", { name: "Grouper les conventions" })).toBeNull();
    await userEvent.click(screen.getByRole("checkbox", { name: "Sélectionner la convention PLAI" }));
    expect(await fautesAxe(container)).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Grouper les conventions" }));
    const told = await screen.findByText("la convention PLAI", { selector: "strong" });
    const dialog = told.closest("dialog") as HTMLElement;
    await userEvent.click(within(dialog).getByRole("button", { name: "Grouper les conventions", hidden: true }));
    expect(
      await screen.findByText(/« 1 rue Haute » est gardé ; PLUS avait « 2 rue Basse »/, { selector: ".fr-alert li" }),
    ).toBeTruthy();
    const sent = demandes.find(({ chemin }) => chemin.endsWith("regroupements"));
    expect(sent?.corps).toEqual({ uuids: ["u2", "u1"] });
    expect(sent?.entetes.get("Idempotency-Key")).toBeTruthy();
  },
);
