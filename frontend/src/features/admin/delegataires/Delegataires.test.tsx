import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test, vi } from "vitest";
import { fauxServeur } from "../../../testing/fauxServeur";
import { fautesAxe, rendre } from "../../../testing/rendu";
import type { Reassignation } from "./api";
import { Choix } from "./Choix";
import { Fiche } from "./Fiche";
import { Historique } from "./Historique";
import { avancement, bilan, csvDesRejets, etatDe, motifRefuse, perimetre } from "./rules";

const SESSION = { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } };
const run = (change: Partial<Reassignation> = {}): Reassignation => ({
  uuid: "r1",
  etat: "SIMULATION",
  interrompue: false,
  cible: { uuid: "a1", nom: "Rennes Métropole", code: "35047" },
  departements: ["35"],
  fichier: "",
  communes: 0,
  auteur: "Sophie Bernard",
  motif: "",
  cree_le: "2026-03-01T09:00:00Z",
  confirmee_le: null,
  terminee_le: null,
  annulee_le: null,
  annulee_par: "",
  motif_annulation: "",
  tache_uuid: null,
  total: 5,
  prevues: 5,
  deplacees: 0,
  ignorees: 0,
  rendues: 0,
  laissees: 0,
  familles: 8,
  conventions: 12,
  sans_commune: 0,
  origines: [{ administration: { uuid: "a2", nom: "DDTM 35", code: "DD035" }, operations: 5, conventions: 12 }],
  exemples: [
    {
      uuid: "c1",
      numero: "",
      statut: "SIGNEE",
      statut_libelle: "Signée",
      numero_operation: "20240350001",
      operation_nom: "La Poterie",
      ville: "Rennes",
      code_postal: "35000",
      bailleur: "Office de Rennes",
      administration: "DDTM 35",
    },
  ],
  rejets: [],
  annulables: 0,
  retenues: 0,
  restees: [],
  ...change,
});

describe("PE-43, what a run says of itself", () => {
  test("its perimeter, its progress and its end", () => {
    expect(perimetre(run())).toBe("Ille-et-Vilaine (35)");
    expect(perimetre(run({ departements: [], fichier: "liste.csv", communes: 2 }))).toMatch(
      /^2.communes de « liste.csv »$/,
    );
    expect(avancement(run({ etat: "CONFIRMEE", deplacees: 2, ignorees: 1, prevues: 2 }))).toEqual({
      faites: 3,
      total: 5,
    });
    expect(
      avancement(run({ etat: "ANNULATION", deplacees: 1, rendues: 2, laissees: 1, ignorees: 1, prevues: 0 })),
    ).toEqual({
      faites: 3,
      total: 4,
    });
    expect(bilan(run({ etat: "TERMINEE", deplacees: 4, ignorees: 1 }))).toMatch(
      /^4.opérations réassignées ; 1 laissée/,
    );
    expect(bilan(run({ etat: "ANNULEE", rendues: 1 }))).toMatch(/^1.opération rendue$/);
    expect(etatDe(run({ etat: "CONFIRMEE", interrompue: true })).severite).toBe("error");
    expect([motifRefuse("non"), motifRefuse(" Prise de délégation ")]).toEqual([expect.any(String), undefined]);
  });

  test("refused lines are a file whose cells are never formulas", () => {
    const ligne = {
      ligne: 3,
      code_postal: "35000",
      commune: '=1+1 "x"',
      code: "commune_inconnue",
      detail: "Inconnue.",
    } as const;
    expect(csvDesRejets([ligne])).toBe(
      '\ufeffLigne;Code postal;Commune;Motif\r\n3;"35000";"\'=1+1 ""x""";"Inconnue."\r\n',
    );
  });
});

test("PE-43: a simulation asks for an administration and départements, nothing leaves before", async () => {
  const { demandes } = fauxServeur({
    "POST /auth/refresh": SESSION,
    "GET /admin/clients-api/perimetres": { corps: [{ code: "35047", nom: "Rennes Métropole" }] },
    "POST /admin/reassignations": { statut: 201, corps: run() },
  });
  const vue = vi.fn();
  const { container } = rendre(<Choix onSimulation={vue} />);
  await userEvent.click(screen.getByRole("button", { name: "Voir ce qui sera réassigné" }));
  expect(screen.getByText("Choisissez au moins un département.")).toBeTruthy();
  expect(screen.getByText(/Choisissez l’administration/)).toBeTruthy();
  await userEvent.type(screen.getByRole("combobox", { name: /Nouvelle administration/ }), "Renn");
  await userEvent.click(await screen.findByRole("option", { name: /Rennes Métropole/ }));
  await userEvent.click(screen.getByRole("button", { name: /Départements/ }));
  await userEvent.click(screen.getByLabelText("35 Ille-et-Vilaine"));
  await userEvent.click(screen.getByLabelText("2A Corse-du-Sud"));
  await userEvent.click(screen.getByRole("button", { name: "Voir ce qui sera réassigné" }));
  await vi.waitFor(() => expect(vue).toHaveBeenCalled());
  expect(demandes.filter(({ chemin }) => chemin === "/admin/reassignations").map(({ corps }) => corps)).toEqual([
    { cible: "35047", departements: ["2A", "35"] },
  ]);
  await userEvent.click(screen.getByLabelText(/Par liste de communes/));
  expect(screen.getByLabelText("Liste de communes").hasAttribute("disabled")).toBe(false);
  expect(await fautesAxe(container)).toEqual([]);
});

