import { type APIRequestContext, expect, type Page } from "@playwright/test";

/** The SIAP and CERBERE simulators of the server under test: they listen ten ports above it. */
const SIMULATEUR = `http://localhost:${Number(process.env.E2E_PORT) + 10}/__sim`;

/** An alert as the SIAP received it: what 02 §5.2 fixes of it, and what became of it. */
export type Alerte = {
  libelle: string;
  nature: "Action" | "Information";
  /** Whom it is for: MO, the side of the bailleur; SG, the service instructeur. */
  pour: string;
  etat: "Active" | "Supprimée";
};

type AlerteRecue = {
  etiquettePersonnalisee: string;
  categorieInformation: string;
  destinataires: { role: string; service: string }[];
  urlDirection: string;
  supprimee_le: string | null;
};

const lue = (recue: AlerteRecue): Alerte => ({
  libelle: recue.etiquettePersonnalisee,
  nature: recue.categorieInformation === "CATEGORIE_ALERTE_ACTION" ? "Action" : "Information",
  pour: recue.destinataires.map(({ service }) => service).join("+"),
  etat: recue.supprimee_le ? "Supprimée" : "Active",
});

async function recues(request: APIRequestContext, convention: string): Promise<AlerteRecue[]> {
  const response = await request.get(`${SIMULATEUR}/alertes`, { params: { convention } });
  expect(response.status()).toBe(200);
  return (await response.json()) as AlerteRecue[];
}

/** Waits until the SIAP has received exactly these alerts of a convention, in this order, deleted ones included. */
export async function attendreAlertes(
  request: APIRequestContext,
  convention: string,
  attendues: readonly Alerte[],
): Promise<void> {
  await expect
    .poll(async () => (await recues(request, convention)).map(lue), {
      message: "alertes reçues par le SIAP",
      timeout: 60_000,
    })
    .toEqual(attendues);
}

/** Where the alerts of a convention lead, in the order they came: paths of the platform. */
export async function adressesDesAlertes(request: APIRequestContext, convention: string): Promise<string[]> {
  return (await recues(request, convention)).map(({ urlDirection }) => urlDirection);
}

/** The alerts of an operation, as the control page of the simulator shows them: the last received first. */
export async function alertesAffichees(page: Page, operation: RegExp): Promise<Alerte[]> {
  await page.goto(`${SIMULATEUR}/`);
  const lignes = page.getByRole("region", { name: "Alertes reçues" }).getByRole("row").filter({ hasText: operation });
  await expect(lignes.first()).toBeVisible();
  const alertes: Alerte[] = [];
  for (const ligne of await lignes.all()) {
    const [, libelle = "", nature = "", pour = "", , , etat = ""] = await ligne.getByRole("cell").allInnerTexts();
    alertes.push({
      libelle,
      nature: nature as Alerte["nature"],
      pour: pour.replaceAll(", ", "+"),
      etat: etat as Alerte["etat"],
    });
  }
  return alertes;
}
