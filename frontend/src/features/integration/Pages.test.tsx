import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, largeurEcran, rendre } from "../../testing/rendu";
import { NouveauClient } from "./ClientForm";
import { ClientsListe } from "./Clients";
import type { ClientAPI, Livraison } from "./contrat";
import { JetonEnService } from "./Jeton";
import { Livraisons } from "./Livraisons";
import { Secret } from "./Secret";
import { WebhooksListe } from "./Webhooks";

const ID = "0b7f1f6e-0000-4000-8000-000000000001";
const JETON = `apl_abcdefgh_${"z".repeat(52)}`;

const client: ClientAPI = {
  uuid: ID,
  version: 3,
  nom: "Observatoire",
  description: "",
  etat: "ACTIF",
  etat_libelle: "Actif",
  portees: ["conventions:lire", "webhooks:gerer"],
  perimetre: { type: "DEPARTEMENT", libelle: "Haute-Vienne (87)", departement: "87", bailleurs: [] },
  login_siap: "",
  prefixe: "apl_abcdefgh",
  jeton_cree_le: "2026-04-01T08:00:00Z",
  cree_par: "Alice Support",
  cree_le: "2026-04-01T08:00:00Z",
  mis_a_jour_le: "2026-04-01T08:00:00Z",
};

const page = <T,>(resultats: T[]) => ({ resultats, page: 1, par_page: 20, total: resultats.length });

/** The server, for somebody signed in; `asked` leaves out the token. */
function serveur(routes: Parameters<typeof fauxServeur>[0]) {
  const { demandes } = fauxServeur({
    "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } },
    ...routes,
  });
  return { asked: () => demandes.filter(({ chemin }) => chemin !== "/auth/refresh") };
}

beforeEach(() => largeurEcran(1280));

test("clients: each row says what it may do, what it sees and whether it works", async () => {
  const { asked } = serveur({ "GET /admin/clients-api": { corps: page([client]) } });
  const { container } = rendre(<ClientsListe lectureSeule={false} />, {
    chemin: "/admin/clients-api?q=obs&etat=ACTIF",
  });
  const row = within(await screen.findByRole("row", { name: /Observatoire/ }));
  expect(row.getByRole("link", { name: "Observatoire" }).getAttribute("href")).toBe(`/admin/clients-api/${ID}`);
  expect(row.getByText("Lire les conventions, Gérer ses webhooks")).toBeTruthy();
  expect(row.getByText("Haute-Vienne (87)")).toBeTruthy();
  expect(row.getByText("Jamais")).toBeTruthy();
  expect(asked()[0]?.chemin).toBe("/admin/clients-api?q=obs&etat=ACTIF&page=1&par_page=20");
  expect(await fautesAxe(container)).toEqual([]);
});

test("clients: nothing yet, nothing found, a breakdown", async () => {
  serveur({ "GET /admin/clients-api": { corps: page([]) } });
  const { unmount } = rendre(<ClientsListe lectureSeule={false} />);
  expect(await screen.findByRole("heading", { name: "Aucun client d’API pour le moment" })).toBeTruthy();
  expect(screen.getByRole("link", { name: "Créer un client" })).toBeTruthy();
  unmount();
  const searched = rendre(<ClientsListe lectureSeule={false} />, { chemin: "/admin/clients-api?q=zz" });
  expect(await screen.findByRole("button", { name: "Retirer les critères" })).toBeTruthy();
  searched.unmount();
  const reader = rendre(<ClientsListe lectureSeule />);
  expect(await screen.findByRole("heading", { name: "Aucun client d’API pour le moment" })).toBeTruthy();
  expect(screen.queryByRole("link", { name: "Créer un client" })).toBeNull();
  reader.unmount();
  serveur({ "GET /admin/clients-api": { statut: 500, corps: { code: "erreur_interne", detail: "x" } } });
  rendre(<ClientsListe lectureSeule={false} />);
  expect(await screen.findByRole("button", { name: "Réessayer" })).toBeTruthy();
});

test("a new client: refusals by field, then what was chosen is sent", async () => {
  const { asked } = serveur({
    "POST /admin/clients-api": { statut: 201, corps: { client, jeton: JETON } },
  });
  let given = "";
  const { container } = rendre(<NouveauClient onCree={({ jeton }) => (given = jeton)} />);
  expect(await fautesAxe(container)).toEqual([]);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Créer le client" }));
  expect(screen.getAllByText("Donnez un nom : il signe ce que fait le client.").length).toBeGreaterThan(0);
  expect(screen.getAllByText("Choisissez le département.").length).toBeGreaterThan(0);
  expect(asked()).toEqual([]);

  await user.type(screen.getByRole("textbox", { name: /Nom du client/ }), "Logiciel métier");
  await user.click(screen.getByRole("checkbox", { name: /Créer et modifier/ }));
  await user.click(screen.getByRole("radio", { name: "Une région" }));
  await user.selectOptions(screen.getByRole("combobox", { name: /Région/ }), "75");
  await user.click(screen.getByRole("button", { name: "Créer le client" }));
  await expect.poll(() => given).toBe(JETON);
  expect(asked()[0]?.corps).toMatchObject({
    nom: "Logiciel métier",
    portees: ["conventions:lire", "conventions:ecrire"],
    perimetre: { type: "REGION", region: "75" },
  });
});

