import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import type { Convention } from "../../api/convention";
import { jourDeParis } from "../../lib/dates";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, largeurEcran, rendre } from "../../testing/rendu";
import type { DocumentDepose } from "./api";
import { SignatureVue } from "./SignatureVue";

const JETON = { "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } } };
const LIEN = { "POST /telechargements": { corps: { url: "about:blank", expire_le: "2026-01-01T00:01:00Z" } } };

const convention = (change: Partial<Convention> = {}): Convention =>
  ({
    uuid: "u1",
    version: 4,
    genre: "convention",
    est_avenant: false,
    est_valide: true,
    statut: "A_SIGNER",
    numero: "87.D.26.0002",
    valide_le: "2026-01-10",
    televersement_convention_signee_le: null,
    depot_possible: true,
    transitions_possibles: [{ code: "signer", confirmation: "La convention entrera en vigueur.", preconditions: [] }],
    ...change,
  }) as unknown as Convention;

const fichier = (change: Partial<DocumentDepose> = {}): DocumentDepose => ({
  uuid: "d1",
  rubrique: "DOCUMENT_SIGNE",
  libelle: "Document signé",
  nom: "signee.pdf",
  taille: 1_200_000,
  type_mime: "application/pdf",
  antivirus: "SAIN",
  antivirus_libelle: "Prêt",
  utilisable: true,
  cree_le: "2026-01-12T10:00:00Z",
  depose_par: "Marie Durand",
  courant: true,
  remplace_le: null,
  ...change,
});

const monter = (documents: DocumentDepose[], fiche = convention(), volet = "") =>
  rendre(<SignatureVue convention={fiche} documents={documents} tailleMax={500 * 2 ** 20} retour={null} />, {
    chemin: `/conventions/u1/signature${volet ? `?volet=${volet}` : ""}`,
  });

beforeEach(() => largeurEcran(1280));

describe("deposit", () => {
  test("nothing deposited: « Continuer » says what it waits for", async () => {
    fauxServeur(JETON);
    const { container } = monter([]);
    expect(screen.getByText(/^PDF, 500.Mo au plus\.$/)).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Continuer" }));
    expect(screen.getByText("Déposez le document signé, au format PDF.")).toBeTruthy();
    expect(await fautesAxe(container)).toEqual([]);
  });

  test("DO-06: a file that is still checked cannot be looked at, whatever the address says", () => {
    fauxServeur(JETON);
    monter([fichier({ antivirus: "EN_ATTENTE", utilisable: false })], convention(), "dater");
    expect(screen.getByText(/Vérification antivirus en cours/)).toBeTruthy();
    expect(screen.queryByLabelText(/Date de signature/)).toBeNull();
  });

  test("a virus is told in words", () => {
    fauxServeur(JETON);
    monter([fichier({ antivirus: "INFECTE", utilisable: false, courant: false })]);
    expect(
      screen.getByText("Ce fichier contient un virus et a été supprimé. Redéposez une version saine."),
    ).toBeTruthy();
  });
});

describe("look and date", () => {
  test("the preview asks its address when it is shown, and one question", async () => {
    const { demandes } = fauxServeur({ ...JETON, ...LIEN });
    monter([fichier()]);
    expect(await screen.findByTitle("Aperçu de signee.pdf")).toBeTruthy();
    expect(demandes.find(({ chemin }) => chemin === "/telechargements")?.corps).toEqual({
      document_uuid: "d1",
      en_ligne: true,
    });
    expect(screen.getByText("Est-ce bien le document signé par les deux parties ?")).toBeTruthy();
  });

  test("SG-01: « Non » cancels the deposit on the version that was read", async () => {
    const { demandes } = fauxServeur({ ...JETON, ...LIEN, "DELETE /conventions/u1/documents/d1": { statut: 204 } });
    monter([fichier()]);
    await userEvent.click(screen.getByRole("button", { name: "Non, annuler le dépôt" }));
    await waitFor(() =>
      expect(demandes.find(({ methode }) => methode === "DELETE")?.entetes.get("If-Match")).toBe('"4"'),
    );
  });

  test("T11: today unless told; before the validation is pointed out and accepted; the future is refused", async () => {
    const { demandes } = fauxServeur({
      ...JETON,
      "POST /conventions/u1/actions/signer": { corps: { avertissements: [] } },
    });
    monter([fichier()], convention(), "dater");
    const field = screen.getByLabelText(/^Date de signature/) as HTMLInputElement;
    expect(field.value).toBe(jourDeParis(new Date()));
    const signer = () => demandes.filter(({ chemin }) => chemin.endsWith("/signer")).map(({ corps }) => corps);

    await userEvent.clear(field);
    await userEvent.type(field, "2999-01-01");
    await userEvent.click(screen.getByRole("button", { name: "Enregistrer la signature" }));
    expect(screen.getByText("La date de signature ne peut pas être dans le futur.")).toBeTruthy();
    expect(signer()).toEqual([]);

    await userEvent.clear(field);
    await userEvent.type(field, "2026-01-09");
    expect(screen.getByText(/Cette date précède la validation du 10\/01\/2026/)).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Enregistrer la signature" }));
    await waitFor(() => expect(signer()).toEqual([{ date_signature: "2026-01-09" }]));
  });
});

test("PE-21: whoever signs the sale of the dwellings is told that they see them no more", async () => {
  fauxServeur({ ...JETON, "POST /conventions/u1/actions/signer": { corps: { avertissements: [] } } });
  monter([fichier()], convention(), "dater");
  await userEvent.click(screen.getByRole("button", { name: "Enregistrer la signature" }));
  expect(await screen.findByText(/maintenant au bailleur qui reprend les logements/)).toBeTruthy();
  expect(screen.queryByRole("link", { name: /Voir/ })).toBeNull();
});

describe("readers", () => {
  test("ST-05: no control that writes, before as after the signature", async () => {
    fauxServeur({ ...JETON, ...LIEN });
    const reader = { depot_possible: false, transitions_possibles: [] };
    const before = monter([fichier()], convention(reader));
    await screen.findByTitle("Aperçu de signee.pdf");
    expect(before.container.querySelectorAll("input")).toHaveLength(0);
    expect(screen.queryByRole("button", { name: /dépôt|Continuer|date/ })).toBeNull();
    before.unmount();
    const after = monter(
      [fichier()],
      convention({ ...reader, statut: "SIGNEE", televersement_convention_signee_le: "2026-01-15" }),
    );
    expect(await screen.findByRole("heading", { name: /Signée le 15\/01\/2026/ })).toBeTruthy();
    expect(after.container.querySelectorAll("input")).toHaveLength(0);
    expect(screen.queryByRole("button", { name: /Corriger|Remplacer/ })).toBeNull();
  });
});

test("T12: the date of a signed convention is corrected without leaving its page", async () => {
  const { demandes } = fauxServeur({
    ...JETON,
    ...LIEN,
    "POST /conventions/u1/actions/corriger_signature": { corps: { avertissements: [] } },
  });
  monter(
    [fichier()],
    convention({
      statut: "SIGNEE",
      televersement_convention_signee_le: "2026-01-15",
      transitions_possibles: [
        { code: "corriger_signature", confirmation: "Seule la date change.", preconditions: [] },
      ] as unknown as Convention["transitions_possibles"],
    }),
  );
  await userEvent.click(screen.getByRole("button", { name: "Corriger la date" }));
  const field = screen.getByLabelText(/^Date de signature/);
  expect(field).toHaveProperty("value", "2026-01-15");
  await userEvent.clear(field);
  await userEvent.type(field, "2026-01-16");
  await userEvent.click(screen.getByRole("button", { name: "Corriger la date" }));
  await waitFor(() =>
    expect(demandes.find(({ chemin }) => chemin.endsWith("/corriger_signature"))?.corps).toEqual({
      date_signature: "2026-01-16",
    }),
  );
});
