import { type BrowserContext, type Page, test } from "@playwright/test";
import { expect, expectAccessible, ralentir, watch } from "./base";
import { actions } from "./gestes";
import { NADIA, seConnecter } from "./visiteur";

/** An operation of the SIAP that nothing else opens, neither the demonstration nor another test. */
const OPERATION = "20250130002";

/** Chromium tells each request that a journey cuts. */
const COUPURE = /Failed to load resource: net::ERR_/;

let contexte: BrowserContext;
let adresse: string;
const veilles: (() => void)[] = [];

/** One more tab of the same browser. */
async function onglet(chemin?: string): Promise<Page> {
  const page = await contexte.newPage();
  veilles.push(watch(page, COUPURE));
  await ralentir(page);
  if (chemin) {
    await page.goto(chemin);
    await expect(champ(page, "Bureaux")).toBeVisible();
  }
  return page;
}

const champ = (page: Page, nom: string) =>
  page.getByRole("form", { name: "Opération" }).getByRole("textbox", { name: new RegExp(`^${nom}`) });
const enregistrer = (page: Page) => actions(page).getByRole("button", { name: "Enregistrer", exact: true });
const avis = (page: Page) => page.getByRole("region", { name: "Informations sur le service" });
const brouillon = (page: Page) => page.getByRole("heading", { name: /^Vous avez un brouillon du/ });
const etat = (page: Page, texte: RegExp) => actions(page).getByText(texte);

test.describe.configure({ mode: "serial" });