test("a refusal of the server is shown at its field", async () => {
  serveur({
    "POST /admin/clients-api": {
      statut: 409,
      corps: {
        code: "NOM_CLIENT_PRIS",
        detail: "Un autre client porte ce nom.",
        errors: [{ pointer: "/nom", code: "NOM_CLIENT_PRIS", detail: "Ce nom est déjà pris." }],
      },
    },
  });
  rendre(<NouveauClient onCree={() => undefined} />);
  const user = userEvent.setup();
  await user.type(screen.getByRole("textbox", { name: /Nom du client/ }), "Observatoire");
  await user.click(screen.getByRole("radio", { name: "France entière" }));
  await user.click(screen.getByRole("button", { name: "Créer le client" }));
  expect((await screen.findAllByText("Ce nom est déjà pris.")).length).toBeGreaterThan(0);
});

test("the token is shown whole, once, with the focus on it", async () => {
  const { container } = rendre(
    <Secret titre="Jeton de X" valeur={JETON} libelleCopier="Copier le jeton" libelleCopie="Jeton copié">
      <p>Copiez-le maintenant.</p>
    </Secret>,
  );
  expect(screen.getByText(JETON)).toBeTruthy();
  expect(document.activeElement?.className).toContain("ap-int-secret");
  expect(await fautesAxe(container)).toEqual([]);
});

test("who only reads has no command; a client revoked has none either", () => {
  const { unmount } = rendre(<JetonEnService client={client} lectureSeule onJeton={() => undefined} />);
  expect(screen.queryByRole("button", { name: "Révoquer le client" })).toBeNull();
  unmount();
  rendre(<JetonEnService client={{ ...client, etat: "REVOQUE" }} lectureSeule={false} onJeton={() => undefined} />);
  expect(screen.queryByRole("button", { name: "Donner un nouveau jeton" })).toBeNull();
});

test("webhooks: list and empty state", async () => {
  serveur({ "GET /webhooks": { corps: page([]) } });
  const { unmount } = rendre(<WebhooksListe lectureSeule={false} />);
  expect(await screen.findByRole("link", { name: "Créer un webhook" })).toBeTruthy();
  unmount();
  const webhook = {
    uuid: ID,
    version: 1,
    url: "https://exemple.fr/reception",
    evenements: ["convention.creee", "avenant.cree"],
    description: "",
    actif: false,
    cree_le: "2026-04-01T08:00:00Z",
    mis_a_jour_le: "2026-04-01T08:00:00Z",
  };
  serveur({ "GET /webhooks": { corps: page([webhook]) } });
  const { container } = rendre(<WebhooksListe lectureSeule={false} />);
  expect(await screen.findByText("Convention créée, Avenant créé")).toBeTruthy();
  expect(screen.getByText("Arrêté")).toBeTruthy();
  expect(await fautesAxe(container)).toEqual([]);
});

test("a delivery: its tries, what was sent, and sending it again", async () => {
  const livraison: Livraison = {
    uuid: ID,
    evenement: "convention.statut_change",
    etat: "ABANDON",
    etat_libelle: "Abandonnée",
    tentatives: 12,
    erreur: "réponse HTTP 500",
    cree_le: "2026-04-01T08:00:00Z",
    traite_le: "2026-04-02T08:00:00Z",
  };
  const essai = {
    tentative: 12,
    statut_http: 500,
    duree_ms: 31,
    erreur: "réponse HTTP 500",
    reponse: "oups",
    le: "2026-04-02T08:00:00Z",
  };
  const detail = { livraison, corps: '{"type":"convention.statut_change"}', essais: [essai] };
  const { asked } = serveur({
    "GET /webhooks/w/livraisons": { corps: page([livraison]) },
    [`GET /webhooks/w/livraisons/${ID}`]: { corps: detail },
    [`POST /webhooks/w/livraisons/${ID}/rejouer`]: {
      corps: { ...detail, livraison: { ...livraison, etat: "A_ENVOYER" } },
    },
  });
  const { container } = rendre(<Livraisons webhook="w" lectureSeule={false} />);
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: /^Voir la livraison « Convention : statut changé »/ }));
  expect(await screen.findByText("HTTP 500")).toBeTruthy();
  expect(screen.getByRole("region", { name: "Contenu envoyé" }).textContent).toContain(
    '"type": "convention.statut_change"',
  );
  expect(await fautesAxe(container)).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Rejouer cette livraison" }));
  await expect.poll(() => asked().some(({ methode }) => methode === "POST")).toBe(true);
});
