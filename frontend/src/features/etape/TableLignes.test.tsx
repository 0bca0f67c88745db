import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, describe, expect, test } from "vitest";
import type { LigneSaisie } from "../../api/brouillon";
import { fautesAxe, largeurEcran, rendre } from "../../testing/rendu";
import type { ChampEtape, ValeurLigne } from "./api";
import { lignesDe } from "./lignes";
import { TableLignes } from "./TableLignes";
import { unePret, unTableau } from "./table.fixture";

const UN_LOT = [{ valeur: "PLUS", libelle: "PLUS" }];

type Options = { champ?: ChampEtape; valeurs?: ValeurLigne[]; erreurs?: Record<string, string>; erreur?: string };
let rows: LigneSaisie[] = [];

function Table({ champ = unTableau(UN_LOT), valeurs = [], erreurs = {}, erreur }: Options) {
  const [lignes, setLignes] = useState(() => lignesDe(champ, valeurs));
  rows = lignes;
  return (
    <TableLignes
      champ={champ}
      lignes={lignes}
      modifie={false}
      erreur={erreur}
      erreurs={erreurs}
      onChange={setLignes}
      onFocus={() => undefined}
      mention={null}
      version={1}
    />
  );
}

const A = unePret("a", { numero: "111", montant: "1000.50" });
const B = unePret("b", { numero: "222", montant: "2" });

beforeEach(() => largeurEcran(1280));

describe("on a large screen", () => {
  test("one input per cell, named by its column and its row; the total is shown", async () => {
    const { container } = rendre(<Table valeurs={[A, B]} />);
    expect(screen.getByRole("textbox", { name: "Montant (obligatoire), ligne 1" })).toHaveProperty("value", "1000,50");
    expect(screen.getByRole("textbox", { name: "Numéro (obligatoire), ligne 2" })).toHaveProperty("value", "222");
    expect(screen.getByRole("row", { name: /^Total/ }).textContent).toContain("1\u202f002,50");
    expect(await fautesAxe(container)).toEqual([]);
  });

  test("a column appears with the choice that asks for it", async () => {
    rendre(<Table valeurs={[A]} />);
    expect(screen.queryByRole("textbox", { name: /^Préciser/ })).toBeNull();
    await userEvent.selectOptions(screen.getByRole("combobox", { name: /^Organisme/ }), "AUTRE");
    await userEvent.type(screen.getByRole("textbox", { name: "Préciser (obligatoire), ligne 1" }), "Fondation");
    expect(rows[0]?.valeurs.autre).toBe("Fondation");
    expect(screen.getByRole("textbox", { name: /^Numéro ?, ligne 1$/ })).toBeDefined();
  });

  test("adding puts the cursor in the new row, with the only lot filled in", async () => {
    rendre(<Table />);
    await userEvent.click(screen.getByRole("button", { name: /^Ajouter une ligne/ }));
    await waitFor(() => expect(document.activeElement?.id).toBe("champ-prets/nouvelle-1/financement"));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.valeurs.financement).toBe("PLUS");
  });

  test("a duplicate follows its row; a deletion can be undone, and focus never falls", async () => {
    rendre(<Table valeurs={[A, B]} />);
    await userEvent.click(screen.getByRole("button", { name: "Dupliquer la ligne 1" }));
    expect(rows.map(({ valeurs }) => valeurs.numero)).toEqual(["111", "111", "222"]);
    await userEvent.click(screen.getByRole("button", { name: "Supprimer la ligne 3" }));
    expect(rows).toHaveLength(2);
    const undo = screen.getByRole("button", { name: "Annuler" });
    await waitFor(() => expect(document.activeElement).toBe(undo));
    await userEvent.keyboard("{Enter}");
    expect(rows.map(({ uuid }) => uuid)).toEqual(["a", null, "b"]);
    await waitFor(() => expect(document.activeElement?.id).toBe("champ-prets/b/financement"));
    expect(screen.queryByRole("button", { name: "Annuler" })).toBeNull();
  });

  test("a block of a spreadsheet is pasted from the cell on, and can be undone", async () => {
    rendre(<Table valeurs={[A]} />);
    await userEvent.click(screen.getByRole("textbox", { name: /^Numéro/ }));
    await userEvent.paste("9\t30\t12,5\n10\t20\t7");
    expect(rows.map(({ valeurs }) => valeurs.montant)).toEqual(["12,5", "7"]);
    await userEvent.click(screen.getByRole("button", { name: "Annuler" }));
    expect(rows.map(({ valeurs }) => valeurs.montant)).toEqual(["1000,50"]);
  });

  test("errors stand in their cell, without saying the row again; those of the table above it", async () => {
    const { container } = rendre(
      <Table
        valeurs={[A, B]}
        erreur="Déclarez un prêt."
        erreurs={{ "prets/b/montant": "Ligne 2, Montant : saisissez un nombre." }}
      />,
    );
    const cell = screen.getByRole("textbox", { name: "Montant (obligatoire), ligne 2" });
    expect(cell.getAttribute("aria-invalid")).toBe("true");
    expect(document.getElementById(cell.getAttribute("aria-describedby") ?? "")?.textContent).toBe(
      "Saisissez un nombre.",
    );
    expect(screen.getByText("Déclarez un prêt.")).toBeDefined();
    expect(await fautesAxe(container)).toEqual([]);
  });

  test("closed to the reader: values as text, no command", () => {
    rendre(<Table champ={unTableau(UN_LOT, { modifiable: false })} valeurs={[A]} />);
    expect(screen.queryByRole("textbox")).toBeNull();
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.getByRole("cell", { name: "CDC logement" })).toBeDefined();
  });
});

describe("a mixte convention", () => {
  test("one block per lot; a row whose financement changes moves to the other and keeps the cursor", async () => {
    rendre(<Table champ={unTableau()} valeurs={[A, B]} />);
    const [plus, plai] = screen.getAllByRole("group") as [HTMLElement, HTMLElement];
    expect(within(plus).getAllByRole("textbox", { name: /^Montant/ })).toHaveLength(2);
    expect(within(plai).getByText("Aucune ligne saisie.")).toBeDefined();
    await userEvent.selectOptions(within(plus).getByRole("combobox", { name: /^Financement.*ligne 2$/ }), "PLAI");
    expect(within(plai).getAllByRole("textbox", { name: /^Montant/ })).toHaveLength(1);
    await waitFor(() => expect(document.activeElement?.id).toBe("champ-prets/b/financement"));
    await userEvent.click(within(plai).getByRole("button", { name: /^Ajouter une ligne/ }));
    expect(rows.at(-1)?.valeurs.financement).toBe("PLAI");
  });
});

describe("on a phone", () => {
  test("one card per row, labels in sight, commands in words", async () => {
    largeurEcran(375);
    const { container } = rendre(<Table valeurs={[A]} />);
    expect(screen.queryByRole("table")).toBeNull();
    expect(screen.getByText("Prêt ou subvention 1")).toBeDefined();
    await userEvent.type(screen.getByRole("textbox", { name: "Numéro (obligatoire), ligne 1" }), "9");
    expect(rows[0]?.valeurs.numero).toBe("1119");
    expect(screen.getByText(/^Total Montant/).textContent).toContain("1\u202f000,50");
    expect(await fautesAxe(container)).toEqual([]);
  });
});
