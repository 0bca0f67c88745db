import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./base";
import { Clics } from "./clics";
import { adresseDe } from "./gestes";
import { CLAIRE, LUC, MARIE, seConnecter, type Visiteur } from "./visiteur";

/**
 * The targets of comfort, each counted on the demonstration data. Tests that only read come first: the next ones change,
 * each, a convention that no other test touches.
 */

/** Bailleur of Les Tilleuls too, but read-only. */
const JULIEN: Visiteur = { login: "julien.faure@example.org", nom: "Julien Faure" };
/** Instructeur in Marseille. */
const KARIM: Visiteur = { login: "karim.haddad@example.org", nom: "Karim Haddad" };

const OPERATIONS = {
  tilleuls: "20240870001",
  pont: "20240870002",
  couzeix: "20250870004",
  marseille: "20240130001",
} as const;

const ORDINATEUR = { width: 1280, height: 900 };
const TELEPHONE = { width: 375, height: 812 };

// --- Read only -----------------------------------------------------------------------------------------------

test("UX-31 : le lecteur ne rencontre aucune commande qui écrit, et une seule phrase dit pourquoi", async ({
  page,
}) => {
  test.setTimeout(120_000);
  await seConnecter(page, JULIEN);
  const ecritures: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    // The session lives on, and the preview of a signed file asks for its one-use address: neither touches a convention.
    const lecture =
      ["/api/v1/auth/refresh", "/api/v1/telechargements"].includes(pathname) ||
      pathname.startsWith("/api/v1/moi/lectures/"); // what was read is the reader's own
    if (request.method() !== "GET" && !lecture) ecritures.push(`${request.method()} ${pathname}`);
  });

  await expect(page.getByRole("heading", { name: "Rien n’attend d’action de votre part" })).toBeVisible();
  await expect(page.getByRole("table", { name: "Conventions et avenants" })).toBeVisible();
  await lectureSeule(page, "accueil");
  for (const [statut, operation, financement] of STATUTS) {
    await test.step(`${statut} : ${operation}, ${financement}`, async () => {
      await page
        .getByRole("navigation", { name: "Menu principal" })
        .getByRole("link", { name: "Conventions et avenants" })
        .click();
      await expect(page.getByRole("heading", { level: 1, name: "Conventions et avenants" })).toBeVisible();
      const ligne = page.getByRole("table").getByRole("link", { name: `${operation} (${financement})` });
      await expect(ligne).toBeVisible();
      await lectureSeule(page, "liste");
      await ligne.click();
      const main = page.getByRole("main");
      const menu = page.getByRole("navigation", { name: "Pages de cette convention" });
      await expect(menu).toBeVisible();
      await expect(main.getByText(statut, { exact: true }).first()).toBeVisible();
      for (const { nom, contenu } of [
        { nom: "Vue d’ensemble", contenu: main.getByRole("list", { name: /^Vie de la convention/ }) },
        { nom: "Document", contenu: main.getByRole("heading", { level: 2, name: "Document en vigueur" }) },
        { nom: "Récapitulatif", contenu: main.getByRole("button", { name: "Bailleur", exact: true }) },
        { nom: "Informations détaillées", contenu: main.getByRole("button", { name: "Bailleur", exact: true }) },
        { nom: "Signature", contenu: main.getByRole("heading", { level: 2 }).first() },
        { nom: "Historique", contenu: main.getByRole("list", { name: /^Historique de la convention/ }) },
      ]) {
        const lien = menu.getByRole("link", { name: nom, exact: true });
        if ((await lien.count()) === 0) continue; // no signature before the validation
        await lien.click();
        await expect(lien).toHaveAttribute("aria-current", "page");
        await expect(contenu).toBeVisible();
        await lectureSeule(page, `${statut}, ${nom}`);
        const fil = main.getByRole("button", { name: PORTE }).first();
        if (nom === "Récapitulatif" && (await fil.count()) > 0) {
          await fil.click();
          await expect(page.getByRole("complementary").getByRole("article").first()).toBeVisible();
          await lectureSeule(page, `${statut}, commentaires`);
        }
      }
      const convention = /\/conventions\/[0-9a-f-]{36}/.exec(page.url())?.[0] ?? "";
      await page
        .getByRole("main")
        .getByRole("link", { name: /^n° \d+$/ })
        .click();
      await expect(page.getByRole("table", { name: "Conventions par financement" })).toBeVisible();
      await lectureSeule(page, `${statut}, opération`);
      // Typed by hand, or kept from another profile.
      await page.goto(`${convention}/etapes/operation`);
      await expect(page.getByRole("group", { name: "Nom", exact: true })).toBeVisible();
      await lectureSeule(page, `${statut}, étape Opération`);
    });
  }
  expect(ecritures, "requests that write").toEqual([]);
});

