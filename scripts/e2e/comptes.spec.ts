import type { Page } from "@playwright/test";
import { expect, expectAccessible } from "./base";
import { type Serveur, test } from "./serveur";

/** Bailleur, made by the staff: chooses her password by herself. */
const NORA = { identifiant: "nora", adresse: "nora.lefort@example.org", nom: "Nora Lefort" };
/** Of the staff. */
const SAM = { identifiant: "sam", nom: "Sam Vidal", secret: "cheval exact pile agrafe" };

const INTERVENTION = ["--run", "--acteur", "equipe@example.org", "--motif", "Arrivée d’une personne"];

async function creerLesComptes({ commande }: Serveur): Promise<void> {
  await commande([
    ...["user", "create", NORA.identifiant, "--email", NORA.adresse, "--prenom", "Nora", "--nom", "Lefort"],
    ...["--role", "bailleur", "--siren", "999087018", ...INTERVENTION],
  ]);
  await commande(
    [
      ...["user", "create", SAM.identifiant, "--email", "sam.vidal@example.org", "--prenom", "Sam", "--nom", "Vidal"],
      ...["--staff", "--mot-de-passe", ...INTERVENTION],
    ],
    SAM.secret,
  );
}

/** The page as it is: nothing to say against it, and it holds in the width of a telephone. */
async function verifier(page: Page): Promise<void> {
  await expectAccessible(page);
  const debord = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect.soft(debord, `sideways scroll of ${page.url()}`).toBeLessThanOrEqual(0);
}

const titre = (page: Page, nom: string | RegExp) => page.getByRole("heading", { level: 1, name: nom });

/** Fills the form of the sign-in and sends it. */
async function entrer(page: Page, identifiant: string, secret: string): Promise<void> {
  const formulaire = page.getByRole("form", { name: "Connexion" });
  await formulaire.getByLabel("Identifiant ou adresse électronique").fill(identifiant);
  await formulaire.getByLabel("Mot de passe", { exact: true }).fill(secret);
  await formulaire.getByRole("button", { name: "Se connecter" }).click();
}

/** Asks for a link and follows the one of the e-mail, the last one in the mailbox of development. */
async function demanderUnLien(page: Page, local: Serveur, identifiant: string): Promise<void> {
  const avant = await messages(page, local);
  await page.goto(`${local.adresse}/connexion`);
  await page.getByRole("link", { name: "Mot de passe oublié" }).click();
  await expect(titre(page, "Mot de passe oublié")).toBeVisible();
  await verifier(page);
  await page.getByLabel("Identifiant ou adresse électronique").fill(identifiant);
  await page.getByRole("button", { name: "Recevoir un lien" }).click();
  await expect(titre(page, "Consultez vos courriels")).toBeVisible();
  await verifier(page);
  // The e-mail leaves in the background.
  await expect.poll(() => messages(page, local), { timeout: 60_000 }).toBeGreaterThan(avant);
  await page.goto(`${local.adresse}/__dev/mails`);
  await expect(page.getByRole("listitem").filter({ hasText: NORA.adresse })).not.toHaveCount(0);
  await verifier(page);
  await page.goto(await derniereAdresse(page, local));
  await expect(titre(page, "Choisissez un nouveau mot de passe")).toBeVisible();
  await expect(page, "the secret leaves the address").not.toHaveURL(/#/);
}

/** How many e-mails Nora has received. */
async function messages(page: Page, local: Serveur): Promise<number> {
  const boite = await page.request.get(`${local.adresse}/__dev/mails`);
  expect(boite.status()).toBe(200);
  return (await boite.text()).split(NORA.adresse).length - 1;
}

/** The link of the last e-mail to Nora, as she could have kept it. */
async function derniereAdresse(page: Page, { adresse }: Serveur): Promise<string> {
  const liste = await (await page.request.get(`${adresse}/__dev/mails`)).text();
  // The page of a message frames it without any script, which nothing that looks at a page from within stands.
  const message = /href="(\/__dev\/mails\/[^"/]+)">/.exec(liste.slice(liste.indexOf('class="messages"')))?.[1] ?? "";
  const corps = await (await page.request.get(adresse + message)).text();
  return /http[^"<\s]+reinitialiser#[\w-]+/.exec(corps)?.[0] ?? "";
}

