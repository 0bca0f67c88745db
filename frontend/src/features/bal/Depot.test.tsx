import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fauxDepot, type RouteDepot } from "../../testing/fauxDepot";
import { fautesAxe, largeurEcran, rendre } from "../../testing/rendu";
import type { Rapport, Revision } from "./contrat";
import { Depot } from "./Depot";

const TROYES = { code: "10387", nom: "Troyes" };
const JETON = "a".repeat(32);

const rapport = (change: Partial<Rapport> = {}): Rapport => ({
  parseOk: true,
  encoding: "utf-8",
  delimiter: ";",
  linebreak: "\r\n",
  profile: "1.4",
  rowsCount: 80,
  rowsInvalid: 0,
  valid: true,
  summary: [],
  communes: [{ code: "10387", rows: 80 }],
  ...change,
});

const REFUSE = rapport({
  valid: false,
  rowsInvalid: 2,
  summary: [
    {
      code: "date_der_maj.date_invalide",
      level: "E",
      label: "Date invalide",
      count: 2,
      firstLines: [12, 45],
      firstValues: ["12/03/2024", "hier"],
    },
  ],
});

const LIGNES = [
  {
    line: 10,
    rawValues: { numero: "1", voie_nom: "Rue Haute", date_der_maj: "12/03/2024" },
    remediations: { date_der_maj: { value: "2024-03-12", errors: ["date_der_maj.date_invalide"] } },
    errors: [{ code: "date_der_maj.date_invalide", schemaName: "date_der_maj", level: "E" }],
  },
];

const revision = (change: Partial<Revision> = {}): Revision => ({
  id: "r1",
  codeCommune: "10387",
  client: { id: "c1", nom: "Éditeur" },
  validation: {},
  status: "pending",
  isReady: false,
  isCurrent: false,
  createdAt: "2026-03-12T09:00:00.000Z",
  updatedAt: "2026-03-12T09:00:00.000Z",
  publishedAt: null,
  files: [],
  ...change,
});

const COURANTE = revision({
  id: "r0",
  status: "published",
  isCurrent: true,
  publishedAt: "2026-02-11T09:00:00.000Z",
  validation: { valid: true, rowsCount: 100 },
});

const moi = (authorizationStrategy: string) => ({ corps: { id: "c1", nom: "Éditeur", authorizationStrategy } });

/** The four steps of an accepted file that removes 20 addresses out of 100 and adds none. */
const etapes = (change: Record<string, RouteDepot> = {}, validation = {}): Record<string, RouteDepot> => ({
  "GET /api-depot/me": moi("internal"),
  "POST /api-depot/communes/10387/revisions": { statut: 201, corps: revision() },
  "PUT /api-depot/revisions/r1/files/bal": {
    corps: { id: "f1", type: "bal", size: 3, hash: "0", createdAt: "2026-03-12T09:00:00.000Z" },
  },
  "POST /api-depot/revisions/r1/compute": {
    corps: revision({
      isReady: true,
      validation: { valid: true, rowsCount: 80, errors: [], warnings: [], ...validation },
    }),
  },
  "GET /api-depot/revisions/r1/validation-report": { corps: rapport() },
  "GET /api-depot/revisions/r1/diff": {
    corps: { currentRevisionId: "r0", added: 0, removed: 20, changed: 0, unchanged: 80, items: [] },
  },
  "POST /api-depot/revisions/r1/publish": {
    corps: revision({
      status: "published",
      isCurrent: true,
      isReady: null,
      publishedAt: "2026-03-12T09:01:00.000Z",
      validation: { valid: true, rowsCount: 80 },
    }),
  },
  ...change,
});

const fichier = (nom = "troyes.csv") => new File(["cle_interop;\r\n"], nom, { type: "text/csv" });

