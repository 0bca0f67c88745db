import type { Locator, Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./base";
import { actions, badge, confirmer, pdf } from "./gestes";
import { type Alerte, adressesDesAlertes, alertesAffichees, attendreAlertes } from "./siap";
import { LUC, MARIE, seConnecter } from "./visiteur";

/** An operation of the SIAP that nothing else opens, neither the demonstration nor another test. */
const OPERATION = { numero: "20250870005", nom: "Square des Émailleurs" };
const NOM_CORRIGE = "Résidence du square des Émailleurs";
const DE_L_OPERATION = /square des Émailleurs/i; // whatever its name of the moment
const ADRESSES = "1 square des Émailleurs\n3 square des Émailleurs";

const formulaire = (page: Page): Locator => page.getByRole("form", { name: "Opération" });

/** Comes back to the platform and opens what waits for the reader on our operation. */
async function ouvrirDepuisAFaire(page: Page): Promise<void> {
  await page.goto("/");
  const file = page.getByRole("region", { name: "Ce qui vous attend" });
  await file.getByRole("listitem").filter({ hasText: DE_L_OPERATION }).getByRole("link").click();
}

/** The authorization that the page sends, read on its own requests: what somebody would take to go around the form. */
function jetonDe(page: Page): () => string {
  let jeton = "";
  page.on("request", (request) => {
    jeton = request.headers().authorization ?? jeton;
  });
  return () => jeton;
}

const alerte = (libelle: string, nature: Alerte["nature"], pour: string, etat: Alerte["etat"] = "Active"): Alerte => ({
  libelle,
  nature,
  pour,
  etat,
});

// The table of 02 §5.2 in the order of AL-00. An action stays until the next transition (AL-03), an information for ever.
const SOUMISE = (etat?: Alerte["etat"]) => [
  alerte("Convention en instruction", "Information", "MO"),
  alerte("Convention à instruire", "Action", "SG", etat),
];
const A_CORRIGER = (etat?: Alerte["etat"]) => [
  alerte("Convention en correction", "Information", "SG"),
  alerte("Convention à corriger", "Action", "MO", etat),
];
const RENVOYEE = (etat?: Alerte["etat"]) => [
  alerte("Convention en instruction", "Information", "MO"),
  alerte("Convention à instruire à nouveau", "Action", "SG", etat),
];
const VALIDEE = (etat?: Alerte["etat"]) => [
  alerte("Convention validée à signer", "Action", "MO", etat),
  alerte("Convention validée à signer", "Action", "SG", etat),
];
const SIGNEE = [alerte("Convention signée", "Information", "MO+SG")];

test("une convention va de l’opération du SIAP à la signature, entre le bailleur et le service instructeur", async ({
  bailleur,
  instructeur,
}) => {
  test.setTimeout(600_000);
  const jeton = jetonDe(bailleur);
  let id = "";
  let numero = "";

  await test.step("chacun se connecte par CERBERE", async () => {
    await seConnecter(bailleur, MARIE);
    await expectAccessible(bailleur);
    await seConnecter(instructeur, LUC);
    await expectAccessible(instructeur);
  });

  await test.step("le bailleur ouvre l’opération et crée sa convention", async () => {
    await bailleur.getByRole("link", { name: "Nouvelle convention" }).first().click();
    await bailleur.getByRole("link", { name: "Depuis une opération du SIAP" }).click();
    await expect(bailleur.getByRole("heading", { level: 1, name: "Ouvrir une opération" })).toBeVisible();
    await bailleur.getByRole("searchbox", { name: "Numéro d’opération" }).fill(OPERATION.numero);
    await bailleur.getByRole("button", { name: "Rechercher" }).click();
    const resultat = bailleur.getByRole("link", { name: OPERATION.nom });
    await expect(resultat).toBeVisible();
    await expectAccessible(bailleur);
    await resultat.click();
    await expect(bailleur.getByRole("table", { name: "Conventions par financement" })).toBeVisible();
    await expectAccessible(bailleur);
    await bailleur.getByRole("button", { name: /^Créer la convention / }).click();
    await expect(bailleur).toHaveURL(/\/conventions\/[0-9a-f-]{36}\/etapes\/bailleur/);
    id = /conventions\/([0-9a-f-]{36})/.exec(bailleur.url())?.[1] ?? "";
  });

  await test.step("il complète l’étape Opération", async () => {
    const champs = formulaire(bailleur);
    await expectAccessible(bailleur);
    await bailleur.goto(`/conventions/${id}/etapes/operation`);
    await expect(champs.getByRole("textbox", { name: "Nom (obligatoire)" })).toHaveValue(OPERATION.nom);
    await expectAccessible(bailleur);
    await champs.getByRole("textbox", { name: "Adresses du ou des bâtiments" }).fill(ADRESSES);
    await champs.getByRole("textbox", { name: "Bureaux" }).fill("1");
    await actions(bailleur)
      .getByRole("button", { name: /^Enregistrer et / })
      .click();
    await expect(bailleur, "the next step that has a form").toHaveURL(
      new RegExp(`/conventions/${id}/etapes/financement`),
    );
    await bailleur.goto(`/conventions/${id}/recapitulatif`);
    await expect(
      bailleur.getByRole("region", { name: "Opération" }).getByText("3 square des Émailleurs"),
    ).toBeVisible();
    await expectAccessible(bailleur);
  });

  await test.step("il soumet au service", async () => {
    await confirmer(bailleur, /^Soumettre malgré \d+ points? bloquants?$/, "Les logements sont transmis par ailleurs.");
    await expect(bailleur.getByRole("heading", { level: 1, name: "Votre convention est partie" })).toBeVisible();
    await expectAccessible(bailleur);
    await attendreAlertes(bailleur.request, id, SOUMISE());
  });

  await test.step("l’instructeur commente un champ et demande des corrections", async () => {
    await ouvrirDepuisAFaire(instructeur);
    await expect(badge(instructeur, "À instruire")).toBeVisible();
    await instructeur
      .getByRole("region", { name: "Opération" })
      .getByRole("button", { name: "Commenter « Nom »" })
      .click();
    const fil = instructeur.getByRole("complementary", { name: "Nom" });
    await fil.getByRole("textbox", { name: "Votre commentaire" }).fill("Est-ce le nom complet de la résidence ?");
    await expectAccessible(instructeur);
    await fil.getByRole("button", { name: "Publier" }).click();
    await expect(fil.getByText("Est-ce le nom complet de la résidence ?")).toBeVisible();
    await expectAccessible(instructeur);
    await confirmer(instructeur, /^Demander des corrections/, "Un point à revoir.");
    await expect(badge(instructeur, "En correction")).toBeVisible();
    await expectAccessible(instructeur);
    await attendreAlertes(instructeur.request, id, [...SOUMISE("Supprimée"), ...A_CORRIGER()]);
  });

  await test.step("le bailleur ne peut corriger que le champ commenté", async () => {
    await ouvrirDepuisAFaire(bailleur);
    const corriger = bailleur.getByRole("link", { name: "Corriger le premier champ commenté" });
    await expect(corriger).toBeVisible();
    await expectAccessible(bailleur);
    await corriger.click();
    const champs = formulaire(bailleur);
    await expect(champs.getByRole("textbox")).toHaveCount(1);
    await expect(champs.getByRole("textbox", { name: "Nom (obligatoire)" })).toBeFocused();
    await expect(champs.getByRole("combobox")).toHaveCount(0);
    await expect(champs.getByRole("checkbox")).toHaveCount(0);
    await expect(champs.getByRole("group", { name: "Ville" })).toContainText("Non ouvert à la correction");
    await expectAccessible(bailleur);
  });

  await test.step("le serveur refuse les autres champs, même sans passer par le formulaire", async () => {
    const etape = `/api/v1/conventions/${id}/operation`;
    const headers = { Authorization: jeton() };
    const avant = await bailleur.request.get(etape, { headers });
    expect(avant.status()).toBe(200);
    const refus = await bailleur.request.put(etape, {
      headers: { ...headers, "If-Match": avant.headers().etag ?? "" },
      data: { nom: NOM_CORRIGE, ville: "Isle" },
    });
    expect(refus.status()).toBe(403);
    expect(refus.headers()["content-type"]).toContain("application/problem+json");
    expect(await refus.json()).toMatchObject({
      status: 403,
      errors: [{ pointer: "/ville", code: "CHAMP_NON_MODIFIABLE" }],
    });
    const apres = await bailleur.request.get(etape, { headers });
    expect(apres.headers().etag, "nothing was written").toBe(avant.headers().etag);
    expect((await apres.json()).valeurs).toEqual((await avant.json()).valeurs);
  });

  await test.step("il corrige et renvoie au service", async () => {
    await formulaire(bailleur).getByRole("textbox", { name: "Nom (obligatoire)" }).fill(NOM_CORRIGE);
    await formulaire(bailleur).getByRole("button", { name: "Enregistrer et marquer résolu" }).click();
    await expect(bailleur.getByRole("heading", { name: /^1 sur 1 commentaire traité/ })).toBeVisible();
    await expectAccessible(bailleur);
    await confirmer(bailleur, /^Renvoyer/, "C’est corrigé.");
    await expect(bailleur.getByRole("heading", { level: 1, name: "Vos corrections sont parties" })).toBeVisible();
    await expectAccessible(bailleur);
    await attendreAlertes(bailleur.request, id, [...SOUMISE("Supprimée"), ...A_CORRIGER("Supprimée"), ...RENVOYEE()]);
  });

  await test.step("l’instructeur vérifie, clôt le commentaire et valide avec le numéro proposé", async () => {
    await ouvrirDepuisAFaire(instructeur);
    const carte = instructeur.getByRole("region", { name: "Opération" });
    await expect(carte.getByText(NOM_CORRIGE)).toBeVisible();
    // « Vérifier les corrections » opens the thread of the first resolved comment.
    const fil = instructeur.getByRole("complementary", { name: "Nom" });
    await expect(fil.getByText("Résolu", { exact: true })).toBeVisible();
    await expectAccessible(instructeur);
    await fil.getByRole("button", { name: "Clore", exact: true }).click();
    await expect(fil.getByText("Clos", { exact: true })).toBeVisible();
    await expectAccessible(instructeur);

    await actions(instructeur).getByRole("link", { name: "Finaliser" }).click();
    const champ = instructeur.getByRole("textbox", { name: "Numéro de la convention" });
    await expect(champ).toHaveValue(/^87\.D\.\d{2}\.\d{4}$/);
    numero = await champ.inputValue();
    await expectAccessible(instructeur);
    await actions(instructeur).getByRole("button", { name: "Continuer" }).click();
    await expect(instructeur.getByRole("heading", { name: "Vérifier le document CERFA" })).toBeVisible();
    await expectAccessible(instructeur);
    await actions(instructeur).getByRole("button", { name: "Ces données sont correctes, continuer" }).click();
    await instructeur.getByRole("checkbox", { name: /^Je valide malgré/ }).check({ force: true });
    await instructeur.getByRole("textbox", { name: "Pourquoi valider malgré tout" }).fill("Vu avec le bailleur.");
    await expectAccessible(instructeur);
    await actions(instructeur).getByRole("button", { name: "Valider et envoyer" }).click();
    await expect(
      instructeur.getByRole("main").getByText(`La convention porte le n° ${numero} et attend sa signature.`),
    ).toBeVisible();
    await expect(badge(instructeur, "À signer")).toBeVisible();
    await expect(instructeur).toHaveURL(/\/recapitulatif$/);
    await expectAccessible(instructeur);
    await attendreAlertes(instructeur.request, id, [
      ...SOUMISE("Supprimée"),
      ...A_CORRIGER("Supprimée"),
      ...RENVOYEE("Supprimée"),
      ...VALIDEE(),
    ]);
  });

  await test.step("le bailleur dépose le document signé et indique la date", async () => {
    await ouvrirDepuisAFaire(bailleur);
    const depot = bailleur.getByLabel("Document signé par les deux parties");
    await expect(depot).toBeVisible();
    await expectAccessible(bailleur);
    await depot.setInputFiles({
      name: "convention_signee.pdf",
      mimeType: "application/pdf",
      buffer: pdf("Convention signee"),
    });
    await expect(bailleur.getByText(/^PDF, .*déposé par Marie Durand/)).toBeVisible();
    await expectAccessible(bailleur);
    await actions(bailleur).getByRole("button", { name: "Continuer" }).click();
    await expect(bailleur.getByRole("heading", { name: /^Prévisualiser le document/ })).toBeVisible();
    await expect(bailleur.getByTitle("Aperçu de convention_signee.pdf")).toBeVisible();
    await actions(bailleur).getByRole("button", { name: "Oui, indiquer la date" }).click();
    await expect(bailleur.getByLabel("Date de signature")).not.toHaveValue("");
    await expectAccessible(bailleur);
    await actions(bailleur).getByRole("button", { name: "Enregistrer la signature" }).click();
    await expect(bailleur.getByRole("heading", { level: 2, name: /signée le/i })).toBeVisible();
    await expect(badge(bailleur, "Finalisée")).toBeVisible();
  });

  await test.step("les deux parties voient la convention signée et son histoire", async () => {
    for (const page of [bailleur, instructeur]) {
      await page.goto(`/conventions/${id}/recapitulatif`);
      await expect(badge(page, "Finalisée")).toBeVisible();
      await expect(page.getByText(numero).first()).toBeVisible();
      await expectAccessible(page);
      await page
        .getByRole("navigation", { name: "Pages de cette convention" })
        .getByRole("link", { name: "Historique" })
        .click();
      await expect(
        page
          .getByRole("list", { name: /^Historique de la convention/ })
          .getByRole("listitem")
          .first(),
      ).toBeVisible();
      await expectAccessible(page);
    }
  });

  await test.step("le SIAP a reçu les alertes de chacun, dans l’ordre, et les montre", async () => {
    const toutes = [
      ...SOUMISE("Supprimée"),
      ...A_CORRIGER("Supprimée"),
      ...RENVOYEE("Supprimée"),
      ...VALIDEE("Supprimée"),
      ...SIGNEE,
    ];
    await attendreAlertes(instructeur.request, id, toutes);
    const recapitulatif = `/conventions/recapitulatif/${id}`;
    const document = `/conventions/preview/${id}`;
    expect(await adressesDesAlertes(instructeur.request, id)).toEqual([
      ...Array(6).fill(recapitulatif),
      ...Array(3).fill(document),
    ]);
    expect(await alertesAffichees(instructeur, DE_L_OPERATION)).toEqual([...toutes].reverse());
    await expectAccessible(instructeur);
    await instructeur
      .getByRole("region", { name: "Alertes reçues" })
      .getByRole("link", { name: "Convention signée" })
      .click();
    await expect(instructeur.getByRole("heading", { level: 2, name: /signée le/i })).toBeVisible();
    await expectAccessible(instructeur);
  });

  await test.step("le thème sombre garde le récapitulatif lisible", async () => {
    await bailleur.goto(`/conventions/${id}/recapitulatif`);
    await bailleur
      .getByRole("banner")
      .getByRole("button", { name: /^Paramètres d.affichage$/ })
      .click();
    await bailleur.getByRole("radio", { name: "Thème sombre" }).check({ force: true });
    await expect(bailleur.locator("html")).toHaveAttribute("data-fr-theme", "dark");
    await expectAccessible(bailleur);
    await bailleur.getByRole("dialog").getByRole("button", { name: "Fermer" }).click();
    await expect(bailleur.getByRole("dialog")).toBeHidden();
    await expectAccessible(bailleur);
  });
});
