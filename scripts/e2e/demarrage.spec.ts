import { expect, expectAccessible, test } from "./base";

test("la plateforme est prête et le dit", async ({ request }) => {
  for (const path of ["/sante/vie", "/sante/pret", "/healthz", "/readyz"]) {
    const response = await request.get(path);
    expect(response.status(), path).toBe(200);
  }
});

test("un visiteur arrive sur une page en français, accessible, sans message dans la console", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page).toHaveTitle(/APiLos/);
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");
  await expectAccessible(page);
});

test("une adresse inconnue donne une page qui aide, pas une page blanche", async ({ page }) => {
  await page.goto("/cette-page-n-existe-pas");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});
