import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import type { AvenantLigne } from "../../api/convention";
import type { Operation } from "../../api/dto";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, largeurEcran, rendre } from "../../testing/rendu";
import { AjoutAvenant, AvenantsConnus } from "./AvenantsSignes";
import type { ConventionCreee, ConventionInitiale } from "./api";
import { ChoixCreation } from "./Choix";
import { FormulaireAnru } from "./FormulaireAnru";
import { AjoutSurOperation } from "./FormulaireConvention";
import { RechercheOperation } from "./Operations";
import { ConventionsTrouvees, RechercheInitiale } from "./RechercheInitiale";

const REVISION = "0123456789abcdef01234567";

vi.mock("../../api/televersement", () => ({
  televerser: vi.fn(async ({ fichier }: { fichier: File }) => ({
    revision_id: REVISION,
    nom: fichier.name,
    taille: fichier.size,
    sha256: "x",
  })),
}));

function serveur(routes: Parameters<typeof fauxServeur>[0]) {
  const { demandes } = fauxServeur({
    "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } },
    "GET /configuration": { corps: { limites: { document_signe_octets: 500_000_000 } } },
    ...routes,
  });
  return { asked: (methode: string) => demandes.filter((x) => x.methode === methode && x.chemin !== "/auth/refresh") };
}

beforeEach(() => largeurEcran(1280));

test("P20: the switch hides the existing convention", async () => {
  const { container, unmount } = rendre(<ChoixCreation ajoutOuvert />);
  expect(screen.getByRole("link", { name: "Ajouter une convention existante" }).getAttribute("href")).toBe(
    "/conventions/ajout",
  );
  expect(await fautesAxe(container)).toEqual([]);
  unmount();
  rendre(<ChoixCreation ajoutOuvert={false} />);
  expect(screen.queryByRole("link", { name: "Ajouter une convention existante" })).toBeNull();
});

test("P21: refusals by field, then an operation that exists is proposed (CR-22)", async () => {
  let fois = 0;
  const { asked } = serveur({
    "GET /conventions/creation/bailleurs": { corps: [{ uuid: "b", nom: "Limousin Habitat", code: "123456789" }] },
    "GET /conventions/creation/administrations": { corps: [{ uuid: "a", nom: "DDT 87", code: "DDT87" }] },
    "POST /conventions": () => {
      fois += 1;
      return fois === 1
        ? {
            statut: 409,
            corps: { code: "OPERATION_EXISTANTE", detail: "L’opération A1 existe déjà.", numero_operation: "A1" },
          }
        : { statut: 201, corps: { uuid: "u", page_par_defaut: "/conventions/u" } };
    },
  });
  let cree = "";
  const { container } = rendre(<FormulaireAnru onCree={({ uuid }) => (cree = uuid)} />);
  expect(await fautesAxe(container)).toEqual([]);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Créer la convention" }));
  expect(screen.getByRole("heading", { name: /10 points à corriger/ })).toBeTruthy();
  expect(asked("POST")).toEqual([]);

  await user.type(screen.getByRole("textbox", { name: /Numéro d’opération/ }), "A1");
  await user.type(screen.getByRole("textbox", { name: /Nom de l’opération/ }), "Quai Bleu");
  await user.type(screen.getByRole("combobox", { name: /Bailleur/ }), "limousin");
  await user.click(await screen.findByRole("option", { name: /Limousin Habitat/ }));
  await user.type(screen.getByRole("combobox", { name: /Administration/ }), "ddt");
  await user.click(await screen.findByRole("option", { name: /DDT 87/ }));
  await user.type(screen.getByRole("textbox", { name: /Code postal/ }), "87000");
  await user.type(screen.getByRole("textbox", { name: /Ville/ }), "Limoges");
  await user.selectOptions(screen.getByRole("combobox", { name: /Nature/ }), "LOGEMENTSORDINAIRES");
  await user.selectOptions(screen.getByRole("combobox", { name: /Financement/ }), "PLAI");
  await user.type(screen.getByRole("textbox", { name: /Nombre de logements/ }), "4");
  await user.selectOptions(screen.getByRole("combobox", { name: /Type d’habitat/ }), "COLLECTIF");
  await user.click(screen.getByRole("button", { name: "Créer la convention" }));
  expect(await screen.findByText("L’opération A1 existe déjà.")).toBeTruthy();
  expect(screen.getByRole("link", { name: "Voir l’opération" }).getAttribute("href")).toBe("/operations/A1");
  await user.click(screen.getByRole("button", { name: "Ajouter la convention à cette opération" }));
  await expect.poll(() => cree).toBe("u");
  const [premier, second] = asked("POST");
  expect(second?.corps).toEqual({ ...(premier?.corps as object), utiliser_operation: true });
  expect(second?.entetes.get("Idempotency-Key")).not.toBe(premier?.entetes.get("Idempotency-Key"));
});

