import { afterEach, expect, test } from "vitest";
import { avecModeExpert, ENTETE_MODE, enModeExpert, entrerEnModeExpert, quitterModeExpert } from "./modeExpert";

const sent = (path: string) =>
  avecModeExpert(new Request(`https://apilos.example.org/api/v1${path}`)).headers.get(ENTETE_MODE);

afterEach(() => quitterModeExpert());

test("PE-34: the header goes with the requests of the convention being corrected, and with no other", () => {
  expect(sent("/conventions/u1/operation")).toBeNull();
  entrerEnModeExpert("u1");
  expect(sent("/conventions/u1/operation")).toBe("expert");
  expect(sent("/conventions/u1")).toBe("expert");
  expect(sent("/avenants/u1/types/duree")).toBe("expert");
  for (const path of ["/conventions/u2/operation", "/conventions/u10", "/conventions", "/moi/a-faire"])
    expect(sent(path)).toBeNull();
});

test("PE-34: the mode is of one convention at a time, and is lost when it is left", () => {
  entrerEnModeExpert("u1");
  entrerEnModeExpert("u2");
  expect([enModeExpert("u1"), enModeExpert("u2")]).toEqual([false, true]);
  quitterModeExpert("u1");
  expect(enModeExpert("u2")).toBe(true);
  quitterModeExpert("u2");
  expect(enModeExpert("u2")).toBe(false);
  expect(sent("/conventions/u2/operation")).toBeNull();
});
