import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { MemoryRouter, Route, Routes } from "react-router";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Convention } from "../../api/convention";
import { jetons } from "../../api/jetons";
import type { Comparaison, TypesAvenant } from "./api";
import { ComparaisonVue } from "./ComparaisonVue";
import { TypesVue } from "./TypesVue";

const convention = {
  uuid: "u",
  version: 7,
  genre: "avenant",
  est_avenant: true,
  etapes: [{ code: "financement", lien: "/conventions/u/etapes/financement", modifiable: true, disponible: true }],
} as unknown as Convention;

const type = (code: string, libelle: string, coche: boolean, disponible = true) => ({
  type: code as TypesAvenant["types"][number]["type"],
  libelle,
  coche,
  fin_de_convention: false,
  disponible,
  lien: `/conventions/u/etapes/${code === "duree" ? "financement" : code}`,
});
let types: TypesAvenant;
const comparison = {
  avant: {
    uuid: "r",
    genre: "convention",
    numero: "N1",
    statut: "SIGNEE",
    statut_libelle: "Signée",
    date_signature: "2021-05-03",
  },
  apres: {
    uuid: "u",
    genre: "avenant",
    numero: null,
    statut: "PROJET",
    statut_libelle: "Projet",
    date_signature: null,
  },
  reference: true,
  nb_changements: 2,
  types_suggeres: ["duree", "programme"],
  avertissements: [
    { code: "CHANGEMENT_SANS_TYPE", type: "programme", detail: "« Opération » a changé mais n’est pas coché." },
  ],
  blocs: [
    {
      type: "duree",
      libelle: "Durée et financement",
      etapes: ["financement"],
      coche: true,
      change: true,
      nb_changements: 3,
      champs: [
        {
          cle: "fond_propre",
          libelle: "Fonds propres",
          lot: "",
          avant: "250 000 €",
          apres: "100 000 €",
          avant_brut: "250000",
          apres_brut: "100000",
          change: true,
        },
      ],
      tableaux: [
        {
          table: "pret",
          titre: "Prêts et subventions",
          ajoutees: 1,
          supprimees: 1,
          modifiees: 0,
          inchangees: 2,
          lignes: [
            {
              nom: "Ville",
              lot: "PLUS",
              sort: "ajoutee",
              champs: [
                {
                  cle: "montant",
                  libelle: "Montant",
                  lot: "",
                  avant: "",
                  apres: "10 €",
                  avant_brut: null,
                  apres_brut: "10",
                  change: true,
                },
              ],
            },
            {
              nom: "Région",
              lot: "PLUS",
              sort: "supprimee",
              champs: [
                {
                  cle: "montant",
                  libelle: "Montant",
                  lot: "",
                  avant: "20 €",
                  apres: "",
                  avant_brut: "20",
                  apres_brut: null,
                  change: true,
                },
              ],
            },
          ],
        },
      ],
    },
  ],
} as unknown as Comparaison;

const sent: { method: string; path: string; match: string | null }[] = [];
const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ETag: '"8"' } });

beforeEach(() => {
  sent.length = 0;
  types = {
    types: [
      type("duree", "Durée et financement", true),
      type("programme", "Opération", false),
      type("cadastre", "Cadastre", false, false),
    ],
    modifiable: true,
    raison: "",
    convention_initiale: {
      complete: true,
      ville_manquante: false,
      lots: [],
      modifiable: true,
      parent: { uuid: "r", numero: "N1" },
      fichier_manquant: false,
      fichier_deposable: false,
    },
  };
  vi.spyOn(jetons, "get").mockResolvedValue("jeton");
  vi.spyOn(window, "fetch").mockImplementation(async (input) => {
    const request = input as Request;
    const path = new URL(request.url).pathname;
    if (request.method !== "GET") {
      sent.push({ method: request.method, path, match: request.headers.get("If-Match") });
      return json(200, convention);
    }
    if (path.endsWith("/types")) return json(200, types);
    if (path.endsWith("/comparaison")) return json(200, comparison);
    return json(200, convention);
  });
});
afterEach(() => vi.restoreAllMocks());

function show(element = <TypesVue convention={convention} />) {
  render(
    <MemoryRouter>
      <QueryClientProvider client={new QueryClient()}>
        <Routes>
          <Route path="/" element={element} />
          <Route path="*" element={<p>étape ouverte</p>} />
        </Routes>
      </QueryClientProvider>
    </MemoryRouter>,
  );
}

