import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, rendre } from "../../testing/rendu";
import { ListeInterrupteurs } from "./Interrupteurs";
import { type Interrupteur, pourQui, refusDuReglage, reglageDe, saisieDe } from "./interrupteurs";

const interrupteur = (change: Partial<Interrupteur> = {}): Interrupteur => ({
  nom: "ajout_convention",
  actif: true,
  ciblable: true,
  portee: null,
  note: "",
  retrait_prevu_le: null,
  modifie_par: "",
  mis_a_jour_le: "2026-03-01T09:00:00Z",
  version: 3,
  ...change,
});
const PORTEE = {
  typologies: ["INSTRUCTEUR" as const],
  administrations: [{ code: "DDT87", nom: "DDT 87" }],
  departements: [],
  utilisateurs: [{ uuid: "u-marie", nom: "Marie Durand" }],
};

describe("02 §12", () => {
  test("for whom a switch is on", () => {
    expect(pourQui(interrupteur())).toBe("Tout le monde");
    expect(pourQui(interrupteur({ actif: false }))).toBe("Personne");
    expect(pourQui(interrupteur({ portee: PORTEE }))).toBe("Instructeurs, DDT 87, Marie Durand");
  });

  test("what leaves", () => {
    const cible = { ...saisieDe(interrupteur({ portee: PORTEE })), motif: " Essai pilote " };
    expect(reglageDe(cible, true)).toEqual({
      actif: true,
      motif: "Essai pilote",
      portee: {
        typologies: ["INSTRUCTEUR"],
        administrations: ["DDT87"],
        utilisateurs: ["u-marie"],
        departements: [],
      },
      retrait_prevu_le: null,
    });
    expect(reglageDe({ ...cible, etat: "personne" }, false)).toEqual({ actif: false, motif: "Essai pilote" });
    expect(refusDuReglage(cible)).toEqual({ motif: undefined, portee: undefined });
    expect(refusDuReglage({ ...saisieDe(interrupteur()), etat: "certains", motif: "non" })).toEqual({
      motif: expect.any(String),
      portee: expect.any(String),
    });
  });
});

test("a change says its consequence, asks a reason and bears the version read", async () => {
  const { demandes } = fauxServeur({
    "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } },
    "PATCH /admin/interrupteurs/transactional_emails_off": { corps: interrupteur() },
  });
  const courriels = interrupteur({ nom: "transactional_emails_off", ciblable: false, actif: false });
  const { container } = rendre(<ListeInterrupteurs liste={[courriels]} aujourdhui="2026-03-12" peutAgir />);
  expect(screen.getByText("Désactivé")).toBeTruthy();
  expect(await fautesAxe(container)).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Régler : Suspension des courriels" }));
  const dialogue = within(await screen.findByRole("dialog", { hidden: true }));
  expect(dialogue.queryByLabelText("Activé pour certains")).toBeNull();
  await userEvent.click(dialogue.getByLabelText("Activé pour tout le monde"));
  expect(dialogue.getByText(/Aucun courriel ne part/)).toBeTruthy();
  await userEvent.click(dialogue.getByRole("button", { name: "Enregistrer le réglage", hidden: true }));
  expect(demandes.filter(({ methode }) => methode === "PATCH")).toHaveLength(0);
  expect(dialogue.getByText("Dites pourquoi, en 5 à 500 caractères.")).toBeTruthy();
  await userEvent.type(dialogue.getByLabelText(/Motif/), "Maintenance");
  await userEvent.click(dialogue.getByRole("button", { name: "Enregistrer le réglage", hidden: true }));
  await waitFor(() =>
    expect(demandes.map((d) => `${d.methode} ${d.chemin}`)).toContain(
      "PATCH /admin/interrupteurs/transactional_emails_off",
    ),
  );
  const sent = demandes.find(({ methode }) => methode === "PATCH");
  expect(sent?.corps).toEqual({ actif: true, motif: "Maintenance" });
  expect(sent?.entetes.get("If-Match")).toBe('"3"');
});

test("a switch that should be gone says so, and who only reads has no button", () => {
  rendre(
    <ListeInterrupteurs
      liste={[interrupteur({ retrait_prevu_le: "2026-01-01", portee: PORTEE })]}
      aujourdhui="2026-03-12"
      peutAgir={false}
    />,
  );
  expect(screen.getByText(/Aurait dû être retiré le/)).toBeTruthy();
  expect(screen.getByText("Activé pour certains")).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});
