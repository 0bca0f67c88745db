import { expect, test } from "vitest";
import { etapeDeFin } from "./horloge";

const end = "2026-03-12T10:00:00Z";
test.each([
  ["2026-03-12T09:54:59Z", "loin"],
  ["2026-03-12T09:55:00Z", "proche"],
  ["2026-03-12T09:59:59Z", "proche"],
  ["2026-03-12T10:00:00Z", "passee"],
])("at %s the end is %s", (now, expected) => expect(etapeDeFin(end, new Date(now).getTime())).toBe(expected));
test("no end known: nothing is said", () => {
  expect(etapeDeFin(null, 0)).toBe("loin");
  expect(etapeDeFin("?", 0)).toBe("loin");
});
