import { expect, type Page } from "@playwright/test";

/** Somebody of the SIAP scenario: CERBERE knows them by their login, the platform shows their name. */
export type Visiteur = { login: string; nom: string };

/** Bailleur, Porcelaine Habitat. */
export const MARIE: Visiteur = { login: "marie.durand@example.org", nom: "Marie Durand" };
/** Instructeur, DDT de la Haute-Vienne. */
export const LUC: Visiteur = { login: "luc.martin@example.org", nom: "Luc Martin" };
/** Bailleur, Armor Toit. */
export const SOLENE: Visiteur = { login: "solene.legoff@example.org", nom: "Solène Le Goff" };
/** Instructeur, Rennes Métropole. */
export const CLAIRE: Visiteur = { login: "claire.lebreton@example.org", nom: "Claire Le Breton" };
/** Bailleur, Calanques Habitat. */
export const NADIA: Visiteur = { login: "nadia.benali@example.org", nom: "Nadia Benali" };
/** One habilitation of each side, and two more. */
export const CAMILLE: Visiteur = { login: "camille.robin@example.org", nom: "Camille Robin" };

/** Where somebody signed in arrives: what waits for them. The figure, when there is one, follows in parentheses. */
export const TITRE_ACCUEIL = /^À faire/;

/** Signs in from the public home page, through the people listed by the CERBERE simulator. */
export async function seConnecter(page: Page, visiteur: Visiteur): Promise<void> {
  await page.goto("/");
  await page.getByRole("main").getByRole("button", { name: "Se connecter" }).first().click();
  await choisirDansCerbere(page, visiteur);
  await expect(page.getByRole("heading", { level: 1, name: TITRE_ACCUEIL })).toBeVisible();
  await expect(page.getByRole("banner").getByRole("link", { name: visiteur.nom }).first()).toBeVisible();
}

/** On the page of CERBERE: the card of the visitor, told apart by the e-mail it carries. */
export async function choisirDansCerbere(page: Page, visiteur: Visiteur): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name: "Qui êtes-vous ?" })).toBeVisible();
  await page.getByRole("button", { name: visiteur.login }).click();
}

/** Works under another habilitation, from its page: `nom` is its role and entity, "Instructeur, DDT de la Haute-Vienne". */
export async function choisirHabilitation(page: Page, nom: string): Promise<void> {
  await page.goto("/habilitations");
  await page.getByRole("button", { name: `Travailler avec cette habilitation : ${nom}` }).click();
  await expect(page.getByRole("heading", { level: 1, name: TITRE_ACCUEIL })).toBeVisible();
}
