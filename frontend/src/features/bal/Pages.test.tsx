import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fauxDepot } from "../../testing/fauxDepot";
import { fautesAxe, largeurEcran, rendre } from "../../testing/rendu";
import { CommuneVue } from "./CommuneVue";
import type { Commune, Revision } from "./contrat";
import { Explorateur } from "./Explorateur";
import { SANS_FILTRE } from "./filtres";

const TROYES: Commune = { code: "10387", nom: "Troyes", departement: "10", region: "44", epci: null };

const revision = (id: string, publishedAt: string, rowsCount: number): Revision => ({
  id,
  codeCommune: "10387",
  client: { id: "c1", nom: "Éditeur" },
  validation: { valid: true, rowsCount, format: "1.4", errors: [], warnings: ["position.enum_fuzzy"] },
  status: "published",
  isReady: null,
  isCurrent: id === "r2",
  createdAt: publishedAt,
  updatedAt: publishedAt,
  publishedAt,
  files: [{ id: "f", revisionId: id, type: "bal", size: 20_100, hash: "0", createdAt: publishedAt }],
});

beforeEach(() => largeurEcran(1280));
afterEach(() => vi.unstubAllGlobals());

test("explorer: each row leads to its commune, the search goes to the address", async () => {
  const { demandes } = fauxDepot({
    "GET /api-depot/current-revisions": {
      corps: [
        {
          id: "r2",
          codeCommune: "10387",
          nomCommune: "Troyes",
          publishedAt: "2026-02-11T09:00:00.000Z",
          rowsCount: 8214,
          format: "1.4",
          client: { id: "c1", nom: "Éditeur" },
        },
      ],
      entetes: { "X-Total-Count": "41" },
    },
  });
  const { container } = rendre(<Explorateur filtres={{ ...SANS_FILTRE, departement: "10", page: 2 }} />);
  const row = within(await screen.findByRole("row", { name: /Troyes 10387/ }));
  expect(row.getByRole("link", { name: "Troyes" }).getAttribute("href")).toBe("/bal/communes/10387");
  expect(row.getByText(/^8.214$/)).toBeTruthy();
  expect(row.getByText("11 février 2026")).toBeTruthy();
  expect(screen.getByText(/^41.bases adresses$/, { selector: ".ap-bal-nombre" })).toBeTruthy();
  expect(Object.fromEntries(demandes[0]?.parametres ?? [])).toMatchObject({
    departement: "10",
    offset: "20",
    limit: "20",
  });
  expect(await fautesAxe(container)).toEqual([]);
});

test("explorer: nothing found says what to do", async () => {
  fauxDepot({ "GET /api-depot/current-revisions": { corps: [], entetes: { "X-Total-Count": "0" } } });
  rendre(<Explorateur filtres={{ ...SANS_FILTRE, q: "marseille" }} />);
  expect(await screen.findByRole("heading", { name: "Aucune adresse publiée pour « marseille »" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Voir toutes les bases adresses" })).toBeTruthy();
});

test("a refusal of the deposit API is told in its own words, and can be tried again", async () => {
  fauxDepot({
    "GET /api-depot/current-revisions": {
      statut: 400,
      corps: { statusCode: 400, message: "Invalid date", error: "Bad Request" },
    },
  });
  rendre(<Explorateur filtres={SANS_FILTRE} />);
  expect(await screen.findByText(/Invalid date/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Réessayer" })).toBeTruthy();
});

test("commune: what is in force, its file, its history with each file, its report when asked", async () => {
  const current = revision("r2", "2026-02-11T09:00:00.000Z", 8214);
  fauxDepot({
    "GET /api-depot/communes/10387/revisions": { corps: [revision("r1", "2026-01-05T09:00:00.000Z", 8000), current] },
    "GET /api-depot/revisions/r2/validation-report": {
      corps: { parseOk: true, rowsCount: 8214, valid: true, summary: [] },
    },
  });
  const { container } = rendre(<CommuneVue commune={TROYES} courante={current} />);
  expect(screen.getByText(/^8.214.adresses, publiées le 11 février 2026/)).toBeTruthy();
  expect(screen.getByText(/^valide, 1.contrôle à améliorer$/)).toBeTruthy();
  const rows = await screen.findAllByRole("row", { name: /2026 à/ });
  expect(rows).toHaveLength(2);
  expect(rows[0]?.textContent).toContain("en vigueur");
  const files = screen.getAllByRole("link", { name: /^Télécharger/ }).map((link) => link.getAttribute("href"));
  expect(files).toEqual([
    "/api-depot/revisions/r2/files/bal/download",
    "/api-depot/revisions/r2/files/bal/download",
    "/api-depot/revisions/r1/files/bal/download",
  ]);
  await userEvent.click(screen.getByRole("button", { name: "Lire le rapport" }));
  expect(await screen.findByRole("heading", { name: /^Fichier accepté : 8.214.lignes/ })).toBeTruthy();
  expect(await fautesAxe(container)).toEqual([]);
});

test("commune without address: first file or model", async () => {
  fauxDepot({});
  const { container } = rendre(<CommuneVue commune={TROYES} courante={null} />);
  expect(screen.getByRole("link", { name: "Déposer un premier fichier" }).getAttribute("href")).toBe(
    "/bal/communes/10387/deposer",
  );
  const model = decodeURIComponent(
    screen.getByRole("link", { name: "Télécharger le modèle" }).getAttribute("href") ?? "",
  );
  expect(model).toMatch(/^data:text\/csv;charset=utf-8,id_ban_commune;.*;certification_commune\r\n$/);
  expect(await fautesAxe(container)).toEqual([]);
});