/** Every statut of the demonstration, as the side of the bailleur reads it. */
const STATUTS = [
  ["En projet", "Le verger de Couzeix", "PLS"],
  ["En instruction", "Le Pont Saint-Étienne", "PLUS"],
  ["À corriger", "Les Tilleuls de Beaubreuil", "PLUS"],
  ["À signer", "Le clos de la Valoine", "PLAI"],
  ["Finalisée", "Les Tilleuls de Beaubreuil", "PLAI"],
] as const;

/** What a reader may press: unfold, read, print, download, go. Anything else is a command. */
const LECTURE = [
  /^Imprimer$/,
  /^Actualiser$/,
  /^(Afficher|N’afficher que) /,
  /^(Commentaires de « .* » : .*|Commentaire (suivant|précédent)|Fermer)$/,
  /^(Suivant : .*|Voir le récapitulatif)$/,
  /^(Télécharger|Ouvrir dans un nouvel onglet)/,
  /^(Bailleur|Opération|Cadastre|États descriptifs de division|Financement|Logements|Annexes|Stationnements|Commentaires)$/,
];
const RECHERCHE = [
  /^Rechercher$/,
  /^Exporter la liste$/,
  /^(Statut|Tous)$/,
  /^Affichage (compact|confort)$/,
  /^(Commune|Logts|Signature)$/,
];
const COMMANDE =
  /^(Créer|Modifier|Corriger|Compléter|Finaliser|Soumettre|Renvoyer|Déposer|Commenter|Valider|Demander|Signer|Reprendre)/;