function monter({
  commune = TROYES as typeof TROYES | null,
  administration = false,
  courante = COURANTE as Revision | null,
} = {}) {
  const onCommune = vi.fn();
  const rendered = rendre(
    <Depot commune={commune} courante={courante} administration={administration} onCommune={onCommune} />,
  );
  return { ...rendered, onCommune };
}

const deposer = async (file = fichier()) => userEvent.upload(screen.getByLabelText(/^Fichier/), file);
const titre = (text: RegExp) => screen.findByRole("heading", { name: text });

beforeEach(() => largeurEcran(1280));
afterEach(() => vi.unstubAllGlobals());

describe("check without account", () => {
  test("UX-50: the verdict takes the focus, and the first wrong line is named without any click", async () => {
    const { demandes } = fauxDepot({
      "POST /api-depot/validate": ({ parametres }) => ({
        corps: parametres.get("rows") === "true" ? { ...REFUSE, rows: LIGNES, rowsTotal: 2 } : REFUSE,
      }),
    });
    const { container } = monter({ commune: null });
    await deposer();
    const verdict = await titre(/^Fichier refusé : 2.lignes à corriger sur 80\./);
    expect(document.activeElement).toBe(verdict.parentElement);
    expect(screen.getByRole("button", { name: /Date invalide.*lignes 12 et 45/ }).getAttribute("aria-expanded")).toBe(
      "true",
    );
    const row = within(await screen.findByRole("row", { name: /1 Rue Haute/ }));
    expect(row.getByText("12/03/2024")).toBeTruthy();
    expect(row.getByText("2024-03-12")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Ligne 12" }));
    expect(document.activeElement?.textContent).toMatch(/12$/);
    expect(demandes.every(({ entetes }) => !entetes.has("Authorization"))).toBe(true);
    expect(await fautesAxe(container)).toEqual([]);
  });

  test("the corrected file is made from the file of the device, and can be checked at once", async () => {
    let checks = 0;
    fauxDepot({
      "POST /api-depot/validate": ({ parametres }) => {
        if (parametres.get("rows") === "true") return { corps: { ...REFUSE, rows: [], rowsTotal: 0 } };
        checks += 1;
        return { corps: checks === 1 ? REFUSE : rapport() };
      },
      "POST /api-depot/autofix": ({ corps }) => ({ corps: `corrigé ${corps}` }),
    });
    monter({ commune: null });
    await deposer();
    await userEvent.click(await screen.findByRole("button", { name: "Vérifier le fichier corrigé" }));
    expect(await titre(/^Fichier accepté/)).toBeTruthy();
    expect(checks).toBe(2);
  });

  test("an accepted file proposes the commune that it names", async () => {
    fauxDepot({ "POST /api-depot/validate": { corps: rapport() } });
    const { onCommune } = monter({ commune: null });
    await deposer();
    await userEvent.click(await screen.findByRole("button", { name: /Publier pour la commune du fichier \(10387\)/ }));
    expect(onCommune).toHaveBeenCalledWith("10387");
  });

  test("a file that cannot be a CSV does not leave the device", async () => {
    const { demandes } = fauxDepot({});
    monter({ commune: null });
    const workbook = new File(["x"], "adresses.xlsx", { type: "application/zip" });
    await userEvent.setup({ applyAccept: false }).upload(screen.getByLabelText(/^Fichier/), workbook);
    expect(await screen.findByText(/Ce type de fichier n’est pas accepté/, { selector: "p *" })).toBeTruthy();
    expect(demandes).toEqual([]);
  });
});

describe("deposit with a token", () => {
  test("UX-51: two clicks from the file to the current revision, the second after reading what disappears", async () => {
    const { demandes } = fauxDepot(etapes());
    const { container } = monter();
    await userEvent.type(screen.getByLabelText(/^Jeton de votre client/), JETON);
    await screen.findByText(/Éditeur : peut publier/);
    await deposer();
    await titre(/^Fichier accepté : 80.lignes/);
    expect(screen.getByText(/20.adresses en moins \(20.%\)/)).toBeTruthy();
    expect(await fautesAxe(container)).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Publier cette version" }));
    const dialog = await screen.findByText(/20.adresses supprimées\./, { selector: "dialog p" });
    expect(dialog).toBeTruthy();
    await userEvent.click(screen.getByText(/^Publier 80.adresses$/));
    expect(await titre(/^Les adresses de Troyes sont publiées/)).toBeTruthy();
    expect(screen.getByRole("link", { name: "Voir la page de la commune" }).getAttribute("href")).toBe(
      "/bal/communes/10387",
    );
    const steps = demandes
      .filter(({ methode }) => methode !== "GET")
      .map(({ methode, chemin }) => `${methode} ${chemin}`);
    expect(steps).toEqual([
      "POST /api-depot/communes/10387/revisions",
      "PUT /api-depot/revisions/r1/files/bal",
      "POST /api-depot/revisions/r1/compute",
      "POST /api-depot/revisions/r1/publish",
    ]);
    expect(demandes.map(({ chemin }) => chemin).join(" ")).not.toContain(JETON);
    expect(JSON.stringify({ ...sessionStorage, ...localStorage })).not.toContain(JETON);
  });

  test("a loss of more than 20 % is confirmed by its figure", async () => {
    const { demandes } = fauxDepot(
      etapes(
        {
          "GET /api-depot/revisions/r1/diff": {
            corps: { currentRevisionId: "r0", added: 0, removed: 60, changed: 0, unchanged: 40, items: [] },
          },
        },
        { rowsCount: 40, warnings: ["rows.delete_many_addresses"] },
      ),
    );
    monter();
    await userEvent.type(screen.getByLabelText(/^Jeton/), JETON);
    await deposer();
    expect(await titre(/^60.adresses disparaîtraient sur 100.adresses \(60.%\)/)).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Publier cette version" }));
    const field = await screen.findByLabelText(/Nombre d’adresses qui disparaissent \(60\)/);
    const confirm = screen.getByText(/^Publier 40.adresses$/);
    await userEvent.click(confirm);
    expect(screen.getByText("Saisissez 60 pour confirmer.")).toBeTruthy();
    expect(demandes.some(({ chemin }) => chemin.endsWith("/publish"))).toBe(false);
    await userEvent.type(field, "60");
    await userEvent.click(confirm);
    expect(await titre(/sont publiées/)).toBeTruthy();
  });

  test("more than 80 %: no publication is offered, the sentence says how many would disappear", async () => {
    fauxDepot(
      etapes({
        "POST /api-depot/revisions/r1/compute": {
          corps: revision({
            validation: { valid: false, rowsCount: 10, errors: ["rows.delete_too_many_addresses"], warnings: [] },
          }),
        },
      }),
    );
    monter();
    await userEvent.type(screen.getByLabelText(/^Jeton/), JETON);
    await deposer();
    expect(await titre(/^Publication impossible : 90.adresses sur 100 disparaîtraient\./)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Publier cette version" })).toBeNull();
  });

  test("4.5: another publication came first, the check is asked again", async () => {
    let publications = 0;
    fauxDepot(
      etapes({
        "POST /api-depot/revisions/r1/publish": () => {
          publications += 1;
          return publications === 1
            ? { statut: 412, corps: { statusCode: 412, message: "La publication n’est pas possible" } }
            : { corps: revision({ status: "published", publishedAt: "2026-03-12T09:01:00.000Z" }) };
        },
      }),
    );
    monter();
    await userEvent.type(screen.getByLabelText(/^Jeton/), JETON);
    await deposer();
    await userEvent.click(await screen.findByRole("button", { name: "Publier cette version" }));
    await userEvent.click(await screen.findByText(/^Publier 80.adresses$/));
    expect(await titre(/^Une autre version de cette commune a été publiée entre-temps/)).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Relancer" }));
    await waitFor(() => expect(screen.queryByText(/publiée entre-temps/)).toBeNull());
    await userEvent.click(screen.getByRole("button", { name: "Publier cette version" }));
    await userEvent.click(await screen.findByText(/^Publier 80.adresses$/));
    expect(await titre(/sont publiées/)).toBeTruthy();
  });

  test("a refused token says what to do, and the file can be sent again", async () => {
    fauxDepot({
      "GET /api-depot/me": { statut: 401, corps: { statusCode: 401, message: "Authentification refusée" } },
      "POST /api-depot/communes/10387/revisions": {
        statut: 401,
        corps: { statusCode: 401, message: "Authentification refusée" },
      },
    });
    monter();
    await userEvent.type(screen.getByLabelText(/^Jeton/), JETON);
    expect(await screen.findByText(/Authentification refusée\. Vérifiez le jeton remis/)).toBeTruthy();
    await deposer();
    expect(await screen.findByText(/Vérifiez le jeton du client, puis réessayez/, { selector: "p *" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Réessayer avec ce fichier" })).toBeTruthy();
  });
});

describe("7: habilitation of the commune", () => {
  test("asked, confirmed by the code sent to the mairie, then used to publish", async () => {
    let accepted = false;
    const habilitation = (status: string) => ({
      id: "h1",
      codeCommune: "10387",
      emailCommune: null,
      status,
      createdAt: "2026-03-12T09:00:00.000Z",
    });
    const { demandes } = fauxDepot(
      etapes({
        "GET /api-depot/me": moi("habilitation"),
        "GET /api-depot/communes/10387/habilitations": { corps: [] },
        "POST /api-depot/communes/10387/habilitations": { statut: 201, corps: habilitation("pending") },
        "GET /api-depot/communes/10387/emails": { corps: ["mairie@troyes.fr"] },
        "POST /api-depot/habilitations/h1/authentication/email/send-pin-code": { corps: "OK" },
        "POST /api-depot/habilitations/h1/authentication/email/validate-pin-code": ({ corps }) => {
          accepted = corps.includes("123456");
          return accepted
            ? { corps: "OK" }
            : { statut: 412, corps: { statusCode: 412, message: "Code non valide, 9 tentatives restantes" } };
        },
        "GET /api-depot/habilitations/h1": () => ({ corps: habilitation(accepted ? "accepted" : "pending") }),
      }),
    );
    const { container } = monter();
    await userEvent.type(screen.getByLabelText(/^Jeton/), JETON);
    await screen.findByText(/a besoin de l’habilitation/);
    await deposer();
    await userEvent.click(await screen.findByRole("button", { name: "Demander l’habilitation" }));
    await userEvent.click(await screen.findByRole("button", { name: "Envoyer le code à la mairie" }));
    const code = await screen.findByLabelText("Code reçu par la mairie");
    await userEvent.type(code, "000000");
    await userEvent.click(screen.getByRole("button", { name: "Valider le code" }));
    expect(await screen.findByText("Code non valide, 9 tentatives restantes")).toBeTruthy();
    await userEvent.clear(code);
    await userEvent.type(code, "123456");
    await userEvent.click(screen.getByRole("button", { name: "Valider le code" }));
    expect(await screen.findByText(/Troyes vous autorise à publier/)).toBeTruthy();
    expect(await fautesAxe(container)).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Publier cette version" }));
    await userEvent.click(await screen.findByText(/^Publier 80.adresses$/));
    await titre(/sont publiées/);
    const publication = demandes.find(({ chemin }) => chemin.endsWith("/publish"));
    expect(JSON.parse(publication?.corps ?? "{}")).toEqual({ habilitationId: "h1" });
  });
});

test("staff deposits with the session: no token is asked", async () => {
  fauxDepot({});
  monter({ administration: true });
  expect(screen.getByText(/au nom de l’administration du service/)).toBeTruthy();
  expect(screen.queryByLabelText(/^Jeton/)).toBeNull();
});
