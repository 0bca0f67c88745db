import { expect, test } from "vitest";
import type { EntreeMenu, Session } from "../../api/dto";
import { entreesDeNavigation, lienSur } from "./menu";

const entry = (change: Partial<EntreeMenu>): EntreeMenu => ({
  libelle: "X",
  url: "/x",
  actif: true,
  courant: false,
  nouvelle_fenetre: false,
  enfants: [],
  ...change,
});
const session = (menu: EntreeMenu[]) =>
  ({ menu, liens: { gestion_habilitations: null, racine_siap: "https://siap.example.org" } }) as unknown as Session;

test("B.4: only http(s) addresses are followed", () => {
  expect(lienSur("/tableau", "https://siap.example.org")).toBe("https://siap.example.org/tableau");
  expect(lienSur("https://a.fr/b", null)).toBe("https://a.fr/b");
  for (const url of [null, undefined, "javascript:alert(1)", "data:text/html,x", "", "   "]) {
    expect(lienSur(url, "https://siap.example.org")).toBeNull();
  }
});

test("B.4: the entry of this application is current, and so is its group; inactive ones are kept but disabled", () => {
  const group = entry({ libelle: "G", enfants: [entry({ courant: true })] });
  const [, , siap] = entreesDeNavigation(
    session([entry({ courant: true }), group, entry({ actif: false })]),
    "/parametres",
    "",
  );
  expect(siap?.enfants?.map(({ courante, inactive }) => [courante, inactive])).toEqual([
    [true, false],
    [true, false],
    [false, true],
  ]);
});

test("without SIAP menu the local menu stands alone, and says where one is", () => {
  const current = (path: string, search: string) =>
    entreesDeNavigation(session([]), path, search).map(({ courante }) => courante);
  expect(current("/conventions", "")).toEqual([true, false]);
  expect(current("/conventions", "?statut=PROJET")).toEqual([false, true]);
  expect(current("/conventions/u/recapitulatif", "")).toEqual([false, true]);
  expect(current("/parametres", "")).toEqual([false, false]);
});

test("the staff has the back office, and the deposit stays its own entry", () => {
  const staff = { ...session([]), staff: true } as Session;
  const entries = (path: string) =>
    entreesDeNavigation(staff, path, "")
      .filter(({ lien }) => lien?.startsWith("/admin"))
      .map(({ libelle, courante }) => [libelle, courante]);
  expect(entries("/admin/alertes-siap")).toEqual([
    ["Dépôt des adresses", false],
    ["Administration", true],
  ]);
  expect(entries("/admin/depot/clients")).toEqual([
    ["Dépôt des adresses", true],
    ["Administration", false],
  ]);
});