/** The page as it is now offers nothing that writes, and says once why. */
async function lectureSeule(page: Page, ou: string): Promise<void> {
  const main = page.getByRole("main");
  await expect(main.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(main.locator("[aria-busy=true]")).toHaveCount(0);
  const permis = /^(accueil|liste)$/.test(ou) ? [...LECTURE, ...RECHERCHE] : LECTURE;
  const boutons = await noms(main.getByRole("button"));
  expect
    .soft(
      boutons.filter((nom) => !permis.some((lecture) => lecture.test(nom))),
      `${ou}: buttons beyond reading`,
    )
    .toEqual([]);
  const liens = await noms(main.getByRole("link"));
  expect
    .soft(
      liens.filter((nom) => COMMANDE.test(nom)),
      `${ou}: links to a command`,
    )
    .toEqual([]);
  if (!/^(accueil|liste)$/.test(ou)) {
    await expect.soft(main.locator("input, textarea, select, [contenteditable=true]"), `${ou}: fields`).toHaveCount(0);
  }
  const phrases = await page
    .getByText(/lecture seule/i)
    .filter({ visible: true })
    .allInnerTexts();
  expect
    .soft(phrases, `${ou}: one sentence says why`)
    .toEqual(["Votre profil est en lecture seule : vous pouvez consulter, télécharger et exporter."]);
}

/** Words of the elements that can be perceived. */
const noms = (objets: Locator): Promise<string[]> =>
  objets.evaluateAll((all) =>
    all.map((element) => (element.textContent || element.getAttribute("title") || "").replace(/\s+/g, " ").trim()),
  );

test("UX-01 : du lien d’une alerte au premier champ commenté, prêt à être corrigé", async ({ page }) => {
  await seConnecter(page, MARIE);
  const convention = await adresseDe(page, OPERATIONS.tilleuls, "PLUS");
  const clics = await Clics.compter(page, { code: "UX-01", plafond: 1 });
  // The address that alerts carry.
  await page.goto(convention.replace("/conventions/", "/conventions/recapitulatif/"));

  await clics.clic(page.getByRole("link", { name: "Corriger le premier champ commenté" }));

  const nom = page.getByRole("textbox", { name: /^Nom \(obligatoire\)/ });
  await expect(nom).toBeFocused();
  await expect(nom).toBeEditable();
  await expect(nom).toBeInViewport({ ratio: 1 });
  await expect(page.getByText("Merci de reprendre le nom exact de la délibération.")).toBeInViewport();
  await clics.atteinte();
});

for (const { qui, action, message } of [
  { qui: CLAIRE, action: "Instruire : Les jardins de la Poterie", message: "Le nom commercial suffit-il ?" },
  {
    qui: LUC,
    action: "Vérifier les corrections : Résidence sociale des Gantiers",
    message: "La commune est bien Saint-Junien ?",
  },
]) {
  test(`UX-10 : ${qui.nom} arrive au premier commentaire qui attend (${action})`, async ({ page }) => {
    await seConnecter(page, qui);
    const clics = await Clics.compter(page, { code: "UX-10", plafond: 2 });

    await clics.clic(page.getByRole("main").getByRole("link", { name: action }));

    const commentaire = page.getByRole("complementary").getByRole("article").filter({ hasText: message });
    await expect(commentaire).toBeFocused();
    await expect(commentaire.getByText(message)).toBeInViewport({ ratio: 1 });
    await expect(commentaire.getByRole("button", { name: "Clore", exact: true })).toBeInViewport();
    await clics.atteinte();
  });
}

test("à 375 px, en clair comme en sombre, aucune page ne défile de côté", async ({ page }) => {
  test.setTimeout(120_000);
  await seConnecter(page, MARIE);
  const tilleuls = await adresseDe(page, OPERATIONS.tilleuls, "PLUS");
  await page.setViewportSize(TELEPHONE);
  const pages = [
    "/conventions",
    "/conventions?tri=-mis_a_jour_le",
    `/operations/${OPERATIONS.tilleuls}`,
    `${tilleuls}/recapitulatif`,
    `${tilleuls}/etapes/operation`,
  ];
  for (const adresse of pages) {
    await page.goto(adresse);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("main").locator("[aria-busy=true]")).toHaveCount(0);
    for (const theme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await expect(page.locator("html")).toHaveAttribute("data-fr-theme", theme);
      expect.soft(await debordement(page), `${adresse}, ${theme}`).toEqual([]);
    }
  }
});

/** What is wider than the window, parts that scroll by themselves left out; empty when nothing is. */
function debordement(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { clientWidth } = document.documentElement;
    const dansUneZone = (element: Element): boolean => {
      for (let parent = element.parentElement; parent && parent !== document.body; parent = parent.parentElement) {
        if (getComputedStyle(parent).overflowX !== "visible" && parent.getBoundingClientRect().right <= clientWidth + 1)
          return true;
      }
      return false;
    };
    const trop = Array.from(document.body.querySelectorAll("*")).filter((element) => {
      const { right, width, height } = element.getBoundingClientRect();
      return element.checkVisibility() && width > 0 && height > 0 && right > clientWidth + 1 && !dansUneZone(element);
    });
    window.scrollBy({ left: 1000, behavior: "instant" });
    const defile = window.scrollX > 0 ? [`the page scrolls by ${window.scrollX} px`] : [];
    return [...defile, ...trop.slice(0, 3).map((element) => element.outerHTML.slice(0, 160))];
  });
}

// --- Each changes its own convention --------------------------------------------------------------------------

