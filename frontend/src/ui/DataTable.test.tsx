import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { fautesAxe, largeurEcran, rendre } from "../testing/rendu";
import { type Colonne, DataTable, type Tri } from "./DataTable";

type Row = { id: string; nom: string; loyer: string };
const rows: Row[] = [
  { id: "1", nom: "A01", loyer: "320,00" },
  { id: "2", nom: "A02", loyer: "313,30" },
];
const columns: Colonne<Row>[] = [
  { cle: "nom", titre: "Logement", enTete: true, triable: true, rendu: (row) => row.nom },
  { cle: "loyer", titre: "Loyer", numerique: true, triable: true, rendu: (row) => row.loyer },
];

beforeEach(() => largeurEcran(1280));

test("is a real table: caption, column and row headers, sort state", async () => {
  const asked: Tri[] = [];
  const { container } = rendre(
    <DataTable
      legende="Logements"
      colonnes={columns}
      lignes={rows}
      cleDe={(row) => row.id}
      tri={{ cle: "nom", sens: "asc" }}
      onTri={(tri) => asked.push(tri)}
      total={["Total", "633,30"]}
    />,
  );
  const table = screen.getByRole("table", { name: "Logements" });
  expect(
    within(table)
      .getByRole("columnheader", { name: /Logement/ })
      .getAttribute("aria-sort"),
  ).toBe("ascending");
  expect(within(table).getByRole("columnheader", { name: /Loyer/ }).getAttribute("aria-sort")).toBe("none");
  expect(within(table).getByRole("rowheader", { name: "A01" })).toBeTruthy();
  expect(within(table).getByText("633,30")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: /Logement/ }));
  await userEvent.click(screen.getByRole("button", { name: /Loyer/ }));
  expect(asked).toEqual([
    { cle: "nom", sens: "desc" },
    { cle: "loyer", sens: "asc" },
  ]);
  expect(await fautesAxe(container)).toEqual([]);
});

test("becomes a list of cards on a phone, with the same data", async () => {
  largeurEcran(375);
  const { container } = rendre(
    <DataTable legende="Logements" colonnes={columns} lignes={rows} cleDe={(row) => row.id} />,
  );
  expect(screen.queryByRole("table")).toBeNull();
  const cards = within(screen.getByRole("list", { name: "Logements" })).getAllByRole("listitem");
  expect(cards).toHaveLength(2);
  expect(cards[0]?.textContent).toContain("A01");
  expect(cards[0]?.textContent).toContain("320,00");
  expect(await fautesAxe(container)).toEqual([]);
});

test("shows what is given for an empty table", () => {
  rendre(
    <DataTable
      legende="Logements"
      colonnes={columns}
      lignes={[]}
      cleDe={(row) => row.id}
      vide={<p>Aucun logement</p>}
    />,
  );
  expect(screen.getByText("Aucun logement")).toBeTruthy();
});
