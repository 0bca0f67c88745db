import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Convention } from "../../api/convention";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, rendre } from "../../testing/rendu";
import { TypeConvention } from "./TypeConvention";

const JETON = { "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } } };
const TOUTES = [1, 2, 3, 4, 5, 6, 7, 8];
const convention = { uuid: "u1", version: 4 } as Convention;

const bloc = (type: Partial<NonNullable<Convention["type_convention"]>> = {}) => (
  <TypeConvention convention={convention} type={{ valeur: null, options: TOUTES, modifiable: true, ...type }} />
);

test("NA-03: type II has eight options, all kept by default; the choice is sent with the version read", async () => {
  const { demandes } = fauxServeur({ ...JETON, "PUT /conventions/u1/type1and2": { corps: { uuid: "u1" } } });
  const { container } = rendre(bloc());
  const save = screen.getByRole("button", { name: "Enregistrer le type" });
  expect(save.getAttribute("aria-disabled")).toBe("true");
  expect(screen.queryAllByRole("checkbox")).toHaveLength(0);
  await userEvent.click(screen.getByRole("radio", { name: "Type II" }));
  const options = screen.getAllByRole<HTMLInputElement>("checkbox");
  expect(options.map(({ checked }) => checked)).toEqual(TOUTES.map(() => true));
  await userEvent.click(screen.getByRole("checkbox", { name: /PALULOS/ }));
  expect(await fautesAxe(container)).toEqual([]);
  await userEvent.click(save);
  const sent = demandes.find(({ methode }) => methode === "PUT");
  expect(sent?.corps).toEqual({ type1and2: "Type2", options: [1, 2, 3, 5, 6, 7, 8] });
  expect(sent?.entetes.get("If-Match")).toBe('"4"');
});

test("NA-03: once it is closed, the type is read, and what is struck through is said", () => {
  rendre(bloc({ valeur: "Type2", options: [1], modifiable: false }));
  expect(screen.queryByRole("radio")).toBeNull();
  expect(screen.getByText("Type II")).toBeTruthy();
  expect(screen.getAllByText("Rayé :")).toHaveLength(7);
});
