import { expect, type Locator, type Page } from "@playwright/test";
import { expectAccessible } from "./base";

/** The bar of commands of a page. */
export const actions = (page: Page): Locator => page.getByRole("region", { name: "Actions de la page" });

/** The statut, as this side reads it. */
export const badge = (page: Page, statut: string): Locator =>
  page.getByRole("main").getByText(statut, { exact: true }).first();

/** Address of a convention, read on the page of its operation. */
export async function adresseDe(page: Page, operation: string, financement: string): Promise<string> {
  await page.goto(`/operations/${operation}`);
  const lien = page.getByRole("link", { name: `Ouvrir la convention ${financement}`, exact: true });
  await expect(lien).toBeVisible();
  const adresse = await lien.getAttribute("href");
  const uuid = /^\/conventions\/([0-9a-f-]{36})/.exec(adresse ?? "")?.[1];
  expect(uuid, `address of the convention of ${operation}`).toBeDefined();
  return `/conventions/${uuid}`;
}

/** A command of the page, confirmed with a message in its dialog, whose button carries the same verb. */
export async function confirmer(page: Page, commande: RegExp, message: string): Promise<void> {
  await actions(page).getByRole("button", { name: commande }).click();
  const dialogue = page.getByRole("dialog");
  await expect(dialogue).toBeVisible();
  await dialogue.getByRole("textbox").fill(message);
  await expectAccessible(page);
  await dialogue.getByRole("button", { name: commande }).click();
}

/** A PDF of one page, as small as they come. */
export function pdf(texte: string): Buffer {
  const contenu = `BT /F1 16 Tf 60 760 Td (${texte}) Tj ET`;
  const objets = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${contenu.length} >>\nstream\n${contenu}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let corps = "%PDF-1.4\n";
  const debuts = objets.map((objet, rang) => {
    const debut = corps.length;
    corps += `${rang + 1} 0 obj\n${objet}\nendobj\n`;
    return `${String(debut).padStart(10, "0")} 00000 n \n`;
  });
  const table = `xref\n0 ${objets.length + 1}\n0000000000 65535 f \n${debuts.join("")}`;
  const fin = `trailer << /Size ${objets.length + 1} /Root 1 0 R >>\nstartxref\n${corps.length}\n%%EOF\n`;
  return Buffer.from(corps + table + fin, "latin1");
}
