import { expect, test } from "vitest";
import type { Session } from "../../../api/dto";
import { peutAdministrer, peutVoir } from "../droits";
import { ecrireFiltresAdmin, lireFiltresAdmin } from "./filtres";
import { ajouterPerimetre, refusDuCourriel, refusDuNom, retirerPerimetre, strategieSelon } from "./rules";

test("6.1: the strategy follows the chef de file, unless it is internal", () => {
  expect(strategieSelon("c1", "habilitation")).toBe("chef-de-file");
  expect(strategieSelon(null, "chef-de-file")).toBe("habilitation");
  expect(strategieSelon("c1", "internal")).toBe("internal");
});

test("a perimeter is written once; the same code of another type is another perimeter", () => {
  const aube = { type: "departement", code: "10" } as const;
  const list = ajouterPerimetre(ajouterPerimetre([aube], aube), { type: "commune", code: "10" });
  expect(list).toHaveLength(2);
  expect(retirerPerimetre(list, aube)).toEqual([{ type: "commune", code: "10" }]);
});

test("names and addresses are refused with what to type", () => {
  expect(refusDuNom("  ")).toBe("Saisissez un nom.");
  expect(refusDuNom("ab", 3)).toMatch(/3 caractères/);
  expect(refusDuNom("abc", 3)).toBeNull();
  expect(refusDuCourriel("", true)).not.toBeNull();
  expect(refusDuCourriel("", false)).toBeNull();
  expect(refusDuCourriel("a@b", false)).toMatch(/par exemple/);
  expect(refusDuCourriel("a@b.fr", true)).toBeNull();
});

test("the address holds the search of a list, and gives it back", () => {
  const filtres = { q: "plus", page: 2, statut: "pending" } as const;
  expect(lireFiltresAdmin(ecrireFiltresAdmin(filtres))).toEqual(filtres);
  expect(lireFiltresAdmin(new URLSearchParams("statut=autre&page=x"))).toEqual({ q: "", page: 1, statut: "" });
});

const habilitation = (profil: string, lecture_seule = false) => ({ profil, lecture_seule }) as Session["habilitation"];

const session = (change: Partial<Session>) =>
  ({
    staff: false,
    superuser: false,
    typologie: "BAILLEUR",
    habilitation: { lecture_seule: false },
    ...change,
  }) as Session;

test.each([
  ["a visitor", null, false, false],
  ["a bailleur", session({}), false, false],
  ["the central administration", session({ habilitation: habilitation("ADM_CENTRALE") }), true, true],
  ["an association", session({ habilitation: habilitation("ASS_HLM") }), false, false],
  ["staff", session({ staff: true }), true, true],
  ["ST-05: who only reads", session({ habilitation: habilitation("ADM_CENTRALE", true) }), true, false],
])("rights on the deposit: %s", (_who, who, voir, administrer) => {
  expect(peutVoir(who)).toBe(voir);
  expect(peutAdministrer(who)).toBe(administrer);
});
