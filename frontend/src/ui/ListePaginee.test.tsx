import type { UseQueryResult } from "@tanstack/react-query";
import { screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { fautesAxe, largeurEcran, rendre } from "../testing/rendu";
import { ListePaginee } from "./ListePaginee";

type Row = { uuid: string; nom: string };

beforeEach(() => largeurEcran(1280));

const liste = (total: number, page: number, rows: Row[]) => (
  <ListePaginee
    requete={
      {
        data: { resultats: rows, total },
        isPending: false,
        isPlaceholderData: false,
        error: null,
      } as unknown as UseQueryResult<{
        resultats: readonly Row[];
        total: number;
      }>
    }
    page={page}
    parPage={20}
    adresse={(number) => `/comptes?page=${number}`}
    legende="Comptes"
    colonnes={[{ cle: "nom", titre: "Nom", enTete: true, rendu: (row) => row.nom }]}
    cleDe={(row) => row.uuid}
    nombre={(count) => `${count} comptes`}
    vide={<p>Aucun compte</p>}
  />
);

test("says how many rows there are and links to each page", async () => {
  const { container } = rendre(liste(41, 2, [{ uuid: "a", nom: "Nora" }]));
  expect(screen.getByText("41 comptes").closest("[role=status]")).toBeTruthy();
  expect(screen.getByRole("rowheader", { name: "Nora" })).toBeTruthy();
  expect(screen.getByRole("link", { name: "3" }).getAttribute("href")).toBe("/comptes?page=3");
  expect(await fautesAxe(container)).toEqual([]);
});

test("a list without row says so, without a number nor pages", () => {
  rendre(liste(0, 1, []));
  expect(screen.getByText("Aucun compte")).toBeTruthy();
  expect(screen.queryByText("0 comptes")).toBeNull();
  expect(screen.queryByRole("navigation")).toBeNull();
});

test("a page that the list no longer has leads to the last one", () => {
  rendre(liste(21, 5, []));
  expect(screen.getByRole("heading", { name: "Cette page de la liste n’existe plus" })).toBeTruthy();
  expect(screen.getByRole("link", { name: "Aller à la dernière page" }).getAttribute("href")).toBe("/comptes?page=2");
  expect(screen.queryByRole("table")).toBeNull();
});