test("UX-02 : le bailleur corrige cinq champs commentés et renvoie le dossier ; UX-11 : l’instructeur ne relit que cela", async ({
  page,
  instructeur: service,
}) => {
  test.setTimeout(120_000);
  await seConnecter(service, LUC);
  const dossier = `${await adresseDe(service, OPERATIONS.tilleuls, "PLUS")}/recapitulatif`;
  const lue = service.waitForResponse(
    (reponse) => reponse.request().method() === "PUT" && reponse.url().includes("/moi/lectures/") && reponse.ok(),
  );
  await service.goto(dossier);
  await lue;
  await service.goto("/conventions");
  await seConnecter(page, MARIE);
  const clics = await Clics.compter(page, { code: "UX-02", plafond: 5 * 2 + 2 });

  await clics.clic(page.getByRole("main").getByRole("link", { name: /^Corriger : Les Tilleuls de Beaubreuil/ }));
  await clics.clic(page.getByRole("link", { name: "Corriger le premier champ commenté" }));
  for (const { champ, valeur } of [
    { champ: "Nom", valeur: "Les Tilleuls de Beaubreuil, îlot A" },
    { champ: "Adresses du ou des bâtiments", valeur: "18 allée des Tilleuls\n20 allée des Tilleuls" },
    { champ: "Code postal", valeur: "87000" },
    { champ: "Locaux commerciaux", valeur: "1" },
    { champ: "Autres locaux hors convention", valeur: "Loge du gardien, 18 m²" },
  ]) {
    // The focus comes by itself to the next field: nobody looks for it.
    await clics.saisir(page.getByRole("textbox", { name: new RegExp(`^${champ}( \\(obligatoire\\)|$)`) }), valeur);
    await clics.clic(page.getByRole("button", { name: `Enregistrer et marquer résolu (${champ})` }));
  }
  await expect(page.getByRole("heading", { name: /5 sur 5/ })).toBeFocused();
  await clics.clic(
    page.getByRole("region", { name: "Actions de la page" }).getByRole("button", { name: "Renvoyer au service" }),
  );
  await clics.clic(page.getByRole("dialog").getByRole("button", { name: /Renvoyer/ }));

  await expect(page.getByRole("heading", { level: 1, name: "Vos corrections sont parties" })).toBeVisible();
  await clics.atteinte();

  const relecture = await Clics.compter(service, { code: "UX-11", plafond: 1 });
  await service.goto(dossier);
  await relecture.clic(service.getByRole("button", { name: "Changements (5)" }));
  await expect(service.getByRole("status").filter({ hasText: /depuis votre visite du/ })).toBeVisible();
  await expect(service.getByRole("row", { name: /^Nom / })).toContainText("Les Tilleuls de Beaubreuil, îlot A");
  await expect(service.getByRole("row").filter({ hasText: "Loge du gardien, 18 m²" })).toBeVisible();
  await expect(service.getByRole("heading", { level: 2, name: "Bailleur", exact: true })).toHaveCount(0);
  await relecture.atteinte();
});

test("UX-06 : le bailleur soumet un dossier complet, et lit ce qui vient ensuite", async ({ page }) => {
  await seConnecter(page, MARIE);
  const convention = await adresseDe(page, OPERATIONS.couzeix, "PLS");
  const clics = await Clics.compter(page, { code: "UX-06", plafond: 2 });
  await page.goto(`${convention}/recapitulatif`);

  await clics.clic(
    page.getByRole("region", { name: "Actions de la page" }).getByRole("button", { name: /^Soumettre/ }),
  );
  await clics.clic(page.getByRole("dialog").getByRole("button", { name: /^Soumettre/ }));

  await expect(page.getByRole("heading", { level: 1, name: "Votre convention est partie" })).toBeVisible();
  await expect(page).toHaveURL(`${convention}/envoyee`);
  await expect(page.getByRole("main").getByText(/DDT de la Haute-Vienne.*relit/)).toBeVisible();
  await expect(page.getByRole("heading", { level: 2, name: "Et maintenant ?" })).toBeVisible();
  await clics.atteinte();
});

