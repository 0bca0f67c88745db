import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./base";
import { seConnecter, type Visiteur } from "./visiteur";

/** Administration centrale: may change the administration of the deposit. */
const SOPHIE: Visiteur = { login: "sophie.bernard@example.org", nom: "Sophie Bernard" };
/** Association HLM: sees it, changes nothing. */
const YANN: Visiteur = { login: "yann.perrot@example.org", nom: "Yann Perrot" };

/** A commune that nothing else publishes, in the département of the perimeter below. */
const COMMUNE = { code: "87018", nom: "Blond" };

const ENTETE =
  "id_ban_commune;id_ban_toponyme;id_ban_adresse;cle_interop;commune_insee;commune_nom;commune_deleguee_insee;commune_deleguee_nom;voie_nom;lieudit_complement_nom;numero;suffixe;position;x;y;long;lat;cad_parcelles;source;date_der_maj;certification_commune";

/** One street with `nombre` addresses in version 1.4; `change` spoils some of its lines, counted from 1. */
function rue(nombre: number, change: (ligne: string, numero: number) => string = (ligne) => ligne): Buffer {
  const lignes = Array.from({ length: nombre }, (_, rang) => {
    const numero = rang + 1;
    const cle = `${COMMUNE.code}_0110_${String(numero).padStart(5, "0")}`;
    const ligne = `;;;${cle};${COMMUNE.code};${COMMUNE.nom};;;Rue des Lilas;;${numero};;entrée;;;1.02;46.05;;Commune;2024-03-12;1`;
    return change(ligne, numero);
  });
  return Buffer.from([ENTETE, ...lignes, ""].join("\r\n"));
}

const csv = (nom: string, contenu: Buffer) => ({ name: nom, mimeType: "text/csv", buffer: contenu });

const deposer = (page: Page, nom: string, contenu: Buffer) =>
  page.getByLabel(/^Fichier (d’adresses|des adresses)/).setInputFiles(csv(nom, contenu));

const verdict = (page: Page, texte: RegExp) => page.getByRole("heading", { level: 2, name: texte });

/** Chooses the option of a search field that carries this text. */
async function choisir(page: Page, champ: string | RegExp, texte: string, option: RegExp): Promise<void> {
  await page.getByRole("combobox", { name: champ }).fill(texte);
  await page.getByRole("option", { name: option }).first().click();
}

test("un fichier d’adresses se vérifie sans compte, et se corrige", async ({ page }) => {
  await page.goto("/bal/deposer");
  await expect(page.getByRole("heading", { level: 1, name: "Vérifier un fichier d’adresses" })).toBeVisible();
  await expectAccessible(page);

  // Line 4 of the spreadsheet is the third address.
  const fautif = rue(30, (ligne, numero) => (numero % 10 === 3 ? ligne.replace("2024-03-12", "12/03/2024") : ligne));
  await deposer(page, "blond.csv", fautif);
  await expect(verdict(page, /^Fichier refusé : 3.lignes à corriger sur 30\./)).toBeVisible();
  await expect(page.locator(":focus")).toContainText("Fichier refusé");

  await test.step("UX-50 : la première ligne fautive est nommée sans aucun clic", async () => {
    const groupe = page.getByRole("button", { name: /Date invalide.*lignes 4, 14 et 24/ });
    await expect(groupe).toHaveAttribute("aria-expanded", "true");
    const ligne = page.getByRole("row", { name: /3 Rue des Lilas/ }).first();
    await expect(ligne).toContainText("12/03/2024");
    await expect(ligne).toContainText("2024-03-12");
    await page.getByRole("button", { name: "Ligne 14" }).click();
    await expect(page.locator(":focus")).toContainText("14");
    await expectAccessible(page);
  });

  await test.step("le rapport et le fichier corrigé se téléchargent", async () => {
    const rapport = page.waitForEvent("download");
    await page.getByRole("button", { name: "Télécharger le rapport (CSV)" }).click();
    const lu = await readFile(await (await rapport).path(), "utf8");
    expect(lu).toContain("date_der_maj.date_invalide");

    const corrige = page.waitForEvent("download");
    await page.getByRole("button", { name: "Télécharger le fichier corrigé" }).click();
    const fichier = await corrige;
    expect(fichier.suggestedFilename()).toBe("blond-corrige.csv");
    expect(await readFile(await fichier.path(), "utf8")).not.toContain("12/03/2024");
  });

  await test.step("le fichier corrigé n’a plus ces erreurs", async () => {
    await page.getByRole("button", { name: "Vérifier le fichier corrigé" }).click();
    await expect(page.getByText("Date invalide")).toHaveCount(0);
    await expectAccessible(page);
  });

  await test.step("un classeur renommé est refusé en mots simples", async () => {
    await page.getByRole("button", { name: "Choisir un autre fichier" }).click();
    await deposer(page, "classeur.csv", Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 255, 254, 1, 2]));
    await expect(verdict(page, /^Fichier illisible/)).toBeVisible();
    await expect(page.getByText(/Ce n’est pas un fichier texte/)).toBeVisible();
    await expectAccessible(page);
  });
});

