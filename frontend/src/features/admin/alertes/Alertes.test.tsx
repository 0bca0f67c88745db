import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { type Demande, fauxServeur } from "../../../testing/fauxServeur";
import { fautesAxe, largeurEcran, rendre } from "../../../testing/rendu";
import { AlerteFiche } from "./AlerteFiche";
import { AlertesVue } from "./AlertesConventionVue";
import { AlertesListe } from "./AlertesListe";
import type { AlertesConvention } from "./api";
import { criteres, ecrireFiltresAlertes, lireFiltresAlertes } from "./filtres";
import { type Alerte, destinataireDe, objetDe, titreDe } from "./rules";

const uneAlerte = (change: Partial<Alerte> = {}): Alerte => ({
  uuid: "a1",
  canal: "ALERTE_SIAP",
  type: "alerte.creer",
  libelle: "Alerte au SIAP",
  etiquette: "Convention à instruire",
  destinataire: "SG",
  etat: "ABANDON",
  etat_libelle: "Abandonné après plusieurs essais",
  tentatives: 31,
  prochain_essai_le: null,
  erreur: "siap alerte_create: Le SIAP est injoignable. [HTTP 500]",
  erreur_libelle: "Le SIAP est injoignable.",
  auteur: "Marie Durand",
  convention_uuid: "c1",
  convention_numero: "",
  numero_operation: "20240870001",
  operation_nom: "Les Tilleuls",
  relances: 0,
  relance_le: null,
  cree_le: "2026-03-01T09:00:00Z",
  traite_le: "2026-03-02T09:00:00Z",
  ...change,
});
const JETON = { "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } } };
const commandes = (demandes: Demande[]) =>
  demandes.filter(({ methode, chemin }) => methode === "POST" && chemin !== "/auth/refresh");
const page = (...resultats: Alerte[]) => ({ corps: { resultats, page: 1, par_page: 20, total: resultats.length } });

beforeEach(() => largeurEcran(1280));

test("criteria live in the address, and read only what they know", () => {
  const filtres = lireFiltresAlertes(
    new URLSearchParams("etat=perdus&canal=EMAIL&operation= 2024 &depuis=2026-03-01&page=3"),
  );
  expect(filtres).toEqual({
    etat: "perdus",
    canal: "EMAIL",
    operation: "2024",
    depuis: "2026-03-01",
    jusqua: "",
    page: 3,
  });
  expect(ecrireFiltresAlertes(filtres).toString()).toBe(
    "etat=perdus&canal=EMAIL&operation=2024&depuis=2026-03-01&page=3",
  );
  expect(criteres(filtres)).toMatchObject({ statut: ["ECHEC", "ABANDON"], canal: ["EMAIL"], page: 3 });
  expect(lireFiltresAlertes(new URLSearchParams("etat=toString&canal=x&depuis=hier&page=0"))).toEqual({
    etat: "",
    canal: "ALERTE_SIAP",
    operation: "",
    depuis: "",
    jusqua: "",
    page: 1,
  });
});

test("words of a message", () => {
  expect(titreDe(uneAlerte())).toBe("Convention à instruire");
  expect(titreDe(uneAlerte({ etiquette: "" }))).toBe("Alerte au SIAP");
  expect(destinataireDe(uneAlerte({ destinataire: "MO+SG" }))).toBe("Bailleur et service");
  expect(destinataireDe(uneAlerte({ canal: "EMAIL", destinataire: "SG" }))).toBe("SG");
  expect(objetDe(uneAlerte())).toBe("Les Tilleuls (20240870001)");
  expect(objetDe(uneAlerte({ convention_numero: "87.D.1" }))).toBe("87.D.1");
  expect(objetDe(uneAlerte({ operation_nom: "", numero_operation: "" }))).toBe("–");
});

test("a lost alert says why in French and is sent again after a confirmation", async () => {
  const { demandes } = fauxServeur({
    ...JETON,
    "GET /alertes": page(uneAlerte(), uneAlerte({ uuid: "a2", etat: "ENVOYE", etat_libelle: "Envoyé" })),
    "POST /alertes/a1/relance": { corps: { alerte: uneAlerte({ etat: "EN_COURS" }), essais: [], relancable: false } },
  });
  const { container } = rendre(<AlertesListe peutAgir />, { chemin: "/admin/alertes-siap" });
  const rows = await screen.findAllByRole("row", { name: /Convention à instruire/ });
  expect(within(rows[0] as HTMLElement).getByText("Le SIAP est injoignable.")).toBeTruthy();
  expect(
    within(rows[0] as HTMLElement)
      .getByRole("link", { name: /Les Tilleuls/ })
      .getAttribute("href"),
  ).toBe("/conventions/c1");
  expect(within(rows[1] as HTMLElement).queryByRole("button")).toBeNull();
  expect(await fautesAxe(container)).toEqual([]);

  await userEvent.click(within(rows[0] as HTMLElement).getByRole("button", { name: /Relancer/ }));
  const dialogue = (await screen.findByText(/repart avec de nouveaux essais/)).closest("dialog") as HTMLElement;
  await userEvent.click(within(dialogue).getByRole("button", { name: "Relancer", hidden: true }));
  await waitFor(() => expect(commandes(demandes)).toHaveLength(1));
  const post = commandes(demandes)[0];
  expect(post?.chemin).toBe("/alertes/a1/relance");
  expect(post?.entetes.get("Idempotency-Key")).toBeTruthy();
  await waitFor(() => expect(demandes.filter(({ methode }) => methode === "GET").length).toBeGreaterThan(1));
});

test("a reader without the right to write sees no command", async () => {
  fauxServeur({ ...JETON, "GET /alertes": page(uneAlerte()) });
  rendre(<AlertesListe peutAgir={false} />, { chemin: "/admin/alertes-siap" });
  await screen.findByRole("row", { name: /Convention à instruire/ });
  expect(screen.queryByRole("button", { name: /Relancer/ })).toBeNull();
});

test("all the failures of the criteria: counted, then a reason is wanted", async () => {
  const { demandes } = fauxServeur({
    ...JETON,
    "GET /alertes": page(uneAlerte()),
    "POST /alertes/relances": ({ corps }) => ({
      corps: (corps as { simulation?: boolean }).simulation
        ? { concernes: 3, relances: 0, restants: 3 }
        : { concernes: 3, relances: 3, restants: 0 },
    }),
  });
  const { container } = rendre(<AlertesListe peutAgir />, {
    chemin: "/admin/alertes-siap?depuis=2026-03-01&etat=envoyes",
  });
  await userEvent.click(await screen.findByRole("button", { name: "Relancer tous les échecs" }));
  expect(await screen.findByText(/^3.messages à relancer\.$/)).toBeTruthy();
  const dialogue = screen.getByText(/^3.messages à relancer\.$/).closest("dialog") as HTMLElement;
  const confirmer = within(dialogue).getByRole("button", { name: "Relancer", hidden: true });
  await userEvent.click(confirmer);
  expect(await screen.findByText("Donnez la raison de la relance, 5 caractères au moins.")).toBeTruthy();
  await userEvent.type(within(dialogue).getByLabelText(/Raison de la relance/), "Le SIAP répond");
  await userEvent.click(confirmer);
  await waitFor(() => expect(commandes(demandes)).toHaveLength(2));
  expect(commandes(demandes).map(({ corps }) => corps)).toEqual([
    { canal: ["ALERTE_SIAP"], depuis: "2026-03-01", simulation: true },
    { canal: ["ALERTE_SIAP"], depuis: "2026-03-01", motif: "Le SIAP répond" },
  ]);
  expect(await fautesAxe(container)).toEqual([]);
});

test("nothing found says what to do", async () => {
  fauxServeur({ ...JETON, "GET /alertes": page() });
  rendre(<AlertesListe peutAgir />, { chemin: "/admin/alertes-siap?etat=perdus" });
  expect(await screen.findByRole("heading", { name: "Aucun message avec ces critères" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Retirer les critères" })).toBeTruthy();
});

test("detail: tries from the latest, content of the alert, technical error folded", async () => {
  fauxServeur({});
  const { container } = rendre(
    <AlerteFiche
      peutAgir
      detail={{
        alerte: uneAlerte(),
        relancable: true,
        contenu: { etiquettePersonnalisee: "Convention à instruire" } as never,
        essais: [1, 2].map((tentative) => ({
          tentative,
          operation: "CREATION",
          statut: "ECHEC",
          description: "Création de l’alerte",
          erreur: "HTTP 500",
          erreur_libelle: "Le SIAP est injoignable.",
          user_login: "marie@example.org",
          habilitation_id: "101",
          alerte_id: null,
          le: "2026-03-01T09:00:00Z",
        })),
      }}
    />,
  );
  const tries = within(screen.getByRole("list", { name: /Essais/ })).getAllByRole("listitem");
  expect(tries[0]?.textContent).toContain("Essai 2 en échec");
  expect(screen.getByText(/etiquettePersonnalisee/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Relancer" })).toBeTruthy();
  expect(await fautesAxe(container)).toEqual([]);
});

const deLaConvention = (change: Partial<AlertesConvention> = {}): AlertesConvention => ({
  siap: {
    disponible: true,
    alertes: [
      {
        id: 7,
        libelle: "Convention à instruire",
        action: true,
        cree_le: "2026-03-01",
        supprimee: false,
        de_la_plateforme: true,
      },
    ],
  },
  resultats: [uneAlerte({ etat: "ENVOYE", etat_libelle: "Envoyé", etat_siap: "PRESENTE" })],
  page: 1,
  par_page: 20,
  total: 1,
  ...change,
});

test("alerts of a convention on both sides; SIAP away is said and hides nothing of ours", async () => {
  const adresse = (n: number) => `?page=${n}`;
  const { container } = rendre(
    <AlertesVue alertes={deLaConvention()} equipe={false} occupe={false} adresse={adresse} />,
  );
  expect(screen.getByText("Affichée par le SIAP")).toBeTruthy();
  expect(screen.getByText("Action à faire")).toBeTruthy();
  expect(screen.queryByRole("link", { name: "Convention à instruire" })).toBeNull();
  expect(await fautesAxe(container)).toEqual([]);
  container.remove();
  rendre(
    <AlertesVue
      alertes={deLaConvention({ siap: { disponible: false, raison: "indisponible", alertes: [] } })}
      equipe
      occupe={false}
      adresse={adresse}
    />,
  );
  expect(screen.getByText(/Le SIAP ne répond pas/)).toBeTruthy();
  expect(screen.getByRole("link", { name: "Convention à instruire" }).getAttribute("href")).toBe(
    "/admin/alertes-siap/a1",
  );
});