for (const ecran of [ORDINATEUR, TELEPHONE]) {
  test(`UX-12 : à ${ecran.width} px, l’instructeur commente n’importe quel champ, qui reste visible`, async ({
    page,
  }) => {
    test.setTimeout(180_000);
    await page.setViewportSize(ORDINATEUR);
    await seConnecter(page, KARIM);
    const convention = await adresseDe(page, OPERATIONS.marseille, "PLUS");
    await page.goto(`${convention}/recapitulatif?vue=instruction`);
    const portes = page.getByRole("main").getByRole("button", { name: PORTE });
    await expect(portes.first()).toBeVisible();
    const tous = (await noms(portes)).map(champDe);
    expect(tous.length, "fields that can be commented").toBeGreaterThan(20);
    await page.setViewportSize(ecran);
    await page.reload();
    await expect(portes.first()).toBeVisible();

    expect
      .soft((await noms(portes)).map(champDe), "every field can be commented without anything to unfold")
      .toEqual(tous);
    const offerts = await portes.count();
    const message = page.getByRole("complementary").getByRole("textbox");
    for (let rang = 0; rang < offerts; rang += 1) {
      await portes.nth(rang).press("Enter");
      await expect(message).toBeFocused();
      expect.soft(await cacheDuChamp(portes.nth(rang)), `${tous[rang]}, thread open`).toBeNull();
      await page.keyboard.press("Escape");
      await expect(message).toHaveCount(0);
    }

    const clics = await Clics.compter(page, { code: `UX-12 à ${ecran.width} px`, plafond: 2 });
    for (const rang of [0, Math.floor(offerts / 2), offerts - 1]) {
      const porte = portes.nth(rang);
      const texte = `Point à préciser, vu à ${ecran.width} px (${rang}).`;
      await clics.clic(porte);
      await clics.saisir(message, texte);
      expect.soft(await cacheDuChamp(porte), "field while the comment is written").toBeNull();
      await clics.clic(page.getByRole("complementary").getByRole("button", { name: "Publier" }));
      await expect(page.getByRole("complementary").getByRole("article").filter({ hasText: texte })).toBeVisible();
      expect.soft(await cacheDuChamp(porte), "field once the comment is published").toBeNull();
      await clics.atteinte();
    }
  });
}

/** The door to the comments of a field, with or without one. */
const PORTE = /^(Commenter|Commentaires de) « .* »/;
const champDe = (nom: string): string => /« (.*) »/.exec(nom)?.[1] ?? nom;

/** What hides the label or the value of the field of this button; null when both can be read. */
function cacheDuChamp(porte: Locator): Promise<string | null> {
  return porte.evaluate((bouton) => {
    const ligne = bouton.closest("dl > div") ?? bouton.parentElement?.parentElement;
    const textes = ligne ? Array.from(ligne.querySelectorAll("dt, dt + dd, h3")) : [];
    if (!ligne || textes.length === 0) return "no label found";
    for (const texte of textes) {
      const plage = document.createRange();
      plage.selectNodeContents(texte);
      const premiere = plage.getClientRects()[0];
      if (!premiere) return `« ${texte.textContent} » is not drawn`;
      const { left, right, top, bottom } = premiere;
      if (top < 0 || left < 0 || bottom > window.innerHeight || right > window.innerWidth)
        return `« ${texte.textContent} » is out of the window`;
      const dessus = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      if (!dessus || !ligne.contains(dessus))
        return `« ${texte.textContent} » is under ${dessus?.outerHTML.slice(0, 120)}`;
    }
    return null;
  });
}

test("UX-14 : l’instructeur valide un dossier où rien n’est à corriger, en trois étapes", async ({ page }) => {
  await seConnecter(page, LUC);
  const convention = await adresseDe(page, OPERATIONS.pont, "PLUS");
  const clics = await Clics.compter(page, { code: "UX-14", plafond: 4 });
  await page.goto(`${convention}/recapitulatif?vue=instruction`);

  const barre = page.getByRole("region", { name: "Actions de la page" });
  await clics.clic(barre.getByRole("link", { name: /^(Finaliser|Valider)/ }));
  await expect(page.getByRole("heading", { name: /Valider le numéro/ })).toBeVisible();
  const numero = await page.getByRole("textbox", { name: "Numéro de la convention" }).inputValue();
  expect(numero, "number proposed").not.toBe("");
  await clics.clic(barre.getByRole("button", { name: "Continuer" }));
  await expect(page.getByRole("heading", { name: /Vérifier le document/ })).toBeVisible();
  await clics.clic(barre.getByRole("button", { name: /continuer$/ }));
  await expect(page.getByRole("heading", { name: /Valider et envoyer/ })).toBeVisible();
  await clics.clic(barre.getByRole("button", { name: "Valider et envoyer" }));

  await expect(page.getByRole("main").getByText(`porte le n° ${numero} et attend sa signature`)).toBeVisible();
  await expect(page.getByRole("main").getByText("À signer", { exact: true }).first()).toBeVisible();
  await clics.atteinte();
});
