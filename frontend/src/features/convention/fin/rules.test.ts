import { describe, expect, test } from "vitest";
import type { AvenantLigne, Convention } from "../../../api/convention";
import {
  boutonTerminaison,
  CORRECTIONS,
  type Correction,
  corpsDeCorrection,
  finsPossibles,
  lignesTouchees,
  memeNumero,
  numeroAConfirmer,
  rappels,
  refusDuJour,
} from "./rules";

const denonciation = {
  genre: "denonciation",
  numero: null,
  parent: { uuid: "r", numero: " 13.D.26.0001 " },
  fin: { genre: "denonciation", date: "2031-06-30" },
} as unknown as Convention;

const avenant = (statut: string, numero: string | null): AvenantLigne =>
  ({ statut, numero, rang: null }) as AvenantLigne;

const correction = (code: string): Correction => {
  const found = CORRECTIONS[code];
  if (!found) throw new Error(code);
  return found;
};

describe("AV-30: what ends", () => {
  test("the convention, its avenants in force and the procedure, not the cancelled ones", () => {
    const family = [
      avenant("SIGNEE", "1"),
      avenant("ANNULEE", null),
      avenant("PUBLIE", "2"),
      avenant("INSTRUCTION", null),
    ];
    expect(lignesTouchees(denonciation, family)).toEqual([
      "la convention n° 13.D.26.0001",
      "l’avenant n° 1",
      "l’avenant n° 2",
      "cette dénonciation",
    ]);
  });

  test("the button says the day", () => {
    expect(boutonTerminaison(denonciation)).toBe("Dénoncer au 30/06/2031");
  });

  test("the number is typed again, whatever its case and spaces", () => {
    expect(numeroAConfirmer(denonciation)).toBe("13.D.26.0001");
    expect(memeNumero("13.d.26. 0001", "13.D.26.0001")).toBe(true);
    expect(memeNumero("13.D.26.0002", "13.D.26.0001")).toBe(false);
    expect(numeroAConfirmer({ parent: { uuid: "r", numero: null } } as Convention)).toBeNull();
  });
});

describe("ST-06: corrections of a day", () => {
  test("an end may be ahead, a publication may not", () => {
    expect(refusDuJour(correction("corriger_date_resiliation"), "2030-01-01", "2026-04-15")).toBeNull();
    expect(refusDuJour(correction("corriger_date_publication"), "2030-01-01", "2026-04-15")).toContain("futur");
    expect(refusDuJour(correction("corriger_date_denonciation"), "", "2026-04-15")).toContain("à renseigner");
  });

  test("each one sends its own field", () => {
    expect(corpsDeCorrection(correction("corriger_date_denonciation"), "2031-06-30")).toEqual({
      date_denonciation: "2031-06-30",
    });
    expect(correction("corriger_date_denonciation").jour(denonciation)).toBe("2031-06-30");
  });
});

test("an end is asked for on a convention in force, with nothing in progress", () => {
  expect(finsPossibles({ avenant_creable: true, est_avenant: false })).toEqual(["denonciation", "resiliation"]);
  expect(finsPossibles({ avenant_creable: false, est_avenant: false })).toEqual([]);
  expect(finsPossibles({ avenant_creable: true, est_avenant: true })).toEqual([]);
});

test("AV-32: the notice is told before starting", () => {
  expect(rappels("denonciation", "2031-06-30").join(" ")).toContain("30/06/2031");
  expect(rappels("denonciation", null).join(" ")).toMatch(/6 mois/);
});
