import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { uneSession } from "../../testing/donnees";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, largeurEcran, rendre } from "../../testing/rendu";
import { ZoneMessages } from "../../ui/Messages";
import { ecrireFiltres, lireFiltres } from "./filtres";
import { AnomaliesListe } from "./Liste";
import { peutClore, peutVoirAnomalies } from "./rules";

const JETON = { "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } } };
const LISTE = "GET /admin/anomalies-siap";
const ZONE = {
  uuid: "a1",
  version: 6,
  numero_operation: "20240870001",
  code: "VALEUR_INCONNUE",
  champ: "donneesLocalisation.zonage123",
  valeur: "07",
  message: "Zonage inconnu : il a été ignoré.",
  premiere_fois: "2026-01-02T10:00:00Z",
  derniere_fois: "2026-03-02T10:00:00Z",
  occurrences: 3,
  resolue_le: null,
};

beforeEach(() => largeurEcran(1280));

const page = (lectureSeule = false) => (
  <>
    <ZoneMessages />
    <AnomaliesListe lectureSeule={lectureSeule} />
  </>
);

test("an event is read, then closed by a button that names it", async () => {
  let closed = false;
  const { demandes } = fauxServeur({
    ...JETON,
    [LISTE]: () => ({ corps: { resultats: closed ? [] : [ZONE], total: closed ? 0 : 1, page: 1, par_page: 20 } }),
    "PATCH /admin/anomalies-siap/a1": () => {
      closed = true;
      return { corps: { ...ZONE, resolue_le: "2026-03-03T10:00:00Z" } };
    },
  });
  const { container } = rendre(page(), { chemin: "/admin/anomalies-siap?q=zonage&code=VALEUR_INCONNUE" });
  expect((await screen.findByRole("link", { name: "20240870001" })).getAttribute("href")).toBe(
    "/operations/20240870001",
  );
  expect(screen.getByText("Valeur inconnue", { selector: "strong" })).toBeTruthy();
  expect(screen.getByText("3 fois")).toBeTruthy();
  expect(await fautesAxe(container)).toEqual([]);
  expect(demandes.find(({ chemin }) => chemin.startsWith("/admin/anomalies-siap?"))?.chemin).toBe(
    "/admin/anomalies-siap?etat=ouvertes&q=zonage&code=VALEUR_INCONNUE&page=1&par_page=20",
  );
  await userEvent.click(screen.getByTitle("Clore l’anomalie « Valeur inconnue » de l’opération 20240870001"));
  expect(await screen.findByText("Anomalie « Valeur inconnue » close.", { selector: ".fr-alert p" })).toBeTruthy();
  const decision = demandes.find(({ methode }) => methode === "PATCH");
  expect(decision?.corps).toEqual({ resolue: true });
  expect(decision?.entetes.get("If-Match")).toBe('"6"');
  expect(await screen.findByText("Aucune anomalie avec ces critères")).toBeTruthy();
});

test("the file holds the same criteria", async () => {
  const { demandes } = fauxServeur({
    ...JETON,
    [LISTE]: { corps: { resultats: [ZONE], total: 1, page: 1, par_page: 20 } },
    "GET /admin/anomalies-siap/export": { corps: "operation" },
  });
  const make = vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:x");
  rendre(page(), { chemin: "/admin/anomalies-siap?etat=toutes" });
  await userEvent.click(await screen.findByRole("button", { name: "Exporter (CSV)" }));
  await waitFor(() => expect(make).toHaveBeenCalledTimes(1));
  expect(demandes.some(({ chemin }) => chemin === "/admin/anomalies-siap/export?etat=toutes")).toBe(true);
  make.mockRestore();
});

test("a refused file is told in the words of the server", async () => {
  fauxServeur({
    ...JETON,
    [LISTE]: { corps: { resultats: [ZONE], total: 1, page: 1, par_page: 20 } },
    "GET /admin/anomalies-siap/export": { statut: 403, corps: { detail: "Réservé à l’équipe.", code: "X" } },
  });
  rendre(page(), { chemin: "/admin/anomalies-siap?etat=toutes" });
  await userEvent.click(await screen.findByRole("button", { name: "Exporter (CSV)" }));
  expect(await screen.findByText("Réservé à l’équipe.", { selector: ".fr-alert div" })).toBeTruthy();
});

test("ST-05: a profile that only reads has no button to close", async () => {
  fauxServeur({ ...JETON, [LISTE]: { corps: { resultats: [ZONE], total: 1, page: 1, par_page: 20 } } });
  rendre(page(true));
  await screen.findByText("3 fois");
  expect(screen.queryByText("Clore")).toBeNull();
  const staff = uneSession({ staff: true });
  expect([peutVoirAnomalies(null), peutVoirAnomalies(uneSession()), peutVoirAnomalies(staff)]).toEqual([
    false,
    false,
    true,
  ]);
  const reader = staff.habilitation && { ...staff, habilitation: { ...staff.habilitation, lecture_seule: true } };
  expect([peutClore(staff), peutClore(reader ?? null)]).toEqual([true, false]);
});

test("criteria survive the address bar, and nonsense in it is ignored", () => {
  const filtres = { q: "a b", code: "ECART_SIAP", etat: "toutes", page: 3 } as const;
  expect(lireFiltres(ecrireFiltres(filtres))).toEqual(filtres);
  expect(lireFiltres(new URLSearchParams("code=X&etat=Y&page=-1"))).toEqual({
    q: "",
    code: "",
    etat: "ouvertes",
    page: 1,
  });
});
