import { describe, expect, test } from "vitest";
import {
  compte,
  formatCoefficient,
  formatDecimal,
  formatEuros,
  formatPourcentage,
  formatSurface,
  formatTaille,
  parseDecimal,
  roundDecimal,
} from "./nombres";

const F = "\u202f";
const N = "\u00a0";

describe("roundDecimal: half-up on digits, as the server", () => {
  test.each([
    ["1.005", 2, "1.01"],
    ["2.675", 2, "2.68"],
    ["-1.005", 2, "-1.01"],
    ["0.004", 2, "0.00"],
    ["-0.004", 2, "0.00"],
    ["999.995", 2, "1000.00"],
    ["12", 2, "12.00"],
    ["12.5", 0, "13"],
    ["90071992547409931.25", 1, "90071992547409931.3"],
  ])("%s to %i digits is %s", (value, digits, expected) => {
    expect(roundDecimal(value, digits)).toBe(expected);
  });
  test("what is not a decimal is null", () => {
    for (const text of ["", "abc", "1,5", "1e3", "--1", "1.2.3"]) expect(roundDecimal(text, 2)).toBeNull();
  });
});

describe("French writing", () => {
  test("amounts, areas, coefficients use narrow no-break spaces and a comma", () => {
    expect(formatEuros("1234.56")).toBe(`1${F}234,56${F}€`);
    expect(formatEuros("1234567.8")).toBe(`1${F}234${F}567,80${F}€`);
    expect(formatSurface("65.3")).toBe(`65,30${F}m²`);
    expect(formatCoefficient("1.06")).toBe("1,0600");
    expect(formatPourcentage(61.6)).toBe(`62${F}%`);
    expect(formatEuros("-5")).toBe(`−5,00${F}€`);
  });
  test("a text that is not a number is shown as it came", () => expect(formatDecimal("n. c.", 2)).toBe("n. c."));
  test.each([
    [0, `0${F}octet`],
    [999, `999${F}octets`],
    [1000, `1${F}ko`],
    [320_400, `320,4${F}ko`],
    [7_400_000, `7,4${F}Mo`],
    [500_000_000, `500${F}Mo`],
    [999_999, `1${F}Mo`],
    [2_500_000_000, `2,5${F}Go`],
  ])("size of %i bytes", (bytes, expected) => expect(formatTaille(bytes)).toBe(expected));
  test("0 and 1 are singular", () => {
    expect(compte(0, "résultat")).toBe(`0${N}résultat`);
    expect(compte(1, "résultat")).toBe(`1${N}résultat`);
    expect(compte(2, "résultat")).toBe(`2${N}résultats`);
    expect(compte(1234, "mois", "mois")).toBe(`1${F}234${N}mois`);
  });
});

describe("parseDecimal: what a person types", () => {
  test.each([
    ["1 234,56", "1234.56"],
    ["1\u202f234,56 €", "1234.56"],
    ["65.30 m²", "65.30"],
    ["007", "7"],
    [",5", "0.5"],
    ["12,", "12"],
    ["-3,20", "-3.20"],
    ["0", "0"],
  ])("%s is %s", (text, expected) => expect(parseDecimal(text)).toBe(expected));
  test("refuses the rest", () => {
    for (const text of ["", "abc", "1,2,3", "12 m", ".", "1e5"]) expect(parseDecimal(text)).toBeNull();
  });
});