async function choisir(page: Page, secret: string, confirmation = secret): Promise<void> {
  const formulaire = page.getByRole("form", { name: "Nouveau mot de passe" });
  await formulaire.getByLabel(/^Nouveau mot de passe/).fill(secret);
  await formulaire.getByLabel(/^Le même, pour vérifier/).fill(confirmation);
  await formulaire.getByRole("button", { name: "Enregistrer le mot de passe" }).click();
}

test("sans CERBERE : premier mot de passe, oubli, blocage, puis compte désactivé", async ({
  browser,
  local,
  bailleur: nora,
  instructeur: sam,
}) => {
  test.setTimeout(600_000);
  const premier = "violon trempé sous la grange";
  const second = "trois lanternes au fond du puits";
  const main = nora.getByRole("main");
  await nora.setViewportSize({ width: 375, height: 812 });

  await test.step("l’équipe crée le compte ; Nora reçoit le lien de son premier mot de passe", async () => {
    await creerLesComptes(local);
    await nora.goto(`${local.adresse}/conventions`);
    await expect(titre(nora, "Connexion")).toBeVisible();
    await expect(nora).toHaveURL(/\/connexion\?next=%2Fconventions$/);
    await verifier(nora);
    await entrer(nora, NORA.identifiant, "");
    await expect(main.getByText("Saisissez votre mot de passe.")).toBeVisible();
    await verifier(nora);
    await demanderUnLien(nora, local, NORA.identifiant);
    await verifier(nora);
  });

  await test.step("un mot de passe faible est refusé, et le lien sert encore", async () => {
    for (const { secret, confirmation, dit } of [
      { secret: "court", confirmation: "court", dit: /au moins 12 caractères/ },
      { secret: premier, confirmation: "autre chose de long", dit: /Les deux saisies diffèrent/ },
      { secret: "norNora.Lefort1", confirmation: undefined, dit: /ressemble trop à votre nom/ },
      { secret: "motdepasse2026", confirmation: undefined, dit: /que l’on essaie en premier/ },
    ]) {
      await choisir(nora, secret, confirmation);
      await expect(main.getByText(dit)).toBeVisible();
      await verifier(nora);
    }
    await choisir(nora, premier);
    await expect(titre(nora, "Votre mot de passe est changé")).toBeVisible();
    await verifier(nora);
    await main.getByRole("link", { name: "Se connecter" }).click();
    await entrer(nora, NORA.identifiant, premier);
    await expect(titre(nora, /^À faire/)).toBeVisible();
    await verifier(nora);
  });

  await test.step("elle l’oublie : un autre lien ferme ses sessions, et ne sert qu’une fois", async () => {
    const telephone = await browser.newContext({ viewport: { width: 375, height: 812 } });
    const ailleurs = await telephone.newPage();
    await demanderUnLien(ailleurs, local, NORA.adresse);
    const lien = await derniereAdresse(ailleurs, local);
    await choisir(ailleurs, second);
    await expect(titre(ailleurs, "Votre mot de passe est changé")).toBeVisible();
    await ailleurs.goto("about:blank"); // from the e-mail again, not from our own page
    await ailleurs.goto(lien);
    await choisir(ailleurs, premier);
    await expect(titre(ailleurs, "Ce lien n’est plus utilisable")).toBeVisible();
    await verifier(ailleurs);
    await telephone.close();

    await nora.goto(`${local.adresse}/parametres`);
    await expect(titre(nora, "Connexion")).toBeVisible();
    await entrer(nora, NORA.adresse, premier);
    await expect(main.getByText(/n’est pas le bon/)).toBeVisible();
    await verifier(nora);
    await entrer(nora, NORA.adresse, second);
    await expect(nora, "back to the page that was asked").toHaveURL(/\/parametres$/);
    await expect(nora.getByRole("heading", { level: 1 })).toBeVisible();
    await verifier(nora);
  });

  await test.step("cinq échecs bloquent la connexion ; l’équipe la débloque", async () => {
    await nora.context().clearCookies();
    await nora.goto(`${local.adresse}/connexion`);
    for (let echec = 1; echec <= 5; echec += 1) {
      await entrer(nora, NORA.identifiant, `pas le bon ${echec}`);
      await expect(main.getByText(/n’est pas le bon/)).toBeVisible();
      await expect(main.getByLabel("Mot de passe", { exact: true }), "the wrong password is erased").toHaveValue("");
    }
    await entrer(nora, NORA.identifiant, second);
    await expect(main.getByRole("heading", { name: "La connexion est bloquée pour un moment" })).toBeVisible();
    await expect(main.getByText(/Réessayez dans 6 heures, ou réinitialisez votre mot de passe/)).toBeVisible();
    await verifier(nora);

    await sam.goto(`${local.adresse}/connexion?next=/admin/utilisateurs`);
    await entrer(sam, SAM.identifiant, SAM.secret);
    await expect(titre(sam, "Utilisateurs")).toBeVisible();
    await expectAccessible(sam);
    await sam.getByRole("searchbox").fill("lefort");
    await sam.getByRole("button", { name: "Rechercher" }).click();
    await sam.getByRole("link", { name: NORA.nom }).click();
    await expect(sam.getByText(/^Connexion bloquée jusqu’au/)).toBeVisible();
    await expectAccessible(sam);
    await sam.getByRole("button", { name: "Débloquer" }).click();
    const dialogue = sam.getByRole("dialog");
    await dialogue.getByRole("textbox", { name: "Motif" }).fill("Elle vient d’appeler");
    await expectAccessible(sam);
    await dialogue.getByRole("button", { name: "Débloquer" }).click();
    await expect(sam.getByText(/^Connexion bloquée jusqu’au/)).toHaveCount(0);

    await entrer(nora, NORA.identifiant, second);
    await expect(titre(nora, /^À faire/)).toBeVisible();
  });

  await test.step("son compte est désactivé : sa page le dit, et la connexion lui est refusée", async () => {
    await nora.goto(`${local.adresse}/conventions?statut=PROJET`);
    await expect(titre(nora, "Conventions et avenants")).toBeVisible();
    await sam.getByRole("button", { name: "Désactiver le compte" }).click();
    const dialogue = sam.getByRole("dialog");
    await dialogue.getByRole("textbox", { name: /^Motif/ }).fill("Départ de la personne");
    await expectAccessible(sam);
    await dialogue.getByRole("button", { name: "Désactiver le compte" }).click();
    await expect(sam.getByText(`Le compte de ${NORA.nom} est modifié.`).first()).toBeVisible();
    await expectAccessible(sam);

    // Told by the live updates of the page, or by the next thing she does: whichever comes first.
    const fin = nora.getByRole("dialog", { name: "Votre session est terminée" });
    await expect(async () => {
      if (!(await fin.isVisible())) await main.getByRole("link", { name: "Toutes" }).first().click({ timeout: 5_000 });
      await expect(fin).toBeVisible({ timeout: 10_000 });
    }).toPass({ timeout: 60_000 });
    await verifier(nora);
    await fin.getByRole("button", { name: "Se reconnecter" }).click();
    await expect(titre(nora, "Connexion")).toBeVisible();
    await entrer(nora, NORA.identifiant, second);
    await expect(main.getByText(/n’est pas le bon/), "said as for anybody unknown").toBeVisible();
    await verifier(nora);
  });
});
