import { describe, expect, test } from "vitest";
import type { ComparaisonDepuis, Repere } from "../../api/lectures";
import { depuisEnMots, etapesModifiees, nomDuRepere } from "./Changements";

const visit: Repere = { repere: "visite", version: 3, le: "2026-03-02T13:32:00Z" };

describe("what changed since a moment", () => {
  test("UX-11: the moment is named with its day", () => {
    expect(nomDuRepere(visit)).toBe("Ma dernière visite (02/03/2026)");
    expect(nomDuRepere({ ...visit, repere: "soumission" })).toBe("La soumission (02/03/2026)");
    expect(nomDuRepere({ repere: "parent", version: null, le: null })).toBe("La version que l’avenant modifie");
    expect(depuisEnMots(visit)).toContain("depuis votre visite du ");
    expect(depuisEnMots({ repere: "parent", version: null, le: null })).toBe(
      "par rapport à la version que l’avenant modifie",
    );
  });

  test("a step is marked for a field, a row or a file, and for nothing else", () => {
    const champ = { change: true, etape: "bailleur" };
    const table = { ajoutees: 0, supprimees: 0, modifiees: 0, etape: "logements" };
    const comparison = {
      blocs: [
        { champs: [champ, { change: false, etape: "operation" }], tableaux: [table] },
        { champs: [], tableaux: [{ ...table, supprimees: 1, etape: "annexes" }] },
      ],
    } as unknown as ComparaisonDepuis;
    expect([...etapesModifiees(comparison)]).toEqual(["bailleur", "annexes"]);
    expect(etapesModifiees(undefined).size).toBe(0);
  });
});
