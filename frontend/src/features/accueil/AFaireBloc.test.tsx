import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import type { AFaire, LigneAFaire } from "../../api/dto";
import { fautesAxe, rendre } from "../../testing/rendu";
import { AFaireBloc } from "./AFaireBloc";

const ligne = (uuid: string, titre: string): LigneAFaire => ({
  uuid,
  titre,
  sous_titre: "Mon Logis, Troyes",
  statut: "INSTRUCTION",
  statut_libelle: "À instruire",
  statut_icone: "eye",
  resume: "depuis 2 jours",
  depuis: "2026-03-01T09:00:00Z",
  action: { libelle: "Instruire", lien: `/conventions/${uuid}/recapitulatif?vue=instruction` },
});
const donnees = (change: Partial<AFaire> = {}): AFaire => ({
  total: 1,
  tuiles: [{ code: "INSTRUCTION", libelle: "À instruire", nombre: 12, lien: "/conventions?statut=INSTRUCTION" }],
  lignes: [ligne("u1", "Les Tilleuls")],
  brouillons: [],
  ...change,
});

test("UX-10: each row is one link to the action itself; tiles open their list", async () => {
  const { container } = rendre(
    <>
      <h1>À faire</h1>
      <AFaireBloc donnees={donnees()} lectureSeule={false} peutCreer />
    </>,
  );
  expect(screen.getByRole("link", { name: "Instruire : Les Tilleuls" }).getAttribute("href")).toBe(
    "/conventions/u1/recapitulatif?vue=instruction",
  );
  expect(screen.getByRole("link", { name: /12.*À instruire/ }).getAttribute("href")).toBe(
    "/conventions?statut=INSTRUCTION",
  );
  expect(await fautesAxe(container)).toEqual([]);
});

test("a row that arrives later is offered, not pushed; one that is done leaves", async () => {
  function Vivant() {
    const [data, setData] = useState(donnees());
    return (
      <>
        <button
          type="button"
          onClick={() => setData(donnees({ total: 2, lignes: [ligne("u0", "Bel-Air"), ligne("u1", "Les Tilleuls")] }))}
        >
          Arrivée
        </button>
        <button type="button" onClick={() => setData(donnees({ total: 1, lignes: [ligne("u0", "Bel-Air")] }))}>
          Départ
        </button>
        <AFaireBloc donnees={data} lectureSeule={false} peutCreer />
      </>
    );
  }
  rendre(<Vivant />);
  await userEvent.click(screen.getByRole("button", { name: "Arrivée" }));
  expect(screen.queryByText("Bel-Air")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: /1.nouveauté, afficher/ }));
  expect(screen.getByText("Bel-Air")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Départ" }));
  expect(screen.queryByText("Les Tilleuls")).toBeNull();
});

test("ST-05: a reader is offered nothing that writes", () => {
  rendre(<AFaireBloc donnees={donnees({ total: 0, lignes: [] })} lectureSeule peutCreer={false} />);
  expect(screen.queryByRole("link", { name: "Créer une convention" })).toBeNull();
  expect(screen.getByText(/Votre profil consulte/)).toBeTruthy();
});

test("a draft can be taken up again in one click", () => {
  rendre(
    <AFaireBloc
      donnees={donnees({
        brouillons: [
          {
            convention_uuid: "u1",
            etape: "operation",
            libelle: "Opération",
            titre: "Les Tilleuls, PLUS",
            cree_le: "2026-03-12T13:32:00Z",
            lien: "/conventions/u1/etapes/operation",
          },
        ],
      })}
      lectureSeule={false}
      peutCreer
    />,
  );
  expect(screen.getByRole("link", { name: /Reprendre « Opération »/ }).getAttribute("href")).toBe(
    "/conventions/u1/etapes/operation",
  );
});