test("l’administration crée un client, qui publie les adresses d’une commune", async ({ bailleur: agent, page }) => {
  test.setTimeout(240_000);
  let jeton = "";

  await test.step("Sophie crée un mandataire, un chef de file et son périmètre", async () => {
    await seConnecter(agent, SOPHIE);
    await agent
      .getByRole("navigation", { name: "Menu principal" })
      .getByRole("link", { name: "Dépôt des adresses" })
      .click();
    await expect(agent.getByRole("heading", { level: 1, name: "Clients" })).toBeVisible();
    await expectAccessible(agent);
    await agent.goto("/admin/depot/mandataires/nouveau");
    await agent.getByRole("button", { name: "Créer le mandataire" }).click();
    await expect(agent.getByRole("heading", { name: "2 points à corriger" })).toBeVisible();
    await expectAccessible(agent);
    await agent.getByLabel("Nom du mandataire (obligatoire)").fill("Agence des adresses");
    await agent.getByLabel("Adresse électronique (obligatoire)").fill("adresses@example.org");
    await agent.getByRole("button", { name: "Créer le mandataire" }).click();
    await expect(agent.getByRole("link", { name: "Agence des adresses" })).toBeVisible();
    await expectAccessible(agent);

    await agent.goto("/admin/depot/chefs-de-file/nouveau");
    await agent.getByLabel("Nom du chef de file (obligatoire)").fill("Département de la Haute-Vienne");
    await agent.getByLabel("Adresse électronique (obligatoire)").fill("chef@example.org");
    await choisir(agent, "Ajouter un territoire (nom ou code)", "haute-vi", /Haute-Vienne/);
    await expect(agent.getByText("Haute-Vienne (département 87)", { exact: true })).toBeVisible();
    await expectAccessible(agent);
    await agent.getByRole("button", { name: "Créer le chef de file" }).click();
    await expect(agent.getByRole("link", { name: "Département de la Haute-Vienne" })).toBeVisible();
  });

  await test.step("elle crée le client : son jeton n’est montré qu’une fois", async () => {
    await agent.goto("/admin/depot/clients");
    await agent.getByRole("link", { name: "Créer un client" }).first().click();
    await agent.getByLabel("Nom du client (obligatoire)").fill("Éditeur Adresse Plus");
    await choisir(agent, "Mandataire (obligatoire)", "agence", /Agence des adresses/);
    await choisir(agent, "Chef de file", "haute", /Haute-Vienne/);
    await expectAccessible(agent);
    await agent.getByRole("button", { name: "Créer le client" }).click();
    await expect(
      agent.getByRole("heading", { name: "Jeton du client Éditeur Adresse Plus", exact: true }),
    ).toBeVisible();
    jeton = (await agent.getByText(/^[A-Za-z0-9]{32}$/).textContent()) ?? "";
    await expectAccessible(agent);
    await agent.reload();
    await expect(agent.getByRole("heading", { level: 1, name: "Éditeur Adresse Plus" })).toBeVisible();
    await expect(agent.getByText(jeton)).toHaveCount(0);
    await expectAccessible(agent);
  });

  await test.step("UX-51 : deux clics du fichier à la version en vigueur", async () => {
    await page.goto(`/bal/communes/${COMMUNE.code}`);
    await expect(page.getByText("Aucune adresse publiée pour cette commune").first()).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("link", { name: "Déposer un premier fichier" }).click();
    await page.getByLabel(/^Jeton de votre client/).fill(jeton);
    await expect(page.getByText(/Éditeur Adresse Plus : publie dans le périmètre/)).toBeVisible();
    await expectAccessible(page);
    await deposer(page, "blond.csv", rue(40));
    await expect(verdict(page, /^Fichier accepté : 40.lignes/)).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Publier cette version" }).click();
    await expect(page.getByRole("dialog").getByText(/Première publication : 40.adresses/)).toBeVisible();
    await expectAccessible(page);
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^Publier 40.adresses/ })
      .click();
    await expect(verdict(page, /^Les adresses de Blond sont publiées/)).toBeVisible();
    await expectAccessible(page);
    expect(page.url()).not.toContain(jeton);
    expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).not.toContain(
      jeton,
    );
  });

  await test.step("la page publique la montre, avec son fichier et son rapport", async () => {
    await page.getByRole("link", { name: "Voir la page de la commune" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Blond (87018)" })).toBeVisible();
    await expect(page.getByText(/^40.adresses, publiées le/)).toBeVisible();
    await page.getByRole("button", { name: "Lire le rapport" }).click();
    await expect(page.getByText(/^Fichier accepté : 40.lignes/)).toBeVisible();
    await expectAccessible(page);
    const fichier = page.waitForEvent("download");
    await page.getByRole("link", { name: /^Télécharger le fichier/ }).click();
    expect((await readFile(await (await fichier).path())).equals(rue(40))).toBe(true);
    await page.goto("/bal?q=blond");
    await expect(page.getByRole("link", { name: "Blond" })).toBeVisible();
    await expectAccessible(page);
    await page.goto("/bal?q=introuvable");
    await expect(page.getByText("Aucune adresse publiée pour « introuvable »")).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("une perte de plus de 20 % se confirme par son nombre, de plus de 80 % est impossible", async () => {
    await page.goto(`/bal/communes/${COMMUNE.code}/deposer`);
    await page.getByLabel(/^Jeton de votre client/).fill(jeton);
    await deposer(page, "partiel.csv", rue(5));
    await expect(page.getByText(/^Publication impossible : 35.adresses sur 40 disparaîtraient\./)).toBeVisible();
    await expect(page.getByRole("button", { name: "Publier cette version" })).toHaveCount(0);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Choisir un autre fichier" }).click();
    await deposer(page, "reduit.csv", rue(25));
    await expect(page.getByText(/^15.adresses disparaîtraient sur 40/)).toBeVisible();
    await page.getByText("Voir les adresses concernées").click();
    await expect(page.getByText("26 Rue des Lilas")).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Publier cette version" }).click();
    const dialogue = page.getByRole("dialog");
    // Focusable though refused: it says what it waits for.
    await dialogue.getByRole("button", { name: /^Publier 25/ }).press("Enter");
    await expect(dialogue.getByText("Saisissez 15 pour confirmer.")).toBeVisible();
    await expectAccessible(page);
    await dialogue.getByLabel(/Nombre d’adresses qui disparaissent/).fill("15");
    await dialogue.getByRole("button", { name: /^Publier 25/ }).click();
    await expect(verdict(page, /sont publiées/)).toBeVisible();
  });

  await test.step("Sophie dépose avec sa session, sans jeton", async () => {
    await agent.goto(`/bal/communes/${COMMUNE.code}/deposer`);
    await expect(agent.getByText(/au nom de l’administration du service/)).toBeVisible();
    await deposer(agent, "agent.csv", rue(26));
    await expect(agent.getByText(/^1.adresse en plus/)).toBeVisible();
    await agent.getByRole("button", { name: "Publier cette version" }).click();
    await agent
      .getByRole("dialog")
      .getByRole("button", { name: /^Publier 26/ })
      .click();
    await expect(verdict(agent, /sont publiées/)).toBeVisible();
    await agent.getByRole("link", { name: "Voir la page de la commune" }).click();
    await expect(agent.getByRole("table", { name: "Versions publiées" }).getByRole("row")).toHaveCount(4);
    await expectAccessible(agent);
  });

  await test.step("un jeton remplacé ne dépose plus", async () => {
    await agent.goto("/admin/depot/clients?q=plus");
    await agent.getByRole("link", { name: "Éditeur Adresse Plus" }).click();
    await agent.getByRole("button", { name: "Remplacer le jeton" }).click();
    await expectAccessible(agent);
    await agent.getByRole("dialog").getByRole("button", { name: "Remplacer le jeton" }).click();
    await expect(
      agent.getByRole("heading", { name: "Jeton du client Éditeur Adresse Plus", exact: true }),
    ).toBeVisible();
    await page.goto(`/bal/communes/${COMMUNE.code}/deposer`);
    await page.getByLabel(/^Jeton de votre client/).fill(jeton);
    await expect(page.getByText(/^Authentification refusée\./)).toBeVisible();
    await expectAccessible(page);
  });
});

test("l’administration du dépôt n’existe pas pour une association", async ({ page }) => {
  await seConnecter(page, YANN);
  await expect(page.getByRole("link", { name: "Dépôt des adresses" })).toHaveCount(0);
  await page.goto("/admin/depot/clients");
  await expect(page.getByRole("heading", { level: 1, name: /introuvable|n’existe pas/i })).toBeVisible();
  await expectAccessible(page);
});

test("à 375 px, rien ne déborde et les pages restent accessibles, clair et sombre", async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 812 });
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    for (const adresse of ["/bal", "/bal/deposer", `/bal/communes/${COMMUNE.code}`]) {
      await page.goto(adresse);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectAccessible(page);
      const debord = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(debord, `sideways scroll of ${adresse}`).toBeLessThanOrEqual(0);
    }
    await page.goto("/bal/deposer");
    await deposer(
      page,
      "blond.csv",
      rue(12, (ligne) => ligne.replace("2024-03-12", "12/03/2024")),
    );
    await expect(verdict(page, /^Fichier refusé/)).toBeVisible();
    await expectAccessible(page);
    const debord = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(debord, "sideways scroll of a report").toBeLessThanOrEqual(0);
  }
});
