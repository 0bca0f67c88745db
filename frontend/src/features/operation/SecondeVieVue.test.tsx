import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import type { OrigineSecondeVie, SecondeVie } from "../../api/dto";
import { uneOperation } from "../../testing/donnees";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, largeurEcran, rendre } from "../../testing/rendu";
import { ZoneMessages } from "../../ui/Messages";
import { SecondeVieVue } from "./SecondeVieVue";

const JETON = { "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } } };
const CHEMIN = "/operations/20260400012345/seconde-vie";
const operation = uneOperation({ PLUS: [], PLAI: [] }, { seconde_vie: true });

const origine: OrigineSecondeVie = {
  uuid: "o1",
  numero: "87/1998/04/1",
  statut: "SIGNEE",
  statut_libelle: "Signée",
  operation_nom: "Les Arènes",
  numero_operation: "19980001",
  ville: "Limoges",
  bailleur: "Mon Logis",
  financements: ["PLUS"],
  nb_logements: 24,
  date_signature: "1998-04-02",
};

const etat = (change: Partial<SecondeVie> = {}): SecondeVie => ({
  ouverte: true,
  modifiable: true,
  raison: "",
  conventions: [],
  origines: [],
  origines_hors_perimetre: 0,
  ...change,
});

const vue = (state: SecondeVie) => (
  <>
    <ZoneMessages />
    <SecondeVieVue operation={operation} etat={state} />
  </>
);

beforeEach(() => largeurEcran(1280));

test("SV-01, SV-03: search, choose, create; nothing is sent before", async () => {
  const { demandes } = fauxServeur({
    ...JETON,
    [`GET ${CHEMIN}/candidates`]: { corps: { resultats: [origine], page: 1, par_page: 10, total: 1 } },
    [`POST ${CHEMIN}`]: {
      corps: {
        conventions: [
          { uuid: "c1", titre: "T", statut: "PROJET", statut_libelle: "En projet", financements: ["PLUS", "PLAI"] },
        ],
        creees: ["c1"],
        messages: [],
      },
    },
  });
  const { container } = rendre(vue(etat()));
  expect(screen.getByText("Sélectionnez au moins une convention d’origine.")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Créer sans convention d’origine" })).toBeTruthy();
  await userEvent.type(screen.getByRole("searchbox"), "arenes{Enter}");
  await userEvent.click(await screen.findByRole("button", { name: "Choisir 87/1998/04/1" }));
  expect(await fautesAxe(container)).toEqual([]);
  expect(demandes.some(({ methode, chemin }) => methode === "POST" && chemin.endsWith("seconde-vie"))).toBe(false);
  await userEvent.click(screen.getByRole("button", { name: "Créer la convention seconde vie" }));
  const dialog = await screen.findByRole("dialog", { hidden: true });
  await userEvent.click(within(dialog).getByRole("button", { name: "Créer la convention seconde vie", hidden: true }));
  expect(await screen.findByText("1 convention reliée à ses origines", { selector: ".fr-alert p" })).toBeTruthy();
  expect(demandes.find(({ chemin, methode }) => methode === "POST" && chemin.endsWith("seconde-vie"))?.corps).toEqual({
    origines: ["o1"],
  });
});

test("SV-04, SV-05: an origin is taken away, and the choice is sent when asked", async () => {
  fauxServeur(JETON);
  rendre(
    vue(
      etat({
        conventions: [
          {
            uuid: "c1",
            titre: "Les Tilleuls, PLUS",
            statut: "PROJET",
            statut_libelle: "En projet",
            financements: ["PLUS"],
          },
        ],
        origines: [origine],
      }),
    ),
  );
  expect(screen.getByText("La sélection est enregistrée.")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Retirer 87/1998/04/1" }));
  expect(screen.getByRole("button", { name: "Mettre à jour la sélection" })).toBeTruthy();
});

test("SV-07, SV-09: a reader sees the origins, and no control that writes", () => {
  rendre(
    vue(
      etat({
        modifiable: false,
        raison: "Votre profil est en lecture seule.",
        origines: [origine],
        origines_hors_perimetre: 2,
      }),
    ),
  );
  expect(screen.getByText("Votre profil est en lecture seule.")).toBeTruthy();
  expect(screen.getByText(/2 autres conventions d’origine/)).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
  expect(screen.queryByRole("searchbox")).toBeNull();
});

test("SV-01: the switch is off, the page says so", () => {
  rendre(vue(etat({ ouverte: false, modifiable: false })));
  expect(screen.getByText(/n’est pas disponible pour le moment/)).toBeTruthy();
});