test("PE-43: the preview shows counts, former services, samples and refused lines; a reason is wanted", async () => {
  const { demandes } = fauxServeur({
    "POST /auth/refresh": SESSION,
    "POST /admin/reassignations/r1/confirmation": { statut: 202, corps: run({ etat: "CONFIRMEE" }) },
  });
  const refusee = {
    ligne: 7,
    code_postal: "35000",
    commune: "Renne",
    code: "commune_inconnue",
    detail: "Aucune commune.",
  } as const;
  const { container } = rendre(<Fiche run={run({ rejets: [refusee] })} peutAgir />);
  expect(within(screen.getByRole("list", { name: "Ce qui est concerné" })).getByText("12")).toBeTruthy();
  expect(screen.getAllByText("DDTM 35").length).toBeGreaterThan(0);
  expect(screen.getByRole("link", { name: "La Poterie" }).getAttribute("href")).toBe("/conventions/c1");
  expect(screen.getByRole("table", { name: "Lignes refusées" }).textContent).toMatch(/7.*35000.*Renne.*Aucune commune/);
  expect(await fautesAxe(container)).toEqual([]);

  await userEvent.click(screen.getByRole("button", { name: "Réassigner les conventions" }));
  const dialog = await screen.findByRole("dialog", { hidden: true });
  await userEvent.click(within(dialog).getByText(/^Réassigner 12.conventions/));
  expect(within(dialog).getByText("Donnez une raison de 5 à 500 caractères.")).toBeTruthy();
  expect(demandes.some(({ methode }) => methode === "POST")).toBe(false);
  await userEvent.type(within(dialog).getByLabelText(/Motif/), "Prise de délégation");
  await userEvent.click(within(dialog).getByText(/^Réassigner 12.conventions/));
  await vi.waitFor(() =>
    expect(demandes.find(({ chemin }) => chemin.endsWith("/confirmation"))?.corps).toEqual({
      motif: "Prise de délégation",
    }),
  );
});

test("PE-43: at work, stopped, finished, taken back", () => {
  const { unmount } = rendre(<Fiche run={run({ etat: "CONFIRMEE", deplacees: 2, prevues: 3 })} peutAgir />);
  expect(screen.getByRole("progressbar").getAttribute("value")).toBe("2");
  expect(screen.queryByRole("button", { name: /Annuler|Relancer/ })).toBeNull();
  unmount();
  const stopped = rendre(<Fiche run={run({ etat: "CONFIRMEE", interrompue: true })} peutAgir />);
  expect(screen.getByRole("button", { name: "Relancer" })).toBeTruthy();
  stopped.unmount();
  const done = rendre(
    <Fiche run={run({ etat: "TERMINEE", deplacees: 5, prevues: 0, annulables: 4, retenues: 1 })} peutAgir />,
  );
  expect(screen.getByRole("button", { name: "Annuler la réassignation" })).toBeTruthy();
  done.unmount();
  const restee = {
    convention_uuid: null,
    numero_operation: "2024",
    operation_nom: "Les Lilas",
    ville: "Rennes",
    administration: "Brest",
    annulation: true,
  };
  rendre(<Fiche run={run({ etat: "ANNULEE", rendues: 4, laissees: 1, restees: [restee] })} peutAgir={false} />);
  expect(screen.getByRole("table", { name: "Opérations laissées" }).textContent).toMatch(/Les Lilas.*Brest/);
  expect(screen.queryByRole("button", { name: /Annuler/ })).toBeNull();
});

test("PE-43: the history, and its empty state", async () => {
  fauxServeur({
    "POST /auth/refresh": SESSION,
    "GET /admin/reassignations": {
      corps: {
        resultats: [run({ etat: "TERMINEE", confirmee_le: "2026-03-01T09:00:00Z", deplacees: 5 })],
        page: 1,
        par_page: 10,
        total: 1,
      },
    },
  });
  const { unmount } = rendre(<Historique />);
  expect((await screen.findByRole("table")).textContent).toMatch(
    /Rennes Métropole.*Sophie Bernard.*5.opérations réassignées/,
  );
  unmount();
  fauxServeur({
    "POST /auth/refresh": SESSION,
    "GET /admin/reassignations": { corps: { resultats: [], page: 1, par_page: 10, total: 0 } },
  });
  rendre(<Historique />);
  expect(await screen.findByText("Aucune réassignation pour l’instant")).toBeTruthy();
});
