import { describe, expect, test } from "vitest";
import type { Convention, EvenementHistorique } from "../../api/convention";
import { dernieresNotifications, quiAChange, regroupements } from "./suivi";

const ligne = (change: Partial<EvenementHistorique>): EvenementHistorique =>
  ({
    uuid: "h",
    categorie: "statut",
    transition: "soumettre",
    libelle: "Soumission",
    statut: "INSTRUCTION",
    cree_le: "2026-03-03T09:00:00Z",
    commentaire: "",
    elements_incomplets: [],
    changements: [],
    ...change,
  }) as EvenementHistorique;

const luc = { nom: "Luc Martin", entite: "DDT 87", role: "INSTRUCTEUR" };
const marie = { nom: "Marie Durand", entite: "Mon Logis", role: "BAILLEUR" };

describe("JO-02: the latest notification of each side", () => {
  test("is the latest row of INSTRUCTION or CORRECTION that this side wrote", () => {
    const events = [
      ligne({ categorie: "champs", statut: null, auteur: luc, cree_le: "2026-03-09T09:00:00Z" }),
      ligne({ statut: "A_SIGNER", auteur: luc, cree_le: "2026-03-08T09:00:00Z" }),
      ligne({ statut: "CORRECTION", auteur: luc, cree_le: "2026-03-03T09:00:00Z" }),
      ligne({ statut: "INSTRUCTION", auteur: marie, cree_le: "2026-03-01T09:00:00Z" }),
      ligne({ statut: "CORRECTION", auteur: luc, cree_le: "2026-02-01T09:00:00Z" }),
    ];
    expect(dernieresNotifications(events)).toEqual({
      bailleur: "2026-03-01T09:00:00Z",
      service: "2026-03-03T09:00:00Z",
    });
  });
  test("is nothing for the side that wrote none", () => {
    expect(dernieresNotifications([ligne({ auteur: marie })]).service).toBeNull();
    expect(dernieresNotifications([ligne({ auteur: undefined })])).toEqual({ bailleur: null, service: null });
  });
});

test("MX-07: the groupings of a mixte, and of nothing else", () => {
  const events = [ligne({ transition: "regrouper", uuid: "g" }), ligne({})];
  const lots = (n: number) => ({ lots: Array.from({ length: n }) }) as Pick<Convention, "lots">;
  expect(regroupements(lots(2), events).map(({ uuid }) => uuid)).toEqual(["g"]);
  expect(regroupements(lots(1), events)).toEqual([]);
});

describe("who has changed what is being read (ux 2.6, P65)", () => {
  const service = { nom: "Sophie Bernard", bailleur: false, depuis: "2026-03-03T10:00:00Z", statut: "PROJET" };
  const bailleur = { ...service, nom: "Marie Durand", bailleur: true };
  const etape = (change: Partial<EvenementHistorique> = {}) =>
    ligne({
      categorie: "champs",
      transition: "etape.financement",
      libelle: "Étape « Financement » modifiée",
      auteur: marie,
      cree_le: "2026-03-03T10:00:01Z",
      ...change,
    });

  test("is named with the step that he changed", () => {
    expect(quiAChange([etape(), ligne({ auteur: luc })], service)).toEqual({
      qui: "Marie Durand",
      quoi: "“Financement”",
      etape: "financement",
    });
  });
  test("who changed several things is named, without a step", () => {
    const both = [etape(), etape({ transition: "etape.bailleur", libelle: "Étape « Bailleur » modifiée" })];
    expect(quiAChange(both, service)).toEqual({ qui: "Marie Durand", quoi: "cette convention", etape: null });
  });
  test("several persons are not named one for the other", () => {
    expect(quiAChange([etape(), etape({ auteur: luc })], service)?.qui).toBe("Plusieurs personnes");
  });
  test("the reader's own changes are not announced to him", () => {
    expect(quiAChange([etape({ auteur: { ...marie, nom: service.nom } })], service)).toBeNull();
  });
  test("a bailleur, who reads the changes of statut alone, gets the name of who instructs from nothing else", () => {
    expect(quiAChange([ligne({ auteur: luc })], { ...bailleur, statut: "INSTRUCTION" })).toEqual({
      qui: "Le service instructeur",
      quoi: "cette convention",
      etape: null,
    });
    expect(quiAChange([], bailleur)?.qui).toBe("");
    expect(quiAChange([ligne({ auteur: luc, cree_le: "2026-03-03T10:00:05Z" })], bailleur)?.qui).toBe("Luc Martin");
  });
});
