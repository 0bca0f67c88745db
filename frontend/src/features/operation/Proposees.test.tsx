import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, largeurEcran, rendre } from "../../testing/rendu";
import { Proposees } from "./Proposees";

const JETON = { "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } } };
const uneProposee = (n: number) => ({
  numero: `2024087000${n}`,
  nom: `Résidence n° ${n}`,
  adresse: "87000 Limoges",
  aides: ["PLUS", "PLAI"],
  connue: n === 1,
});

beforeEach(() => largeurEcran(1280));

test("the operations of SIAP are offered, filtered by words without accents, the known ones told", async () => {
  const resultats = [1, 2, 3, 4, 5, 6].map(uneProposee);
  fauxServeur({ ...JETON, "GET /moi/operations-siap": { corps: { resultats, total: 6, message: null } } });
  const { container } = rendre(<Proposees />);
  const lien = await screen.findByRole("link", { name: "Résidence n° 3" });
  expect(lien.getAttribute("href")).toBe("/operations/20240870003");
  expect(screen.getAllByText("Déjà dans APiLos")).toHaveLength(1);
  expect(await fautesAxe(container)).toEqual([]);
  await userEvent.type(screen.getByLabelText("Filtrer par numéro, nom ou adresse"), "residence 20240870004");
  expect(screen.getAllByRole("link")).toHaveLength(1);
  expect(screen.getByText("1 opération", { selector: "p" })).toBeTruthy();
});

test("a SIAP that cannot list operations is told in a sentence, not as an error", async () => {
  const message = {
    code: "LISTE_SIAP_INDISPONIBLE",
    niveau: "info",
    detail: "Cherchez-les par leur numéro.",
    contexte: {},
  };
  fauxServeur({ ...JETON, "GET /moi/operations-siap": { corps: { resultats: [], total: 0, message } } });
  rendre(<Proposees />);
  expect(await screen.findByText("Cherchez-les par leur numéro.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Réessayer" })).toBeNull();
});