test("P22 step 1: near numbers are said to be near; nothing found", async () => {
  serveur({
    "GET /operations": {
      corps: [
        {
          numero: "2022/10",
          nom: "Les Tilleuls",
          bailleur: "B",
          commune: "Limoges",
          nature_logement: "LOGEMENTSORDINAIRES",
          correspondance_exacte: false,
        },
      ],
    },
  });
  const { container, unmount } = rendre(<RechercheOperation q="202210" onChercher={() => undefined} />);
  expect((await screen.findByRole("link", { name: "2022/10" })).getAttribute("href")).toBe(
    "/conventions/ajout/2022/10",
  );
  expect(screen.getByText(/Aucune opération n’a exactement ce numéro/)).toBeTruthy();
  expect(screen.getByText("Logements ordinaires")).toBeTruthy();
  expect(await fautesAxe(container)).toEqual([]);
  unmount();
  serveur({ "GET /operations": { corps: [] } });
  rendre(<RechercheOperation q="2099" onChercher={() => undefined} />);
  expect(await screen.findByRole("heading", { name: "Aucune opération pour « 2099 »" })).toBeTruthy();
});

const operation = {
  numero: "A1",
  nom: "Les Tilleuls",
  code_postal: "87000",
  ville: "Limoges",
  nature_logement_libelle: "Logements ordinaires",
  bailleur: { nom: "Limousin Habitat" },
  financements: [
    {
      financement: "PLUS",
      libelle: "PLUS",
      conventions: [{ uuid: "c", numero: "N1", statut: "SIGNEE", statut_libelle: "Finalisée", genre: "convention" }],
    },
  ],
} as unknown as Operation;

