import { expect, test } from "vitest";
import type { ClientAPI } from "./contrat";
import { adresseDe, lireFiltres } from "./filtres";
import {
  basculerPortee,
  controlerClient,
  controlerWebhook,
  creationDe,
  dansUnAn,
  finDeJournee,
  modificationDe,
  offerts,
  saisieDe,
} from "./rules";

const MAINTENANT = new Date("2026-04-15T09:00:00Z");
const option = (valeur: string) => ({ valeur, libelle: valeur });
const saisie = () => ({ ...saisieDe(null, MAINTENANT), nom: " Observatoire ", departement: "87" });

const CLIENT: ClientAPI = {
  uuid: "0b7f1f6e-0000-4000-8000-000000000001",
  version: 3,
  nom: "Observatoire",
  description: "",
  etat: "ACTIF",
  etat_libelle: "Actif",
  portees: ["conventions:lire"],
  perimetre: { type: "DEPARTEMENT", libelle: "Haute-Vienne (87)", departement: "87", bailleurs: [] },
  login_siap: "",
  prefixe: "apl_abcdefgh",
  jeton_cree_le: "2026-04-01T08:00:00Z",
  expire_le: "2027-01-31T15:30:00Z",
  cree_par: "Alice Support",
  cree_le: "2026-04-01T08:00:00Z",
  mis_a_jour_le: "2026-04-01T08:00:00Z",
};

test("writing conventions asks for reading them, both ways", () => {
  expect(basculerPortee([], "conventions:ecrire", true)).toEqual(["conventions:ecrire", "conventions:lire"]);
  expect(
    basculerPortee(["conventions:lire", "conventions:ecrire", "webhooks:gerer"], "conventions:lire", false),
  ).toEqual(["webhooks:gerer"]);
  expect(basculerPortee(["operations:lire"], "operations:lire", false)).toEqual([]);
});

test("the last day ends in Paris, in summer as in winter", () => {
  expect(finDeJournee("2027-01-15")).toBe("2027-01-15T22:59:59.000Z");
  expect(finDeJournee("2026-07-14")).toBe("2026-07-14T21:59:59.000Z");
  expect(dansUnAn(new Date("2028-02-29T12:00:00Z"))).toBe("2029-02-28");
});

test("a creation holds the member of its perimeter and no other", () => {
  expect(creationDe({ ...saisie(), region: "75" })).toEqual({
    nom: "Observatoire",
    description: "",
    portees: ["conventions:lire"],
    perimetre: { type: "DEPARTEMENT", departement: "87" },
    expire_le: "2027-04-15T21:59:59.000Z",
  });
  const bailleurs = {
    ...saisie(),
    perimetre: "BAILLEURS" as const,
    bailleurs: [option("a"), option("b")],
    expire_le: "",
  };
  expect(
    creationDe({ ...bailleurs, debit_par_minute: " 60 ", login_siap: "x", habilitation_siap: "12" }),
  ).toMatchObject({
    perimetre: { type: "BAILLEURS", bailleurs: ["a", "b"] },
    debit_par_minute: 60,
    login_siap: "x",
    habilitation_siap: 12,
  });
  expect(creationDe(bailleurs)).not.toHaveProperty("expire_le");
});

test("a change empties what was erased and leaves an unchanged end at its hour", () => {
  const typed = saisieDe(CLIENT);
  expect(typed.expire_le).toBe("2027-01-31");
  expect(modificationDe(typed, CLIENT)).not.toHaveProperty("expire_le");
  expect(modificationDe({ ...typed, expire_le: "" }, CLIENT)).toMatchObject({
    expire_le: null,
    debit_par_minute: null,
    habilitation_siap: null,
  });
});

test("what cannot be sent is said by field", () => {
  const faults = (change: object, creation = true) =>
    Object.entries(controlerClient({ ...saisie(), ...change }, creation, MAINTENANT))
      .filter(([, message]) => message)
      .map(([field]) => field);
  expect(faults({})).toEqual([]);
  expect(faults({ nom: " ", portees: [] })).toEqual(["nom", "portees"]);
  expect(faults({ departement: "" })).toEqual(["departement"]);
  expect(faults({ departement: "" }, false)).toEqual([]);
  expect(faults({ perimetre: "REGION" })).toEqual(["region"]);
  expect(faults({ perimetre: "ADMINISTRATION" })).toEqual(["administration"]);
  expect(faults({ perimetre: "BAILLEURS" })).toEqual(["bailleurs"]);
  expect(faults({ perimetre: "NATIONAL" })).toEqual([]);
  expect(faults({ expire_le: "2026-04-14" })).toEqual(["expire_le"]);
  expect(faults({ debit_par_minute: "0" })).toEqual(["debit_par_minute"]);
  expect(faults({ debit_par_minute: "beaucoup" })).toEqual(["debit_par_minute"]);
  expect(faults({ login_siap: "x" })).toEqual(["habilitation_siap"]);
  expect(faults({ habilitation_siap: "12" })).toEqual(["login_siap"]);
});

test("a webhook needs an address and an event; events without source are not offered", () => {
  const empty = { url: "exemple.fr", description: "", evenements: [], actif: true };
  expect(Object.values(controlerWebhook(empty)).filter(Boolean)).toHaveLength(2);
  expect(
    Object.values(controlerWebhook({ ...empty, url: "https://exemple.fr", evenements: ["avenant.cree"] })),
  ).toEqual([null, null]);
  expect(offerts(["document.pret", "document.signe"], [])).toEqual(["document.signe"]);
  expect(offerts(["document.pret"], ["document.pret"])).toEqual(["document.pret"]);
});

test("the address bar holds the search, and nothing that it does not know", () => {
  const read = lireFiltres(new URLSearchParams("q= loyers &etat=INVENTE&page=-2"), ["ACTIF"]);
  expect(read).toEqual({ q: "loyers", etat: "", page: 1 });
  expect(adresseDe("/x", { ...read, etat: "ACTIF", page: 3 })).toBe("/x?q=loyers&etat=ACTIF&page=3");
  expect(adresseDe("/x", { q: "", etat: "", page: 1 })).toBe("/x");
});
