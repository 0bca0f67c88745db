import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, rendre } from "../../testing/rendu";
import { actionsDe, type Compte, libelleRole, roleDonne } from "./comptes";
import { FicheCompte } from "./FicheCompte";

const compte = (change: Partial<Compte> = {}): Compte => ({
  uuid: "u-nora",
  identifiant: "nora",
  prenom: "Nora",
  nom: "Essai",
  email: "nora@example.org",
  actif: true,
  staff: false,
  superuser: false,
  cerbere: false,
  client_api: false,
  derniere_connexion_le: null,
  verrouille_jusqu_a: null,
  detournable: true,
  roles: [],
  reglages: { activation: true, roles: true, equipe: false },
  version: 4,
  ...change,
});
const REFRESH = { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } };

test("only what the server allows is offered", () => {
  const cles = (c: Compte) => actionsDe(c).map(({ cle }) => cle);
  expect(cles(compte())).toEqual(["desactiver"]);
  expect(cles(compte({ reglages: { activation: false, roles: false, equipe: false } }))).toEqual([]);
  const chef = { activation: true, roles: true, equipe: true };
  expect(cles(compte({ actif: false, reglages: chef }))).toEqual(["reactiver", "equipe", "superuser"]);
  expect(cles(compte({ staff: true, superuser: true, reglages: chef }))).toEqual(["desactiver", "retirer-superuser"]);
});

test("a role in words, and what leaves", () => {
  const role = {
    lecture_seule: true,
    entite: "",
    region: "",
    departement: "87",
    profil: "",
    habilitation: 0,
    expire_le: null,
  };
  expect(libelleRole({ ...role, typologie: "ADMINISTRATEUR" })).toBe("Administrateur, département 87 (lecture seule)");
  const saisie = { cle: " 900 000 001 ", lectureSeule: false, motif: " Prise de poste " };
  expect(roleDonne({ ...saisie, typologie: "BAILLEUR" })).toEqual({
    typologie: "BAILLEUR",
    lecture_seule: false,
    siren: "900000001",
    motif: "Prise de poste",
  });
  expect(roleDonne({ ...saisie, cle: "", typologie: "ADMINISTRATEUR" })).toMatchObject({ national: true });
});

test("closing an account says what follows, asks why and bears the version read", async () => {
  const { demandes } = fauxServeur({
    "POST /auth/refresh": REFRESH,
    "PATCH /admin/utilisateurs/u-nora": { corps: compte({ actif: false }) },
  });
  const { container } = rendre(<FicheCompte compte={compte()} />);
  expect(await fautesAxe(container)).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Désactiver le compte" }));
  expect(await screen.findByText(/sessions sont fermées/)).toBeTruthy();
  const confirm = () =>
    screen.getAllByRole("button", { name: "Désactiver le compte", hidden: true }).at(-1) as HTMLElement;
  await userEvent.click(confirm());
  expect(demandes).toHaveLength(0);
  await userEvent.type(screen.getByLabelText(/Motif/), "Départ");
  await userEvent.click(confirm());
  await waitFor(() => expect(demandes.some(({ methode }) => methode === "PATCH")).toBe(true));
  const sent = demandes.find(({ methode }) => methode === "PATCH");
  expect(sent?.corps).toEqual({ actif: false, motif: "Départ" });
  expect(sent?.entetes.get("If-Match")).toBe('"4"');
});
