import { execFileSync } from "node:child_process";
import { expect, expectAccessible, test } from "./base";
import { MARIE, seConnecter, type Visiteur } from "./visiteur";

const SOPHIE: Visiteur = { login: "sophie.bernard@example.org", nom: "Sophie Bernard" };

/** Rights of the staff come from the command line, on the database of the run. */
function promouvoir(login: string): void {
  execFileSync(
    ".build/apilos",
    ["user", "promote", login, "--staff", "--run", "--acteur", "essai@example.org", "--motif", "Essai de navigateur"],
    {
      env: {
        ...process.env,
        ENVIRONMENT: "test",
        DATABASE_URL: process.env.E2E_DATABASE_URL,
        DATA_DIR: process.env.E2E_DATA_DIR,
      },
    },
  );
}

test("l’assistance consulte en tant que Marie, qui le voit ensuite", async ({ page, bailleur: marie }) => {
  test.setTimeout(120_000);
  await seConnecter(marie, MARIE);
  await seConnecter(page, SOPHIE);
  promouvoir(SOPHIE.login);

  await test.step("elle choisit la personne et dit pourquoi", async () => {
    await page.goto("/admin/detournement");
    await page.getByRole("combobox", { name: "Personne" }).fill("durand");
    await page.getByRole("option", { name: /Marie Durand/ }).click();
    await page.getByRole("button", { name: "Ouvrir sa session en lecture" }).click();
    await expect(page.getByText(/Dites pourquoi, en 10 à 500 caractères/)).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("textbox", { name: "Motif" }).fill("Appel : ne trouve pas sa convention");
    await page.getByRole("button", { name: "Ouvrir sa session en lecture" }).click();
  });

  const bandeau = page.getByRole("region", { name: "Vous agissez à la place d’une personne" });
  await test.step("le bandeau rouge ne la quitte plus, et Arrêter suit les liens d’évitement", async () => {
    await expect(bandeau).toContainText("en tant que Marie Durand, sans pouvoir modifier");
    await expect(page).toHaveTitle(/^\[En tant que\] /);
    await expect(page.getByRole("banner").getByRole("link", { name: MARIE.nom }).first()).toBeVisible();
    await expectAccessible(page);
    const skips = await page.locator(".fr-skiplinks a").count();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    for (let i = 0; i <= skips; i++) await page.keyboard.press("Tab");
    await expect(bandeau.getByRole("button", { name: "Arrêter" })).toBeFocused();
  });

  await test.step("un autre onglet reste le sien", async () => {
    const autre = await page.context().newPage();
    await autre.goto("/parametres");
    await expect(autre.getByRole("banner").getByRole("link", { name: SOPHIE.nom }).first()).toBeVisible();
    await expect(autre.getByRole("region", { name: /à la place d’une personne/ })).toHaveCount(0);
    await autre.close();
  });

  await test.step("elle arrête, et revient à elle-même sur la même page", async () => {
    await page.goto("/parametres");
    await expect(bandeau).toBeVisible();
    await bandeau.getByRole("button", { name: "Arrêter" }).click();
    await expect(page.getByText("vous agissez de nouveau en votre nom")).toBeVisible();
    await expect(page).toHaveURL(/\/parametres$/);
    await expect(page.getByRole("banner").getByRole("link", { name: SOPHIE.nom }).first()).toBeVisible();
    await expect(bandeau).toHaveCount(0);
  });

  await test.step("Marie voit qui l’a consultée", async () => {
    await marie.goto("/parametres");
    const table = marie.getByRole("table", { name: "Qui a consulté mon compte" });
    await expect(table.getByRole("row", { name: /Sophie Bernard.*Consultation seule/ })).toBeVisible();
    await expectAccessible(marie);
  });
});