test("P22 step 2: the PDF first, then the form; a refusal of the server at its field", async () => {
  let fois = 0;
  const { asked } = serveur({
    "POST /conventions/importation": () => {
      fois += 1;
      return fois === 1
        ? {
            statut: 422,
            corps: {
              code: "NUMERO_EXISTANT",
              detail: "Ce numéro est déjà attribué.",
              convention_uuid: "d",
              errors: [{ pointer: "/numero", code: "NUMERO_EXISTANT", detail: "Ce numéro est déjà attribué." }],
            },
          }
        : { statut: 201, corps: { uuid: "u", numero: "87.D.98.0013" } };
    },
  });
  let ajoutee = "";
  const { container } = rendre(<AjoutSurOperation operation={operation} onAjoutee={({ uuid }) => (ajoutee = uuid)} />);
  expect(screen.getByRole("link", { name: "PLUS, n° N1" })).toBeTruthy();
  expect(screen.queryByRole("option", { name: "PLUS" })).toBeNull();
  expect(await fautesAxe(container)).toEqual([]);
  const user = userEvent.setup();
  await user.upload(
    screen.getByLabelText("Déposer la convention signée (obligatoire)"),
    new File(["%PDF-1.7"], "convention.pdf", { type: "application/pdf" }),
  );
  expect(await screen.findByText("convention.pdf")).toBeTruthy();
  await user.type(screen.getByRole("textbox", { name: /Numéro de la convention/ }), "87.D.98.0012");
  await user.selectOptions(screen.getByRole("combobox", { name: /Financement/ }), "PLAI");
  await user.type(screen.getByRole("textbox", { name: /Nombre de logements/ }), "12");
  await user.selectOptions(screen.getByRole("combobox", { name: /Année/ }), "1998");
  await user.click(screen.getByRole("button", { name: "Ajouter la convention" }));
  expect((await screen.findAllByText("Ce numéro est déjà attribué.")).length).toBeGreaterThan(1);
  expect(screen.getByRole("link", { name: "Ouvrir la convention qui existe déjà" })).toBeTruthy();
  await user.clear(screen.getByRole("textbox", { name: /Numéro de la convention/ }));
  await user.type(screen.getByRole("textbox", { name: /Numéro de la convention/ }), "87.D.98.0013");
  await user.click(screen.getByRole("button", { name: "Ajouter la convention" }));
  await expect.poll(() => ajoutee).toBe("u");
  expect(asked("POST")[1]?.corps).toEqual({
    numero_operation: "A1",
    numero: "87.D.98.0013",
    nb_logements: 12,
    financement: "PLAI",
    annee_signature: 1998,
    revision_id: REVISION,
  });
});

test("P22 step 2: nothing left to add", () => {
  serveur({});
  const plein = {
    ...operation,
    financements: ["PLUS", "PLUS_CD", "PLAI", "PLS", "SANS_FINANCEMENT"].map((financement) => ({
      ...operation.financements[0],
      financement,
    })),
  } as unknown as Operation;
  rendre(<AjoutSurOperation operation={plein} onAjoutee={() => undefined} />);
  expect(screen.getByRole("heading", { name: "Chaque financement a déjà sa convention" })).toBeTruthy();
});

const convention = {
  uuid: "c",
  numero: "N1",
  bailleur: { nom: "Limousin Habitat" },
  operation: { nature_logement: "LOGEMENTSORDINAIRES" },
  lots: [{ financement: "PLUS", financement_libelle: "PLUS", nb_logements: 12 }],
} as unknown as ConventionCreee;

test("P22 step 3, P24: an avenant is added, then the form is empty again; one in progress stops it", async () => {
  let fois = 0;
  const { asked } = serveur({
    "POST /conventions/c/avenants/importation": () => {
      fois += 1;
      return fois === 1
        ? {
            statut: 409,
            corps: { code: "AVENANT_EN_COURS", detail: "Un avenant est déjà en cours.", avenant_uuid: "e" },
          }
        : { statut: 201, corps: { uuid: "a", numero: "1" } };
    },
  });
  const { container } = rendre(<AjoutAvenant convention={convention} avecTypes />);
  expect(await fautesAxe(container)).toEqual([]);
  const user = userEvent.setup();
  await user.type(screen.getByRole("textbox", { name: /Numéro de l’avenant/ }), "1");
  await user.selectOptions(screen.getByRole("combobox", { name: /Année/ }), "2003");
  await user.type(screen.getByRole("textbox", { name: /Nombre de logements/ }), "14");
  await user.click(screen.getByRole("checkbox", { name: "Références cadastrales et effet relatif" }));
  await user.upload(
    screen.getByLabelText("Déposer l’avenant signé (obligatoire)"),
    new File(["%PDF-1.7"], "avenant.pdf", { type: "application/pdf" }),
  );
  await screen.findByText("avenant.pdf");
  await user.click(screen.getByRole("button", { name: "Déposer l’avenant" }));
  expect((await screen.findByRole("link", { name: "Ouvrir l’avenant en cours" })).getAttribute("href")).toBe(
    "/conventions/e",
  );
  await user.click(screen.getByRole("button", { name: "Déposer l’avenant" }));
  await expect
    .poll(() => (screen.getByRole("textbox", { name: /Numéro de l’avenant/ }) as HTMLInputElement).value)
    .toBe("");
  expect(asked("POST").at(-1)?.corps).toEqual({
    numero: "1",
    annee_signature: 2003,
    revision_id: REVISION,
    nb_logements: 14,
    types: ["cadastre"],
  });
});

