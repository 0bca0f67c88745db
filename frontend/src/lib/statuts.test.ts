import { expect, test } from "vitest";
import { apparenceStatut, estStatut, STATUTS } from "./statuts";

test("ST: the ten statuses have an icon of the design system, an unknown one a neutral look", () => {
  expect(STATUTS).toHaveLength(10);
  for (const statut of STATUTS) expect(apparenceStatut(statut).icone).toMatch(/^fr-icon-[a-z-]+-line$/);
  expect(estStatut("AUTRE")).toBe(false);
  expect(apparenceStatut("AUTRE").couleur).toBe("beige-gris-galet");
});
