import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useLocation } from "react-router";
import { beforeEach, expect, test } from "vitest";
import type { Configuration } from "../../api/dto";
import { uneLigne } from "../../testing/donnees";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, largeurEcran, rendre } from "../../testing/rendu";
import { lireFiltres } from "./filtres";
import { Liste } from "./Liste";

const configuration = {
  statuts: [
    { code: "PROJET", libelle_neutre: "En projet", libelle_bailleur: "", libelle_instructeur: "", icone: "" },
    { code: "INSTRUCTION", libelle_neutre: "À instruire", libelle_bailleur: "", libelle_instructeur: "", icone: "" },
  ],
  financements: [{ code: "PLUS", libelle: "PLUS" }],
} as unknown as Configuration;

const page = (resultats: ReturnType<typeof uneLigne>[], total = resultats.length) => ({
  resultats,
  page: 1,
  par_page: 20,
  total,
});
const JETON = { "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } } };

function Monte({ coteBailleur = false }: { coteBailleur?: boolean }) {
  const { search } = useLocation();
  return (
    <>
      <p data-testid="adresse">{search}</p>
      <Liste
        filtres={lireFiltres(new URLSearchParams(search))}
        configuration={configuration}
        coteBailleur={coteBailleur}
        peutCreer
      />
    </>
  );
}

beforeEach(() => largeurEcran(1280));

test("one link per row, tabs as addresses; a criterion writes the address and the request", async () => {
  const { demandes } = fauxServeur({
    ...JETON,
    "GET /conventions": {
      corps: page([
        uneLigne({ a_moi: true }),
        uneLigne({ uuid: "u2", lien: "/conventions/u2", statut: "INSTRUCTION", statut_libelle: "À instruire" }),
      ]),
    },
  });
  const { container } = rendre(<Monte />, { chemin: "/conventions?tri=ville" });
  const table = await screen.findByRole("table");
  expect(
    within(table)
      .getAllByRole("link")
      .map((link) => link.getAttribute("href")),
  ).toEqual(["/conventions/u1", "/conventions/u2"]);
  expect(within(table).getByText("À traiter par vous")).toBeTruthy();
  expect(screen.getByRole("link", { name: /À traiter par moi/ }).getAttribute("href")).toContain(
    "a_moi=true&tri=attente",
  );
  expect(await fautesAxe(container)).toEqual([]);

  await userEvent.click(screen.getByRole("button", { name: /^Statut Tous/ }));
  await userEvent.click(screen.getByRole("checkbox", { name: "À instruire" }));
  expect(screen.getByTestId("adresse").textContent).toBe("?statut=INSTRUCTION&tri=ville");
  await userEvent.type(screen.getByRole("textbox", { name: "Lieu" }), "Troyes{Enter}");
  expect(screen.getByTestId("adresse").textContent).toBe("?lieu=Troyes&statut=INSTRUCTION&tri=ville");
  expect(demandes.at(-1)?.chemin).toContain("lieu=Troyes&statut=INSTRUCTION&tri=ville");

  await userEvent.click(screen.getByRole("button", { name: /Retirer le critère À instruire/ }));
  expect(screen.getByTestId("adresse").textContent).toBe("?lieu=Troyes&tri=ville");
});

test("no result: what was searched, and each criterion can be removed", async () => {
  fauxServeur({ ...JETON, "GET /conventions": { corps: page([]) } });
  rendre(<Monte />, { chemin: "/conventions?q=marsseille&financement=PLUS" });
  expect(await screen.findByRole("heading", { name: /Aucun résultat pour « marsseille »/ })).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Retirer « PLUS »" }));
  expect(screen.getByTestId("adresse").textContent).toBe("?q=marsseille&tri=-mis_a_jour_le");
});

test("P03: nothing at all yet, the next step by side", async () => {
  fauxServeur({ ...JETON, "GET /conventions": { corps: page([]) } });
  rendre(<Monte coteBailleur />, { chemin: "/conventions?tri=ville" });
  expect(await screen.findByText(/références cadastrales/)).toBeTruthy();
  expect(screen.getByRole("link", { name: "Créer une convention" }).getAttribute("href")).toBe("/operations");
});

test("on a phone the criteria are folded, and rows are cards", async () => {
  largeurEcran(375);
  fauxServeur({ ...JETON, "GET /conventions": { corps: page([uneLigne()]) } });
  const { container } = rendre(<Monte />, { chemin: "/conventions?statut=PROJET" });
  expect(await screen.findByText("1 résultat", { selector: "p" })).toBeTruthy();
  expect(screen.queryByRole("table")).toBeNull();
  expect(screen.queryByRole("textbox", { name: "Lieu" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Filtres (1)" }));
  expect(screen.getByRole("textbox", { name: "Lieu" })).toBeTruthy();
  expect(await fautesAxe(container)).toEqual([]);
});

test("a failure keeps the form, and can be tried again", async () => {
  fauxServeur({ ...JETON, "GET /conventions": { statut: 500, corps: { code: "INTERNE", request_id: "7f3a" } } });
  rendre(<Monte />, { chemin: "/conventions?tri=ville" });
  expect(await screen.findByText("7f3a")).toBeTruthy();
  expect(screen.getByRole("textbox", { name: "Lieu" })).toBeTruthy();
});