describe("what an avenant modifies", () => {
  test("AV-07: checking sends the version and stays on the page, where its form is then offered", async () => {
    show();
    const box = await screen.findByRole("checkbox", { name: /Opération/ });
    fireEvent.click(box);
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(box.isConnected).toBe(true);
    expect(screen.queryByText("étape ouverte")).toBeNull();
    expect(sent).toEqual([{ method: "PUT", path: "/api/v1/avenants/u/types/programme", match: '"7"' }]);
  });

  test("AV-14: removing asks first, names what is lost, then restores", async () => {
    show();
    await screen.findByText(/a changé mais n’est pas coché/);
    fireEvent.click(screen.getByRole("checkbox", { name: /Durée et financement/ }));
    expect(sent).toEqual([]);
    expect(await screen.findByText(/irréversible/)).toBeTruthy();
    expect(screen.getByText("Fonds propres : 100 000 € redeviendra 250 000 €")).toBeTruthy();
    fireEvent.click(document.querySelector(".fr-modal__footer .fr-btn:not(.fr-btn--secondary)") as HTMLElement);
    await waitFor(() =>
      expect(sent).toEqual([{ method: "DELETE", path: "/api/v1/avenants/u/types/duree", match: '"7"' }]),
    );
  });

  test("a block without form cannot be checked, and says why; a suggestion is one click", async () => {
    show();
    const closed = await screen.findByRole<HTMLInputElement>("checkbox", { name: /Cadastre/ });
    expect(closed.disabled).toBe(true);
    fireEvent.click(await screen.findByRole("button", { name: /Cocher « Opération »/ }));
    await waitFor(() => expect(sent.map(({ path }) => path)).toEqual(["/api/v1/avenants/u/types/programme"]));
    expect(screen.queryByText("étape ouverte")).toBeNull();
  });

  test("AV-17: closed, checked blocks are read and nothing can be clicked", async () => {
    types = { ...types, modifiable: false, raison: "Ce que modifie l’avenant ne peut plus être changé." };
    show();
    expect(await screen.findByText(/ne peut plus être changé/)).toBeTruthy();
    for (const box of screen.getAllByRole<HTMLInputElement>("checkbox")) expect(box.disabled).toBe(true);
    expect(screen.getByText("Opération, non modifié")).toBeTruthy();
  });
});

describe("the root of the avenant", () => {
  const missing = (change: Partial<TypesAvenant["convention_initiale"]>) => {
    types = { ...types, convention_initiale: { ...types.convention_initiale, ...change } };
    show(<TypesVue convention={convention} fichierInitiale={(uuid) => <p>dépôt pour {uuid}</p>} />);
  };

  test("AV-20: its signed file is recommended, to who may give it", async () => {
    missing({ fichier_manquant: true, fichier_deposable: true });
    expect(await screen.findByText("dépôt pour r")).toBeTruthy();
    expect(screen.getByRole("heading", { name: "Complétez la convention d’origine (conseillé)" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Compléter la convention d’origine" })).toBeNull();
  });

  test("AV-20: with what is required, in one block", async () => {
    missing({ complete: false, ville_manquante: true, fichier_manquant: true, fichier_deposable: true });
    expect(await screen.findByText("dépôt pour r")).toBeTruthy();
    expect(screen.getByText(/Conseillé : son document signé/)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Compléter la convention d’origine" })).toBeTruthy();
  });

  test("AV-20: to the others, nothing", async () => {
    missing({ fichier_manquant: true, fichier_deposable: false });
    await screen.findByRole("checkbox", { name: /Opération/ });
    expect(screen.queryByText("dépôt pour r")).toBeNull();
  });
});

describe("comparison", () => {
  test("rows say their fate in words, and each side its values", () => {
    show(<ComparaisonVue comparaison={comparison} complet={false} />);
    expect(screen.getByText("Ajouté")).toBeTruthy();
    expect(screen.getByText("Supprimé")).toBeTruthy();
    expect(screen.getByText("250 000 €").tagName).toBe("DEL");
    expect(screen.getByText("100 000 €").tagName).toBe("INS");
    expect(screen.getAllByText("Absent")).toHaveLength(2);
  });
});