test("known avenants: only the year of a paper signature is said", async () => {
  const avenant = {
    uuid: "a",
    genre: "avenant",
    statut: "SIGNEE",
    statut_libelle: "Finalisée",
    numero: "1",
    types: ["bailleur"],
    bailleur: "B",
    date_signature: "1998-01-01",
    precision_date_signature: "ANNEE",
  } as unknown as AvenantLigne;
  serveur({ "GET /conventions/c/avenants": { corps: [avenant] } });
  const { container, unmount } = rendre(<AvenantsConnus uuid="c" />);
  expect(await screen.findByText("1998")).toBeTruthy();
  expect(screen.queryByText("01/01/1998")).toBeNull();
  expect(await fautesAxe(container)).toEqual([]);
  unmount();
  serveur({ "GET /conventions/c/avenants": { corps: [] } });
  rendre(<AvenantsConnus uuid="c" />);
  expect(await screen.findByRole("heading", { name: "Aucun avenant pour le moment" })).toBeTruthy();
});

test("P23: found, in progress, or unknown", async () => {
  const criteres = { departement: "75", annee: 2012, numero: "0042" };
  const trouvee = {
    uuid: "c",
    numero: "75.D.12.0042",
    nom: "Quai Bleu",
    ville: "Paris",
    code_postal: "75001",
    bailleur: "B",
    financements: ["PLUS"],
    nb_logements: 3,
    statut: "SIGNEE",
    statut_libelle: "Finalisée",
    avenant_en_cours: null,
    avenant_possible: true,
  } as unknown as ConventionInitiale;
  serveur({
    "GET /avenants/recherche": {
      corps: [trouvee, { ...trouvee, uuid: "d", avenant_en_cours: "e", avenant_possible: false }],
    },
    "POST /conventions/c/avenants": { statut: 201, corps: { uuid: "a" } },
  });
  let cree = "";
  const rendu = rendre(
    <ConventionsTrouvees criteres={criteres} onCree={(uuid) => (cree = uuid)} onDeclarer={() => undefined} />,
  );
  expect(await screen.findByText(/Un avenant est déjà en cours/)).toBeTruthy();
  expect(await fautesAxe(rendu.container)).toEqual([]);
  await userEvent.setup().click(screen.getByRole("button", { name: /Créer un avenant/ }));
  await expect.poll(() => cree).toBe("a");
  rendu.unmount();
  serveur({ "GET /avenants/recherche": { corps: [] } });
  const declarer = vi.fn();
  rendre(<ConventionsTrouvees criteres={criteres} onCree={() => undefined} onDeclarer={declarer} />);
  await userEvent.setup().click(await screen.findByRole("button", { name: /Déclarer la convention/ }));
  expect(declarer).toHaveBeenCalledOnce();
});

test("P23: the search asks for its three facts", async () => {
  serveur({});
  const chercher = vi.fn();
  const { container } = rendre(<RechercheInitiale criteres={null} onChercher={chercher} />);
  expect(await fautesAxe(container)).toEqual([]);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Chercher la convention" }));
  expect(screen.getByRole("heading", { name: /3 points à corriger/ })).toBeTruthy();
  await user.selectOptions(screen.getByRole("combobox", { name: /Département/ }), "75");
  await user.selectOptions(screen.getByRole("combobox", { name: /Année/ }), "2012");
  await user.type(screen.getByRole("textbox", { name: /Fin du numéro/ }), " 0042 ");
  await user.click(screen.getByRole("button", { name: "Chercher la convention" }));
  expect(chercher).toHaveBeenCalledWith({ departement: "75", annee: 2012, numero: "0042" });
});
