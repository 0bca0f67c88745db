import { describe, expect, test } from "vitest";
import {
  depuis,
  formatDate,
  formatDateLongue,
  formatHeure,
  formatInstant,
  ilYA,
  jourDeParis,
  joursEcoules,
} from "./dates";

const N = "\u00a0";

describe("days and instants at the time of Paris", () => {
  test("a day has no time zone", () => {
    expect(formatDate("2026-03-12")).toBe("12/03/2026");
    expect(formatDateLongue("2026-03-01")).toBe("1er mars 2026");
    expect(formatDate(null)).toBe("");
    expect(formatDateLongue("pas une date")).toBe("");
  });
  test("an instant near midnight UTC is the day of Paris, in winter and in summer", () => {
    expect(jourDeParis("2026-01-31T23:30:00Z")).toBe("2026-02-01");
    expect(jourDeParis("2026-06-30T21:59:00Z")).toBe("2026-06-30");
    expect(jourDeParis("2026-06-30T22:00:00Z")).toBe("2026-07-01");
  });
  test("hour and full instant", () => {
    expect(formatHeure("2026-03-12T13:02:00Z")).toBe(`14${N}h${N}02`);
    expect(formatInstant("2026-03-12T13:32:00Z", false)).toBe(`12 mars 2026 à 14${N}h${N}32`);
    expect(formatInstant("2026-07-12T12:32:00Z", true)).toBe(`12 juillet 2026 à 14${N}h${N}32 (heure de Paris)`);
    expect(formatInstant(null)).toBe("");
    expect(formatInstant("hier")).toBe("");
  });
});

describe("relative time counts days of Paris, not 24 hours", () => {
  const now = new Date("2026-03-12T09:00:00Z");
  test.each([
    ["2026-03-12T08:59:40Z", "à l’instant"],
    ["2026-03-12T08:48:00Z", `il y a 12${N}minutes`],
    ["2026-03-12T06:00:00Z", `il y a 3${N}heures`],
    ["2026-03-11T22:30:00Z", "hier"],
    ["2026-03-11T01:00:00Z", "hier"],
    ["2026-03-09T10:00:00Z", `il y a 3${N}jours`],
    ["2026-01-10T10:00:00Z", `il y a 2${N}mois`],
    ["2024-01-10T10:00:00Z", `il y a 2${N}ans`],
    ["pas un instant", ""],
  ])("%s", (instant, expected) => expect(ilYA(instant, now)).toBe(expected));
  test("joursEcoules crosses the summer time change", () => {
    expect(joursEcoules("2026-03-28T12:00:00Z", new Date("2026-03-30T06:00:00Z"))).toBe(2);
  });
  test("waiting time", () => {
    expect(depuis("2026-03-12T07:00:00Z", now)).toBe("depuis aujourd’hui");
    expect(depuis("2026-03-11T07:00:00Z", now)).toBe("depuis hier");
    expect(depuis("2026-03-07T07:00:00Z", now)).toBe(`depuis 5${N}jours`);
    expect(depuis("2025-12-01T07:00:00Z", now)).toBe("depuis le 01/12/2025");
  });
});