test.beforeAll(async ({ browser }, { project }) => {
  test.setTimeout(120_000);
  contexte = await browser.newContext({ baseURL: project.use.baseURL, locale: "fr-FR", timezoneId: "Europe/Paris" });
  const page = await onglet();
  await seConnecter(page, NADIA);
  await page.goto(`/operations/${OPERATION}`);
  await page.getByRole("button", { name: /^Créer la convention / }).click();
  await expect(page).toHaveURL(/\/conventions\/[0-9a-f-]{36}\/etapes\//);
  adresse = `${/\/conventions\/[0-9a-f-]{36}/.exec(page.url())?.[0]}/etapes/operation`;
  await page.close();
});

test.afterEach(async () => {
  await contexte.setOffline(false);
  for (const page of contexte.pages()) await page.close();
  for (const settle of veilles.splice(0)) settle();
});

test.afterAll(() => contexte.close());

test("UX-05 : hors connexion, rien de ce qui est saisi ne se perd, même si l’onglet se ferme", async () => {
  test.setTimeout(180_000);
  const page = await onglet(adresse);

  await test.step("la page le dit, garde la saisie sur l’appareil et retient l’enregistrement", async () => {
    await contexte.setOffline(true);
    await expect(avis(page)).toContainText("Vous êtes hors connexion. Vos saisies sont gardées sur cet appareil");
    await champ(page, "Bureaux").fill("3");
    await expect(etat(page, /^Impossible de garder vos saisies .*Elles restent sur cet appareil\.$/)).toBeVisible();
    await expect(enregistrer(page)).toHaveAttribute("aria-disabled", "true");
    await expectAccessible(page);
  });

  await test.step("au retour du réseau, le brouillon part tout seul", async () => {
    await contexte.setOffline(false);
    await expect(etat(page, /^Brouillon gardé à/)).toBeVisible({ timeout: 40_000 });
    await expect(avis(page)).not.toContainText("hors connexion");
    await expect(champ(page, "Bureaux")).toHaveValue("3");
  });

  await test.step("l’onglet se ferme hors connexion : la saisie est proposée au retour, en un clic", async () => {
    await contexte.setOffline(true);
    await champ(page, "Bureaux").fill("5");
    await champ(page, "Autres locaux hors convention").fill("Local à vélos");
    await expect(etat(page, /^Impossible de garder vos saisies/)).toBeVisible();
    await page.close();
    await contexte.setOffline(false);
    const retour = await onglet(adresse);
    await expect(brouillon(retour)).toBeVisible();
    await expect(champ(retour, "Bureaux"), "never applied by itself").toHaveValue("");
    await expectAccessible(retour);
    await retour.getByRole("button", { name: "Reprendre", exact: true }).click();
    await expect(champ(retour, "Bureaux")).toHaveValue("5");
    await expect(champ(retour, "Autres locaux hors convention")).toHaveValue("Local à vélos");
    await champ(retour, "Adresses du ou des bâtiments").fill("3 chaussée du Sillon");
    await enregistrer(retour).click();
    await expect(etat(retour, /^Étape enregistrée à/)).toBeVisible();
    await retour.reload();
    await expect(champ(retour, "Bureaux")).toHaveValue("5");
    await expect(brouillon(retour), "no draft of what is saved").toHaveCount(0);
  });
});

test("le réseau coupe pendant l’enregistrement : la saisie reste, et l’essai suivant passe", async () => {
  test.setTimeout(120_000);
  const page = await onglet(adresse);
  const etape = /\/api\/v1\/conventions\/[0-9a-f-]{36}\/operation$/;
  await page.route(etape, (route) => (route.request().method() === "PUT" ? route.abort() : route.continue()));
  await champ(page, "Bureaux").fill("6");
  await enregistrer(page).click();
  const refus = page.getByRole("main").getByRole("alert");
  await expect(refus.first()).toBeVisible();
  await expect(champ(page, "Bureaux")).toHaveValue("6");
  await expectAccessible(page);
  await page.unroute(etape);
  await enregistrer(page).click();
  await expect(etat(page, /^Étape enregistrée à/)).toBeVisible();
  await expect(refus).toHaveCount(0);
  await page.reload();
  await expect(champ(page, "Bureaux")).toHaveValue("6");
});

test("deux onglets : des champs différents se réunissent, le même champ se décide", async () => {
  test.setTimeout(180_000);
  const un = await onglet(adresse);
  const deux = await onglet(adresse);

  await test.step("chacun le sien : l’un et l’autre sont gardés", async () => {
    await champ(un, "Bureaux").fill("7");
    await champ(deux, "Locaux commerciaux").fill("2");
    await enregistrer(deux).click();
    await expect(etat(deux, /^Étape enregistrée à/)).toBeVisible();
    await enregistrer(un).click();
    await expect(etat(un, /^(Étape enregistrée|Enregistré) à/)).toBeVisible();
    await expect(champ(un, "Locaux commerciaux")).toHaveValue("2");
    await expect(champ(un, "Bureaux")).toHaveValue("7");
  });

  const dialogue = un.getByRole("dialog", { name: "Ces champs ont aussi été modifiés par quelqu’un d’autre" });
  await test.step("le même : rien n’est écrasé, rien n’est perdu", async () => {
    await deux.reload();
    await expect(champ(deux, "Bureaux")).toHaveValue("7");
    await champ(un, "Bureaux").fill("8");
    await champ(deux, "Bureaux").fill("9");
    await enregistrer(deux).click();
    await expect(etat(deux, /^Étape enregistrée à/)).toBeVisible();
    await enregistrer(un).click();
    await expect(dialogue).toBeVisible();
    await expect(dialogue.getByRole("group", { name: "Bureaux" })).toContainText(/8[\s\S]*9/);
    await expect(dialogue.getByRole("radio", { checked: true }), "nothing is chosen in advance").toHaveCount(0);
    await expectAccessible(un);
    await dialogue.getByRole("button", { name: "Tout garder en brouillon" }).click();
    await expect(dialogue).toBeHidden();
    await expect(champ(un, "Bureaux")).toHaveValue("8");
  });

  await test.step("elle décide, et son choix est enregistré", async () => {
    await enregistrer(un).click();
    await expect(dialogue).toBeVisible();
    // Focusable though refused: it says what it waits for.
    await dialogue.getByRole("button", { name: "Enregistrer mes choix" }).press("Enter");
    await expect(dialogue.getByText("Il reste 1 champ à décider.")).toBeVisible();
    await dialogue.getByRole("radio", { name: "Garder la mienne" }).check({ force: true });
    await dialogue.getByRole("button", { name: "Enregistrer mes choix" }).click();
    await expect(dialogue).toBeHidden();
    await expect(etat(un, /^(Étape enregistrée|Enregistré) à/)).toBeVisible();
    await deux.reload();
    await expect(champ(deux, "Bureaux")).toHaveValue("8");
  });
});
