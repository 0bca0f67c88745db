import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./base";
import { actions, adresseDe, badge, confirmer, pdf } from "./gestes";
import { CLAIRE, SOLENE, seConnecter } from "./visiteur";

/** A complete project of the demonstration that no other test writes in, and what its avenant changes. */
const OPERATION = "20240350001";
const FINANCEMENT = "PLAI";
const SIGNATAIRE = "Camille Lavergne";

const uuidDe = (page: Page): string => /conventions\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? "";

/** A step of the form, by its name. */
const formulaire = (page: Page, etape: string) => page.getByRole("form", { name: etape });

/** Deposits the signed document of the page of signature and gives its date. */
async function signer(page: Page, uuid: string): Promise<void> {
  await page.goto(`/conventions/${uuid}/signature`);
  await page.getByLabel("Document signé par les deux parties").setInputFiles({
    name: "avenant_signe.pdf",
    mimeType: "application/pdf",
    buffer: pdf("Avenant signe"),
  });
  await expect(page.getByText(/^PDF, .*déposé par/)).toBeVisible();
  await actions(page).getByRole("button", { name: "Continuer" }).click();
  await actions(page).getByRole("button", { name: "Oui, indiquer la date" }).click();
  await actions(page).getByRole("button", { name: "Enregistrer la signature" }).click();
  await expect(page.getByRole("heading", { level: 2, name: /signée? le/i })).toBeVisible();
}

/** The three steps of the finalisation, with the number that the platform proposes. */
async function finaliser(page: Page, uuid: string): Promise<void> {
  await page.goto(`/conventions/${uuid}/recapitulatif`);
  await actions(page).getByRole("link", { name: "Finaliser" }).click();
  await expect(page.getByRole("textbox", { name: /^Numéro de (l’avenant|la convention)/ })).not.toHaveValue("");
  await actions(page).getByRole("button", { name: "Continuer" }).click();
  await actions(page).getByRole("button", { name: "Ces données sont correctes, continuer" }).click();
  const malgre = page.getByRole("checkbox", { name: /^Je valide malgré/ });
  if (await malgre.count()) {
    await malgre.check({ force: true });
    await page.getByRole("textbox", { name: "Pourquoi valider malgré tout" }).fill("Vu avec le bailleur.");
  }
  await expectAccessible(page);
  await actions(page).getByRole("button", { name: "Valider et envoyer" }).click();
  await expect(badge(page, "À signer")).toBeVisible();
}

