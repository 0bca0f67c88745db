import { describe, expect, it } from "vitest";
import type { Convention } from "../../api/convention";
import { corpsDe, erreursDe, saisieInitiale } from "./publication";

const today = "2026-04-15";
const convention = (publication?: Partial<NonNullable<Convention["publication"]>>) =>
  ({
    televersement_convention_signee_le: "2026-03-26",
    publication: publication && {
      etat: "EN_COURS",
      phrase: "",
      reference_spf: "",
      motif_refus_spf: "",
      depot_possible: true,
      ...publication,
    },
  }) as Convention;

describe("PU-06: days in their order", () => {
  it.each([
    ["2026-03-25", "la signature"],
    ["2026-04-16", "futur"],
    ["", "à renseigner"],
  ])("sending on %s", (jour, why) => {
    expect(erreursDe("envoyer_publication", { jour, texte: "" }, convention(), today).jour).toContain(why);
  });
  it("publication and refusal follow the sending", () => {
    const sent = convention({ date_envoi_spf: "2026-04-10" });
    expect(erreursDe("publier", { jour: "2026-04-09", texte: "X" }, sent, today).jour).toContain("l’envoi");
    expect(erreursDe("refuser_publication", { jour: "2026-04-10", texte: "Motif" }, sent, today)).toEqual({});
  });
});

it("asks for a text that is not too long", () => {
  const sent = convention({ date_envoi_spf: "2026-04-10" });
  expect(erreursDe("publier", { jour: today, texte: "  " }, sent, today).texte).toContain("à renseigner");
  expect(erreursDe("publier", { jour: today, texte: "x".repeat(51) }, sent, today).texte).toContain("50");
  expect(erreursDe("refuser_publication", { jour: today, texte: "x".repeat(1001) }, sent, today).texte).toContain(
    "1000",
  );
});

it("starts with what a reopened publication had (T17)", () => {
  const before = convention({ date_publication_spf: "2026-04-02", reference_spf: "2026P1" });
  expect(saisieInitiale("publier", before, today)).toEqual({ jour: "2026-04-02", texte: "2026P1" });
  expect(saisieInitiale("refuser_publication", before, today)).toEqual({ jour: today, texte: "" });
});

it("sends only the fields of the action", () => {
  expect(corpsDe("publier", { jour: today, texte: " 2026P1 " })).toEqual({
    date_publication_spf: today,
    reference_spf: "2026P1",
  });
  expect(corpsDe("annuler_publication", { jour: today, texte: "x" })).toEqual({});
});
