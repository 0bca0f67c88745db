import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, rendre } from "../../testing/rendu";
import { Exporter } from "./Exporter";
import { nomDuFichier, pourcentage } from "./export";
import { SANS_FILTRE } from "./filtres";

const REFRESH = { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } };

beforeEach(() => {
  URL.createObjectURL = vi.fn(() => "blob:x");
  URL.revokeObjectURL = vi.fn();
});

async function demander() {
  await userEvent.click(screen.getByRole("button", { name: "Exporter la liste" }));
  await userEvent.click(await screen.findByLabelText(/CSV/));
  await userEvent.click(screen.getByRole("button", { name: "Exporter", hidden: true }));
}

test("how far, and under which name", () => {
  expect(pourcentage({ avancement: 500, total: 2000, etat: "EN_COURS" })).toBe(25);
  expect(pourcentage({ avancement: 2000, total: 2000, etat: "EN_COURS" })).toBe(99);
  expect(pourcentage({ avancement: 0, total: null, etat: "EN_ATTENTE" })).toBeNull();
  expect(pourcentage({ avancement: 3, total: 3, etat: "TERMINEE" })).toBe(100);
  const named = new Headers({ "Content-Disposition": "attachment; filename=conventions_22-11-2026.csv" });
  expect(nomDuFichier(named, "csv")).toBe("conventions_22-11-2026.csv");
  expect(nomDuFichier(new Headers(), "xlsx")).toBe("conventions.xlsx");
});

test("a short list is saved at once, with the criteria of the screen and every page", async () => {
  const { demandes } = fauxServeur({ "POST /auth/refresh": REFRESH, "POST /exports/conventions": { corps: {} } });
  const { container } = rendre(<Exporter filtres={{ ...SANS_FILTRE, statut: ["SIGNEE"], page: 3 }} total={42} />);
  expect(await fautesAxe(container)).toEqual([]);
  await demander();
  await waitFor(() => expect(URL.createObjectURL).toHaveBeenCalledOnce());
  const asked = demandes.find(({ chemin }) => chemin.startsWith("/exports"))?.chemin ?? "";
  const query = new URLSearchParams(asked.split("?")[1]);
  expect(query.get("format")).toBe("csv");
  expect(query.get("statut")).toBe("SIGNEE");
  expect(query.has("page")).toBe(false);
});

test("a long one is followed until its file can be saved", async () => {
  let reads = 0;
  const row = { uuid: "e-1", fichier: "", taille: null, cree_le: "2026-11-22T16:00:00Z", termine_le: null };
  const { demandes } = fauxServeur({
    "POST /auth/refresh": REFRESH,
    "POST /exports/conventions": { statut: 202, corps: { tache_uuid: "e-1" } },
    "GET /exports/e-1": () => {
      reads += 1;
      return {
        corps:
          reads === 1
            ? { ...row, etat: "EN_COURS", avancement: 500, total: 2000, expire_le: null }
            : { ...row, etat: "TERMINEE", avancement: 2000, total: 2000, expire_le: "2026-11-29T16:00:00Z" },
      };
    },
    "POST /exports/e-1/telechargement": {
      corps: { url: "/api/v1/telechargements/x", expire_le: "2026-11-22T16:01:00Z" },
    },
  });
  const { container } = rendre(<Exporter filtres={SANS_FILTRE} total={2000} />);
  await demander();
  expect(await screen.findByLabelText(/500 sur 2.000 lignes/)).toBeTruthy();
  expect(await fautesAxe(container)).toEqual([]);
  await userEvent.click(await screen.findByRole("button", { name: "Télécharger le fichier" }, { timeout: 4000 }));
  await waitFor(() => expect(demandes.at(-1)?.chemin).toBe("/exports/e-1/telechargement"));
  expect(screen.getByText(/avant le 29\/11\/2026/)).toBeTruthy();
});
