import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { fautesAxe, rendre } from "../../testing/rendu";
import { TableauVue } from "./TableauVue";
import type { Tableau } from "./tableau";

const tableau = (change: Partial<Tableau> = {}): Tableau => ({
  messages: [
    {
      canal: "ALERTE_SIAP",
      en_cours: { nombre: 2, plus_ancienne: "2026-03-01T09:00:00Z" },
      perdus: { nombre: 1234, plus_ancienne: "2026-03-01T09:00:00Z" },
    },
    {
      canal: "EMAIL",
      en_cours: { nombre: 0, plus_ancienne: null },
      perdus: { nombre: 1, plus_ancienne: "2026-03-01T09:00:00Z" },
    },
  ],
  anomalies_siap: { nombre: 0, plus_ancienne: null },
  taches: { en_attente: { nombre: 0, plus_ancienne: null }, relancees: 1, perdues: { nombre: 2, plus_ancienne: null } },
  stockage: { fichiers: 12, octets: 1_200_000, base_octets: 48_000_000 },
  services: [
    { nom: "siap", repond: false, remarque: "nouvel essai en cours après une panne" },
    { nom: "antivirus", repond: false, remarque: "non configuré" },
    { nom: "stockage", repond: true, remarque: "" },
  ],
  programme: { version: "1.0.0", commit: "0123456789", construit_le: "" },
  schema: 60,
  lu_le: "2026-03-12T09:00:00Z",
  ...change,
});

test("figures lead to the list they count; services say what is wrong", async () => {
  const { container } = rendre(<TableauVue tableau={tableau()} />);
  expect(screen.getByRole("link", { name: "en échec : Alertes du SIAP" }).getAttribute("href")).toBe(
    "/admin/alertes-siap?etat=perdus",
  );
  expect(screen.getByRole("link", { name: "en échec : Courriels" }).getAttribute("href")).toBe(
    "/admin/alertes-siap?etat=perdus&canal=EMAIL",
  );
  expect(screen.getByText(/^1.234$/)).toBeTruthy();
  expect(screen.getByText("nouvel essai en cours après une panne")).toBeTruthy();
  expect(screen.getByText("Non configuré")).toBeTruthy();
  expect(screen.getByText("tâches de fond abandonnées")).toBeTruthy();
  expect(await fautesAxe(container)).toEqual([]);
});

test("nothing lost is a zero that leads nowhere", () => {
  rendre(<TableauVue tableau={tableau({ messages: [] })} />);
  expect(screen.getByText("message en échec")).toBeTruthy();
  expect(screen.queryByRole("link", { name: /en échec/ })).toBeNull();
});
