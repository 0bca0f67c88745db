/**
 * French writing of numbers. Amounts, areas and coefficients travel as decimal strings and are never turned into
 * binary floating point numbers: rounding (half-up, like the server) is done on digits.
 */

/** Narrow no-break space: between thousands and before « € », « % », « ? », « ! », « ; ». */
export const ESPACE_FINE = "\u202f";
/** No-break space: before a colon and inside « quotes ». */
export const ESPACE_INSECABLE = "\u00a0";

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d*))?$/;

/** Rounds a decimal string half-up (away from zero) to `decimals` digits; returns null when it is not a decimal. */
export function roundDecimal(value: string, decimals: number): string | null {
  const match = DECIMAL.exec(value.trim());
  if (!match) return null;
  const [, sign = "", whole = "0", fraction = ""] = match;
  const kept = fraction.slice(0, decimals).padEnd(decimals, "0");
  let units = BigInt(whole + kept);
  if ((fraction[decimals] ?? "0") >= "5") units += 1n;
  const digits = units.toString().padStart(decimals + 1, "0");
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return sign === "-" && units !== 0n ? `-${text}` : text;
}

function group(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ESPACE_FINE);
}

/** `formatDecimal("1234.5", 2)` → « 1 234,50 ». A text that is not a decimal is returned as it came. */
export function formatDecimal(value: string | number, decimals: number): string {
  const rounded = roundDecimal(String(value), decimals);
  if (rounded === null) return String(value);
  const [whole = "0", fraction] = rounded.replace("-", "").split(".");
  const text = fraction ? `${group(whole)},${fraction}` : group(whole);
  return rounded.startsWith("-") ? `−${text}` : text;
}

/** « 12 345 » */
export const formatEntier = (value: string | number): string => formatDecimal(value, 0);
/** « 1 234,56 € » */
export const formatEuros = (value: string | number): string => `${formatDecimal(value, 2)}${ESPACE_FINE}€`;
/** « 65,30 m² » */
export const formatSurface = (value: string | number): string => `${formatDecimal(value, 2)}${ESPACE_FINE}m²`;
/** « 1,0000 » */
export const formatCoefficient = (value: string | number): string => formatDecimal(value, 4);
/** « 62 % » */
export const formatPourcentage = (value: number): string => `${formatDecimal(Math.round(value), 0)}${ESPACE_FINE}%`;

/** Size of a file in French units of 1 000: « 320 ko », « 7,4 Mo ». */
export function formatTaille(octets: number): string {
  if (octets < 1000) return `${octets}${ESPACE_FINE}${octets < 2 ? "octet" : "octets"}`;
  const units = ["ko", "Mo", "Go"] as const;
  let tenths = Math.round(octets / 100);
  let index = 0;
  while (tenths >= 10_000 && index < units.length - 1) {
    tenths = Math.round(tenths / 1000);
    index += 1;
  }
  const text = `${Math.floor(tenths / 10)}${tenths % 10 === 0 ? "" : `,${tenths % 10}`}`;
  return `${text}${ESPACE_FINE}${units[index] ?? "Go"}`;
}

/**
 * Reads what a person types for a decimal: comma or point, spaces between thousands, « € » or « m² » at the end.
 * Returns the canonical decimal string sent to the API, or null when the text is not a number.
 */
export function parseDecimal(text: string): string | null {
  const cleaned = text
    .replace(/[\s\u00a0\u202f]/g, "")
    .replace(/(€|m²|m2|%)$/i, "")
    .replace(/[−–]/g, "-")
    .replace(",", ".");
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(cleaned)) return null;
  const [whole = "", fraction = ""] = cleaned.replace(/^[+-]/, "").split(".");
  const normalised = `${whole.replace(/^0+(?=\d)/, "") || "0"}${fraction ? `.${fraction}` : ""}`;
  return cleaned.startsWith("-") ? `-${normalised}` : normalised;
}

/** French agreement: 0 and 1 are singular. `accord(2, "résultat")` → « résultats ». */
export function accord(count: number, singular: string, plural = `${singular}s`): string {
  return Math.abs(count) < 2 ? singular : plural;
}

/** « 1 résultat », « 812 résultats ». */
export function compte(count: number, singular: string, plural?: string): string {
  return `${formatEntier(count)}${ESPACE_INSECABLE}${accord(count, singular, plural)}`;
}
