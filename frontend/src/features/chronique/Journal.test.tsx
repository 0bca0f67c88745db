import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { jourDeParis } from "../../lib/dates";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, largeurEcran, rendre } from "../../testing/rendu";
import type { Chronologie, Element, Evenement, Journal, PieceJointe } from "./api";
import { ChronologieVue } from "./ChronologieVue";
import { JournalVue } from "./JournalVue";
import { PiecesJointesVue } from "./PiecesJointesVue";
import { controlerEvenement, phraseDeFin, quandDe, refusDesPieces } from "./rules";

const JETON = { "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } } };
const TYPES = [
  { code: "DEPOT_BAILLEUR", libelle: "Dépôt par le bailleur" },
  { code: "RETOUR_PREFET", libelle: "Retour du préfet" },
];

const evenement = (change: Partial<Evenement> = {}): Evenement => ({
  uuid: "e1",
  convention_uuid: "u1",
  version: 1,
  type_evenement: "RETOUR_PREFET",
  type_libelle: "Retour du préfet",
  survenu_le: "2026-02-03",
  description: "Deux exemplaires",
  cree_le: "2026-02-04T09:00:00Z",
  cree_par: "Luc Martin",
  modifie_le: null,
  modifie_par: "",
  annule_le: null,
  annule_par: "",
  revision_id: null,
  pieces: [],
  modifiable: true,
  ...change,
});

const journal = (resultats: Evenement[], change: Partial<Journal> = {}): Journal => ({
  resultats,
  page: 1,
  par_page: 20,
  total: resultats.length,
  ouvert: true,
  ecriture_possible: true,
  ...change,
});

const monter = (page: Journal, versions = false) =>
  rendre(<JournalVue uuid="u1" journal={page} types={TYPES} versions={versions} adresse={(n) => `?page=${n}`} />);

beforeEach(() => largeurEcran(1280));

describe("journal de bord", () => {
  test("JO-10: a fact is typed and sent once, with its key", async () => {
    const { demandes } = fauxServeur({
      ...JETON,
      "POST /conventions/u1/evenements": { statut: 201, corps: evenement() },
    });
    const { container } = monter(journal([]));
    await userEvent.click(screen.getByRole("button", { name: "Ajouter un événement" }));
    const form = screen.getByRole("form", { name: "Ajouter un événement" });
    await userEvent.selectOptions(within(form).getByLabelText(/^Type/), "RETOUR_PREFET");
    await userEvent.click(within(form).getByRole("button", { name: "Enregistrer l’événement" }));
    expect(screen.getByRole("link", { name: "Dites ce qui s’est passé." })).toBeTruthy();
    expect(await fautesAxe(container)).toEqual([]);
    await userEvent.type(within(form).getByLabelText(/^Description/), "Deux exemplaires ");
    await userEvent.click(within(form).getByRole("button", { name: "Enregistrer l’événement" }));
    await waitFor(() => expect(screen.queryByRole("form")).toBeNull());
    const sent = demandes.filter(({ chemin }) => chemin === "/conventions/u1/evenements");
    expect(sent).toHaveLength(1);
    expect(sent[0]?.corps).toEqual({
      type_evenement: "RETOUR_PREFET",
      survenu_le: jourDeParis(new Date()),
      description: "Deux exemplaires",
    });
    expect(sent[0]?.entetes.get("Idempotency-Key")).toBeTruthy();
  });

  test("JO-11: one file is taken out of an event, from the version that was read, once confirmed", async () => {
    const piece = (uuid: string, nom: string): Evenement["pieces"][number] => ({
      uuid,
      nom,
      taille: 1200,
      type_mime: "application/pdf",
      antivirus_libelle: "Vérifié",
      utilisable: true,
      cree_le: "2026-02-04T09:00:00Z",
      depose_par: "Luc Martin",
    });
    const noted = evenement({ version: 3, pieces: [piece("p1", "courrier.pdf"), piece("p2", "plan.pdf")] });
    const { demandes } = fauxServeur({
      ...JETON,
      "DELETE /evenements/e1/pieces/p2": { corps: evenement({ version: 4, pieces: [piece("p1", "courrier.pdf")] }) },
    });
    monter(journal([noted]));
    await userEvent.click(screen.getByRole("button", { name: "Retirer la pièce « plan.pdf »" }));
    const dialogues = await screen.findAllByRole("dialog", { hidden: true });
    const dialogue = dialogues.find((box) => within(box).queryByText("Retirer cette pièce ?")) as HTMLElement;
    expect(dialogue.textContent).toContain("« plan.pdf » ne sera plus jointe");
    await userEvent.dblClick(within(dialogue).getByText("Retirer la pièce", { selector: "button" }));
    await screen.findByText("Pièce retirée : plan.pdf");
    const sent = demandes.filter(({ methode }) => methode === "DELETE");
    expect(sent.map(({ chemin }) => chemin)).toEqual(["/evenements/e1/pieces/p2"]);
    expect(sent[0]?.entetes.get("If-Match")).toBe('"3"');
  });

  test("JO-11: a correction carries the version that was read; what is refused keeps what was typed", async () => {
    const { demandes } = fauxServeur({
      ...JETON,
      "PATCH /evenements/e1": {
        statut: 412,
        corps: { code: "VERSION_PERIMEE", detail: "Modifié entre-temps.", status: 412 },
      },
    });
    monter(journal([evenement({ version: 3 })]));
    await userEvent.click(screen.getByRole("button", { name: "Corriger « Retour du préfet »" }));
    const text = screen.getByLabelText(/^Description/);
    await userEvent.type(text, ", et un plan");
    await userEvent.click(screen.getByRole("button", { name: "Enregistrer l’événement" }));
    expect(await screen.findByText(/vient d’être modifié par quelqu’un d’autre/)).toBeTruthy();
    expect((text as HTMLTextAreaElement).value).toBe("Deux exemplaires, et un plan");
    expect(demandes.find(({ methode }) => methode === "PATCH")?.entetes.get("If-Match")).toBe('"3"');
  });

  test("JO-11: a cancelled fact stays, struck through and named so, without commands", async () => {
    const { container } = monter(
      journal([evenement({ annule_le: "2026-02-05T09:00:00Z", annule_par: "Luc Martin", modifiable: false })]),
    );
    expect(screen.getByText("Annulé")).toBeTruthy();
    expect(container.querySelectorAll("del").length).toBeGreaterThan(0);
    expect(screen.queryByRole("button", { name: /Corriger/ })).toBeNull();
    expect(await fautesAxe(container)).toEqual([]);
  });

  test("ST-05: a reader has no command; before « À signer » the page says when it opens", () => {
    const { unmount } = monter(journal([evenement({ modifiable: false })], { ecriture_possible: false }));
    expect(screen.queryByRole("button")).toBeNull();
    unmount();
    monter(journal([], { ouvert: false, ecriture_possible: false }));
    expect(screen.getByText("Le journal de bord n’est pas encore ouvert")).toBeTruthy();
  });

  test("previous versions are read when a superuser unfolds them", async () => {
    const { demandes } = fauxServeur({
      ...JETON,
      "GET /evenements/e1/versions": {
        corps: [
          {
            version: 1,
            type_evenement: "AUTRE",
            type_libelle: "Autre",
            survenu_le: "2026-02-01",
            description: "Ancien texte",
            pieces: [],
            remplacee_le: "2026-02-04T10:00:00Z",
            remplacee_par: "Luc Martin",
          },
        ],
      },
    });
    monter(journal([evenement({ version: 2 })]), true);
    expect(demandes).toEqual([]);
    await userEvent.click(screen.getByText("Versions précédentes"));
    expect(await screen.findByText("Ancien texte")).toBeTruthy();
  });
});

const element = (change: Partial<Element>): Element => ({
  nature: "SIGNATURE",
  jour: "2026-03-26",
  annee_seule: false,
  a_venir: false,
  titre: "Signature de la convention",
  detail: "",
  convention_uuid: "u1",
  evenement_uuid: null,
  lien: "/conventions/u1/document",
  documents: [],
  ...change,
});

describe("chronologie", () => {
  test("JO-13: items in the order of the server, with their documents and pages", async () => {
    const line: Chronologie = {
      resultats: [
        element({
          nature: "AVENANT",
          titre: "Signature de l’avenant n° 1",
          convention_uuid: "a1",
          lien: "/conventions/a1/recapitulatif",
        }),
        element({}),
      ],
      page: 1,
      par_page: 20,
      total: 2,
    };
    const { container } = rendre(<ChronologieVue uuid="u1" chronologie={line} adresse={() => ""} />);
    expect(
      screen.getAllByRole("listitem").map((item) => item.querySelector(".ap-timeline__titre")?.textContent),
    ).toEqual(["Signature de l’avenant n° 1", "Signature de la convention"]);
    expect(screen.getByRole("link", { name: /Voir l’avenant/ }).getAttribute("href")).toBe(
      "/conventions/a1/recapitulatif",
    );
    expect(await fautesAxe(container)).toEqual([]);
  });

  test("days in words: known, year alone, to come, unknown", () => {
    expect(quandDe(element({}))).toBe("26 mars 2026");
    expect(quandDe(element({ jour: "1998-01-01", annee_seule: true }))).toBe("En 1998");
    expect(quandDe(element({ jour: "2031-06-30", a_venir: true }))).toBe("Prévue le 30 juin 2031");
    expect(quandDe(element({ jour: null }))).toBe("Date inconnue");
  });

  test("the end is planned, then past (02 §1.1)", () => {
    const end = element({ nature: "DENONCIATION", jour: "2031-06-30", a_venir: true });
    expect(phraseDeFin({ statut: "DENONCEE" }, [end])).toBe("Dénonciation prévue le 30 juin 2031.");
    expect(phraseDeFin({ statut: "DENONCEE" }, [{ ...end, a_venir: false }])).toBe(
      "Dénonciation depuis le 30 juin 2031.",
    );
    expect(phraseDeFin({ statut: "SIGNEE" }, [])).toBeNull();
  });
});

describe("pièces jointes", () => {
  const piece = (change: Partial<PieceJointe>): PieceJointe => ({
    uuid: "p1",
    nom: "convention.pdf",
    taille: 1000,
    type_mime: "application/pdf",
    antivirus_libelle: "Prêt",
    utilisable: true,
    cree_le: "2026-02-04T09:00:00Z",
    depose_par: "",
    type_piece: "CONVENTION",
    type_libelle: "Convention",
    description: "",
    promouvable: true,
    raison_refus: "",
    ...change,
  });
  test("DO-10: the promotion is confirmed, with the version of the convention", async () => {
    const { demandes } = fauxServeur({
      ...JETON,
      "POST /conventions/u1/pieces-jointes/p1/promotion": { corps: { uuid: "u1", version: 5 } },
    });
    rendre(
      <PiecesJointesVue
        convention={{ uuid: "u1", version: 4 } as never}
        pieces={[
          piece({}),
          piece({ uuid: "p2", promouvable: false, raison_refus: "Ce dossier a déjà un document signé." }),
        ]}
      />,
    );
    expect(screen.getByText("Ce dossier a déjà un document signé.")).toBeTruthy();
    const promote = screen.getAllByRole("button", { name: /Promouvoir comme document signé/ });
    expect(promote).toHaveLength(1);
    await userEvent.click(promote[0] as HTMLElement);
    await userEvent.click(await screen.findByRole("button", { name: "Promouvoir la pièce", hidden: true }));
    await waitFor(() =>
      expect(demandes.find(({ chemin }) => chemin.endsWith("/promotion"))?.entetes.get("If-Match")).toBe('"4"'),
    );
  });
});

describe("what is typed", () => {
  test("a fact needs a type, a day that is not to come, and words", () => {
    expect(
      controlerEvenement({ type_evenement: "", survenu_le: "2026-04-16", description: " " }, "2026-04-15"),
    ).toEqual({
      type_evenement: "Choisissez le type de l’événement.",
      survenu_le: "La date ne peut pas être après aujourd’hui (15/04/2026).",
      description: "Dites ce qui s’est passé.",
    });
    expect(
      Object.values(
        controlerEvenement({ type_evenement: "AUTRE", survenu_le: "2026-04-15", description: "x" }, "2026-04-15"),
      ),
    ).toEqual([null, null, null]);
  });
  test("files are checked before they leave", () => {
    expect(refusDesPieces([{ name: "a.pdf", size: 10 }])).toBeNull();
    expect(refusDesPieces([{ name: "a.exe", size: 10 }])).toContain("a.exe");
    expect(refusDesPieces([{ name: "a.pdf", size: 0 }])).toContain("vide");
    expect(refusDesPieces([{ name: "a.pdf", size: 100_000_001 }])).toContain("limite");
  });
});