test("une convention signée est amendée, comparée, corrigée, signée, amendée encore, puis dénoncée", async ({
  bailleur,
  instructeur,
}) => {
  test.setTimeout(600_000);
  let racine = "";
  let avenant = "";

  await test.step("chacun se connecte, et la convention est signée", async () => {
    await seConnecter(bailleur, SOLENE);
    await seConnecter(instructeur, CLAIRE);
    const adresse = await adresseDe(bailleur, OPERATION, FINANCEMENT);
    racine = adresse.replace("/conventions/", "");
    await bailleur.goto(`${adresse}/recapitulatif`);
    await confirmer(bailleur, /^Soumettre/, "Voici notre convention.");
    await expect(bailleur.getByRole("heading", { level: 1, name: "Votre convention est partie" })).toBeVisible();
    await finaliser(instructeur, racine);
    await signer(bailleur, racine);
    await bailleur.goto(adresse);
    await expect(bailleur.getByRole("heading", { level: 2, name: "Vie de la convention" })).toBeVisible();
    await expectAccessible(bailleur);
  });

  await test.step("il crée un avenant qui change le bailleur et la durée", async () => {
    await bailleur.getByRole("button", { name: "Créer un avenant" }).click();
    const dialogue = bailleur.getByRole("dialog");
    await dialogue.getByRole("checkbox", { name: "Bailleur" }).check({ force: true });
    await dialogue.getByRole("checkbox", { name: "Durée et financement" }).check({ force: true });
    await expectAccessible(bailleur);
    await dialogue.getByRole("button", { name: "Créer l’avenant" }).click();
    await expect(bailleur.getByRole("heading", { name: /Que modifie cet avenant/ })).toBeVisible();
    avenant = uuidDe(bailleur);
    expect(avenant).not.toBe(racine);
    await expectAccessible(bailleur);
  });

  await test.step("il remplit les deux étapes ouvertes", async () => {
    await bailleur.goto(`/conventions/${avenant}/etapes/bailleur`);
    await formulaire(bailleur, "Bailleur")
      .getByRole("textbox", { name: /^Nom du signataire/ })
      .fill(SIGNATAIRE);
    await expectAccessible(bailleur);
    await actions(bailleur)
      .getByRole("button", { name: /^Enregistrer et / })
      .click();
    await expect(bailleur).not.toHaveURL(/etapes\/bailleur/);
    await bailleur.goto(`/conventions/${avenant}/etapes/financement`);
    const fin = formulaire(bailleur, "Financement").getByLabel(/^Année de fin de la convention/);
    await fin.fill(String(Number(await fin.inputValue()) + 5));
    await expectAccessible(bailleur);
    await actions(bailleur)
      .getByRole("button", { name: /^Enregistrer et / })
      .click();
    await expect(bailleur).not.toHaveURL(/etapes\/financement/);
  });

  await test.step("la comparaison montre l’avant et l’après, et rien d’autre", async () => {
    await bailleur.goto(`/conventions/${avenant}/comparaison`);
    await expect(bailleur.getByRole("insertion").filter({ hasText: SIGNATAIRE })).toBeVisible();
    await expect(bailleur.getByText(/^2\schangements$/)).toBeVisible();
    await expectAccessible(bailleur);
  });

  await test.step("le service demande une correction, le bailleur la fait", async () => {
    await bailleur.goto(`/conventions/${avenant}/recapitulatif`);
    await confirmer(bailleur, /^Soumettre/, "Voici notre avenant.");
    await expect(bailleur.getByRole("heading", { level: 1, name: /parti/ })).toBeVisible();
    await instructeur.goto(`/conventions/${avenant}/recapitulatif?vue=instruction`);
    await instructeur.getByRole("button", { name: /^Commenter « Nom du signataire/ }).click();
    const fil = instructeur.getByRole("complementary", { name: /Nom du signataire/ });
    await fil.getByRole("textbox", { name: "Votre commentaire" }).fill("Avec son prénom d’usage ?");
    await fil.getByRole("button", { name: "Publier" }).click();
    await confirmer(instructeur, /^Demander des corrections/, "Un point à revoir.");
    await expect(badge(instructeur, "En correction")).toBeVisible();

    await bailleur.goto(`/conventions/${avenant}/etapes/bailleur`);
    const champs = formulaire(bailleur, "Bailleur");
    await champs.getByRole("textbox", { name: /^Nom du signataire/ }).fill(`${SIGNATAIRE}-Roux`);
    await champs.getByRole("button", { name: "Enregistrer et marquer résolu" }).click();
    await confirmer(bailleur, /^Renvoyer/, "C’est corrigé.");
    await expect(bailleur.getByRole("heading", { level: 1, name: /parties/ })).toBeVisible();
  });

  await test.step("le service valide, les parties signent", async () => {
    await finaliser(instructeur, avenant);
    await signer(bailleur, avenant);
    await bailleur.goto(`/conventions/${racine}`);
    await expect(bailleur.getByRole("link", { name: /Avenant n°\s*1/ }).first()).toBeVisible();
    await expectAccessible(bailleur);
  });

  await test.step("un deuxième avenant part de la version signée, puis est annulé", async () => {
    await bailleur.getByRole("button", { name: "Créer un avenant" }).click();
    const dialogue = bailleur.getByRole("dialog");
    await dialogue.getByRole("checkbox", { name: "Bailleur" }).check({ force: true });
    let creations = 0;
    bailleur.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith(`/conventions/${racine}/avenants`)) creations += 1;
    });
    // A double press is one action (ux §3): one avenant, and the page goes to its step.
    await dialogue.getByRole("button", { name: "Créer l’avenant" }).dblclick();
    await expect(bailleur).toHaveURL(/etapes\/bailleur/);
    expect(creations, "a double press is sent once").toBe(1);
    const signataire = formulaire(bailleur, "Bailleur").getByRole("textbox", { name: /^Nom du signataire/ });
    await expect(signataire, "the last version in force is copied").toHaveValue(`${SIGNATAIRE}-Roux`);
    const deuxieme = uuidDe(bailleur);
    await bailleur.goto(`/conventions/${deuxieme}/recapitulatif`);
    await actions(bailleur).getByRole("button", { name: "Autres actions" }).click();
    await confirmer(bailleur, /^Annuler/, "Finalement inutile.");
    await expect(badge(bailleur, /* masculine */ "Annulé en suivi")).toBeVisible();
  });

  await test.step("le bailleur dénonce la convention, le service valide : toute la famille prend fin", async () => {
    await bailleur.goto(`/conventions/${racine}?vue=ensemble`);
    await bailleur.getByRole("button", { name: "Dénoncer la convention" }).click();
    await expectAccessible(bailleur);
    await bailleur.getByRole("dialog").getByRole("button", { name: "Commencer la demande" }).click();
    await expect(bailleur).toHaveURL(/etapes\/denonciation/);
    const denonciation = uuidDe(bailleur);
    const champs = formulaire(bailleur, "Dénonciation");
    await champs.getByLabel(/^Date de dénonciation/).fill("2066-06-30");
    await champs.getByRole("textbox", { name: /^Motif/ }).fill("Vente de la résidence.");
    await expectAccessible(bailleur);
    await actions(bailleur)
      .getByRole("button", { name: /^Enregistrer et / })
      .click();
    await expect(bailleur).toHaveURL(/recapitulatif/);
    await confirmer(bailleur, /^Soumettre/, "Notre demande.");

    await instructeur.goto(`/conventions/${denonciation}/recapitulatif`);
    await actions(instructeur)
      .getByRole("button", { name: /^Valider la dénonciation/ })
      .click();
    const dialogue = instructeur.getByRole("dialog");
    await expect(dialogue.getByRole("list", { name: "Ce qui prend fin" }).getByRole("listitem")).toHaveCount(3);
    const numero = /Saisissez (\S+) pour confirmer/.exec((await dialogue.textContent()) ?? "")?.[1] ?? "";
    await dialogue.getByRole("textbox", { name: /^Numéro de la convention/ }).fill(numero);
    await expectAccessible(instructeur);
    await dialogue.getByRole("button", { name: /dénon|Mettre fin/i }).click();
    await expect(badge(instructeur, "Dénoncée")).toBeVisible();
    for (const uuid of [racine, avenant]) {
      await bailleur.goto(`/conventions/${uuid}/recapitulatif`);
      await expect(badge(bailleur, "Dénoncée")).toBeVisible();
      await expect(bailleur.getByText(/prévue le 30\/06\/2066|30 juin 2066/).first()).toBeVisible();
      await expectAccessible(bailleur);
    }
  });
});
