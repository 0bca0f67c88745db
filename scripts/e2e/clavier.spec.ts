import { expect, test } from "./base";
import { Clavier } from "./clavier";
import { actions } from "./gestes";
import { NADIA, TITRE_ACCUEIL } from "./visiteur";

/** A complete project of the demonstration that no other test writes in. */
const PROJET = "Compléter : Les terrasses de l'Estaque, PLAI";

test("sans souris : de la connexion à la soumission d’un dossier complet", async ({ page }) => {
  test.setTimeout(300_000);
  const clavier = new Clavier(page);
  const main = page.getByRole("main");
  const h1 = page.getByRole("heading", { level: 1 });

  await test.step("elle se connecte", async () => {
    await page.goto("/");
    await expect(h1).toBeVisible();
    await page.keyboard.press("Tab");
    await expect(
      page.getByRole("link", { name: "Contenu", exact: true }),
      "the first stop is a way past",
    ).toBeFocused();
    await page.keyboard.press("Enter");
    await clavier.activer(main.getByRole("button", { name: "Se connecter" }).first());
    await expect(page.getByRole("heading", { level: 1, name: "Qui êtes-vous ?" })).toBeVisible();
    await clavier.activer(page.getByRole("button", { name: NADIA.login }));
    await expect(page.getByRole("heading", { level: 1, name: TITRE_ACCUEIL })).toBeVisible();
  });

  await test.step("la file d’attente suit les liens d’évitement", async () => {
    await clavier.activer(page.getByRole("link", { name: "Ce qui vous attend", exact: true }));
    await page.keyboard.press("Tab");
    await expect(main.getByRole("link", { name: PROJET })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(main.getByRole("progressbar", { name: "Complétude" })).toBeVisible();
    await expect(h1, "a new page is read from its title").toBeFocused();
  });

  await test.step("elle complète une étape", async () => {
    await clavier.activer(main.getByRole("link", { name: "Modifier l’étape Opération" }));
    const formulaire = page.getByRole("form", { name: "Opération" });
    await expect(formulaire).toBeVisible();
    await expect(h1).toBeFocused();
    await clavier.saisir(formulaire.getByRole("textbox", { name: "Bureaux" }), "abc");
    await clavier.activer(actions(page).getByRole("button", { name: "Enregistrer et suivant" }));
    const refus = main.getByRole("region", { name: "1 point à corriger" });
    await expect(refus).toBeFocused();
    await clavier.activer(refus.getByRole("link").first());
    await expect(formulaire.getByRole("textbox", { name: "Bureaux" }), "the summary leads to the field").toBeFocused();
    await clavier.saisir(formulaire.getByRole("textbox", { name: "Bureaux" }), "2");
    await clavier.activer(actions(page).getByRole("button", { name: "Enregistrer et suivant" }));
    await expect(page).toHaveURL(/\/etapes\/financement/);
    await expect(h1).toBeFocused();
    await clavier.activer(
      main.getByRole("navigation", { name: "Étapes du dossier" }).getByRole("link", { name: "Récapitulatif" }),
    );
    await expect(main.getByRole("link", { name: "Modifier l’étape Opération" })).toBeVisible();
    await expect(h1).toBeFocused();
  });

  await test.step("le dialogue garde le focus, puis le rend", async () => {
    const soumettre = actions(page).getByRole("button", { name: /^Soumettre/ });
    await clavier.activer(soumettre);
    const dialogue = page.getByRole("dialog");
    await expect(dialogue).toBeVisible();
    await expect(dialogue.locator(":focus")).toHaveCount(1);
    for (const touche of ["Tab", "Shift+Tab"]) {
      for (let pas = 0; pas < 8; pas += 1) {
        await page.keyboard.press(touche);
        await expect(dialogue.locator(":focus"), "nothing behind a dialog is reached").toHaveCount(1);
      }
    }
    await page.keyboard.press("Escape");
    await expect(dialogue).toBeHidden();
    await expect(soumettre, "the focus comes back to the button that asked").toBeFocused();
  });

  await test.step("elle soumet", async () => {
    await page.keyboard.press("Enter");
    const dialogue = page.getByRole("dialog");
    await expect(dialogue).toBeVisible();
    await clavier.activer(dialogue.getByRole("button", { name: /^Soumettre/ }));
    await expect(page.getByRole("heading", { level: 1, name: "Votre convention est partie" })).toBeFocused();
  });
});
