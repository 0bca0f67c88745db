import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Convention } from "../../api/convention";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, rendre } from "../../testing/rendu";
import { ForcerStatut } from "./ForcerStatut";

const JETON = { "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } } };
const fiche = (forcage_possible: boolean) =>
  ({ uuid: "u1", version: 4, statut_libelle: "Dénoncée", forcage_possible }) as unknown as Convention;

test("CC-34: nobody else is offered to force a statut", () => {
  rendre(<ForcerStatut convention={fiche(false)} />);
  expect(screen.queryByRole("button", { name: "Forcer le statut" })).toBeNull();
});

test("CC-34: refused statuts say why; statut and motive are required, then sent with the version", async () => {
  const { demandes } = fauxServeur({
    ...JETON,
    "GET /conventions/u1/forcage": {
      corps: {
        version: 4,
        statuts: [
          { statut: "SIGNEE", libelle: "Finalisée", possible: true, refus: [] },
          {
            statut: "PROJET",
            libelle: "En projet",
            possible: false,
            refus: [{ code: "AVENANTS_EXISTANTS", detail: "La convention a des avenants." }],
          },
        ],
      },
    },
    "POST /conventions/u1/forcage": { corps: { uuid: "u1", statut_libelle: "Finalisée" } },
  });
  const { container } = rendre(<ForcerStatut convention={fiche(true)} />);
  await userEvent.click(screen.getByRole("button", { name: "Forcer le statut" }));
  const refused = await screen.findByRole<HTMLInputElement>("radio", { name: /En projet/, hidden: true });
  expect(refused.disabled).toBe(true);
  expect(screen.getByText("La convention a des avenants.")).toBeTruthy();
  expect(await fautesAxe(container)).toEqual([]);
  const dialog = within(refused.closest("dialog") as HTMLElement);
  const send = dialog.getByRole("button", { name: "Forcer le statut", hidden: true });
  await userEvent.click(send);
  expect(dialog.getByText("Choisissez un statut.")).toBeTruthy();
  expect(dialog.getByText("Indiquez le motif.")).toBeTruthy();
  await userEvent.click(dialog.getByRole("radio", { name: /Finalisée/, hidden: true }));
  await userEvent.type(dialog.getByRole("textbox", { name: /Motif/, hidden: true }), " Validée par erreur ");
  await userEvent.click(send);
  await screen.findByText("Statut forcé : Finalisée");
  await waitFor(() =>
    expect(demandes.filter(({ methode, chemin }) => methode === "POST" && chemin.endsWith("/forcage"))).toHaveLength(1),
  );
  const sent = demandes.find(({ methode, chemin }) => methode === "POST" && chemin.endsWith("/forcage"));
  expect(sent?.corps).toEqual({ statut: "SIGNEE", motif: "Validée par erreur" });
  expect(sent?.entetes.get("If-Match")).toBe('"4"');
  expect(sent?.entetes.get("Idempotency-Key")).toBeTruthy();
});
