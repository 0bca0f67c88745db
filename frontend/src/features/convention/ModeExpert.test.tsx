import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { api, lire } from "../../api/client";
import type { Convention } from "../../api/convention";
import { enModeExpert, quitterModeExpert } from "../../api/modeExpert";
import { GardeModeExpert } from "../../app/session/GardeModeExpert";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, rendre } from "../../testing/rendu";
import { Situation } from "./EnTete";
import { ModeExpert } from "./ModeExpert";

const JETON = { "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } } };

const fiche = (change: Partial<Convention> = {}) =>
  ({
    uuid: "u1",
    version: 4,
    genre: "convention",
    numero: "87.D.26.0001",
    mode_expert_possible: true,
    donnees_modifiees_apres_signature: false,
    etapes: [
      { code: "operation", libelle: "Opération", disponible: true, modifiable: true, lien: "/etapes/operation" },
    ],
    ...change,
  }) as unknown as Convention;

const dialogue = async (title: string) => {
  const heading = await waitFor(() => {
    const found = [...document.querySelectorAll("dialog h1, dialog h2")].find((h) => h.textContent?.includes(title));
    if (!found) throw new Error(`no dialog ${title}`);
    return found;
  });
  return within(heading.closest("dialog") as HTMLElement);
};
const entrer = async () => {
  await userEvent.click(screen.getByRole("button", { name: "Passer en mode expert" }));
  const dialog = await dialogue("Passer en mode expert");
  await userEvent.click(dialog.getByRole("button", { name: "Passer en mode expert", hidden: true }));
};

afterEach(() => quitterModeExpert());

test("PE-34: while the mode is on, the page does not say that an avenant is needed", async () => {
  fauxServeur(JETON);
  const convention = fiche({
    main: { a_moi: false, cote: "personne", depuis: "2026-01-12T10:00:00Z" } as Convention["main"],
    statut_phrase: "Pour modifier son contenu, un avenant est nécessaire.",
  });
  rendre(
    <>
      <Situation convention={convention} lectureSeule={false} />
      <ModeExpert convention={convention} etapes />
    </>,
  );
  expect(screen.getByText(/un avenant est nécessaire/)).toBeTruthy();
  await entrer();
  await screen.findByRole("heading", { name: "Mode expert" });
  expect(screen.queryByText("Pour modifier son contenu, un avenant est nécessaire.")).toBeNull();
});

test("PE-34: nothing is offered when the server does not say that the mode is possible", () => {
  rendre(<ModeExpert convention={fiche({ mode_expert_possible: false })} />);
  expect(screen.queryByRole("button", { name: "Passer en mode expert" })).toBeNull();
});

test("PE-34: the mode is confirmed, warned of while it is on, sent with each request, and left", async () => {
  const { demandes } = fauxServeur({ ...JETON, "GET /conventions/u1": { corps: {} } });
  const { container } = rendre(<ModeExpert convention={fiche()} etapes />);
  await entrer();
  await screen.findByRole("heading", { name: "Mode expert" });
  expect(screen.getByRole("link", { name: "Opération" }).getAttribute("href")).toBe("/etapes/operation");
  expect(await fautesAxe(container)).toEqual([]);
  await lire(api.GET("/conventions/{uuid}", { params: { path: { uuid: "u1" } } }));
  expect(demandes.at(-1)?.entetes.get("X-Mode-Edition")).toBe("expert");
  await userEvent.click(screen.getByRole("button", { name: "Quitter le mode expert" }));
  await waitFor(() => expect(screen.queryByRole("heading", { name: "Mode expert" })).toBeNull());
  expect(enModeExpert("u1")).toBe(false);
});

test("PE-34: the mode of one convention is not that of another, and is lost when its pages are left", async () => {
  fauxServeur(JETON);
  rendre(<ModeExpert convention={fiche()} />);
  await entrer();
  await waitFor(() => expect(enModeExpert("u1")).toBe(true));
  expect(enModeExpert("u2")).toBe(false);
  const { unmount } = rendre(<GardeModeExpert />, { chemin: "/conventions/u1", route: "/conventions/:uuid" });
  unmount();
  expect(enModeExpert("u1")).toBe(false);
});

test("PE-35: the page says that the data are not those that were signed, to every reader", () => {
  rendre(<ModeExpert convention={fiche({ mode_expert_possible: false, donnees_modifiees_apres_signature: true })} />);
  expect(screen.getByRole("note").textContent).toContain("modifiées après la signature");
});

test("02 §2.4: the number is corrected with the header and the version; a refusal is said under the field", async () => {
  let refus = true;
  const { demandes } = fauxServeur({
    ...JETON,
    "PUT /conventions/u1/numero": () =>
      refus
        ? {
            statut: 422,
            corps: {
              code: "NUMERO_EXISTANT",
              detail: "Ce numéro est déjà attribué.",
              errors: [{ pointer: "/numero", code: "NUMERO_EXISTANT", detail: "Ce numéro est déjà attribué." }],
            },
          }
        : { corps: { convention: {}, avertissements: [] } },
  });
  rendre(<ModeExpert convention={fiche()} />);
  await entrer();
  await userEvent.click(await screen.findByRole("button", { name: "Corriger le numéro" }));
  const dialog = await dialogue("Corriger le numéro");
  const save = dialog.getByRole("button", { name: "Enregistrer le numéro", hidden: true });
  await userEvent.click(save);
  expect(dialog.getByText("C’est déjà le numéro enregistré.")).toBeTruthy();
  const field = dialog.getByRole("textbox", { name: /^Numéro/, hidden: true });
  await userEvent.clear(field);
  await userEvent.type(field, " 87.D.26.0042 ");
  await userEvent.click(save);
  expect(await dialog.findByText("Ce numéro est déjà attribué.")).toBeTruthy();
  refus = false;
  await userEvent.click(save);
  await screen.findByText("Numéro corrigé : 87.D.26.0042");
  const sent = demandes.filter(({ methode }) => methode === "PUT");
  expect(sent.map(({ corps }) => corps)).toEqual([{ numero: "87.D.26.0042" }, { numero: "87.D.26.0042" }]);
  expect(sent[0]?.entetes.get("X-Mode-Edition")).toBe("expert");
  expect(sent[0]?.entetes.get("If-Match")).toBe('"4"');
});
