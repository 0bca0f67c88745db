/**
 * French writing of days and instants. A day ("2026-03-12") belongs to no time zone; an instant (RFC 3339) is always
 * shown at the time of Paris, with « heure de Paris » when the reader's device lives elsewhere.
 */
import { accord, ESPACE_INSECABLE } from "./nombres";

const PARIS = "Europe/Paris";
const MOIS = [
  "janvier",
  "février",
  "mars",
  "avril",
  "mai",
  "juin",
  "juillet",
  "août",
  "septembre",
  "octobre",
  "novembre",
  "décembre",
] as const;

const partsOfParis = new Intl.DateTimeFormat("en-GB", {
  timeZone: PARIS,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

type Parts = { year: number; month: number; day: number; hour: number; minute: number };

function parisParts(instant: Date): Parts {
  const found: Record<string, string> = {};
  for (const part of partsOfParis.formatToParts(instant)) found[part.type] = part.value;
  return {
    year: Number(found.year),
    month: Number(found.month),
    day: Number(found.day),
    hour: Number(found.hour),
    minute: Number(found.minute),
  };
}

function parseDay(day: string): Parts | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(day);
  if (!match) return null;
  return { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]), hour: 0, minute: 0 };
}

const two = (n: number) => String(n).padStart(2, "0");
const dayNumber = (p: Parts) => Date.UTC(p.year, p.month - 1, p.day) / 86_400_000;
const longDay = (p: Parts) => `${p.day === 1 ? "1er" : p.day} ${MOIS[p.month - 1] ?? ""} ${p.year}`;

/** "2026-03-12" → « 12/03/2026 ». */
export function formatDate(day: string | null | undefined): string {
  const parts = day ? parseDay(day) : null;
  return parts ? `${two(parts.day)}/${two(parts.month)}/${parts.year}` : "";
}

/** "2026-03-12" → « 12 mars 2026 ». */
export function formatDateLongue(day: string | null | undefined): string {
  const parts = day ? parseDay(day) : null;
  return parts ? longDay(parts) : "";
}

/** Day of Paris of an instant: « 2026-03-12 », as the API writes days. */
export function jourDeParis(instant: string | Date): string {
  const p = parisParts(new Date(instant));
  return `${p.year}-${two(p.month)}-${two(p.day)}`;
}

/** « 14 h 32 », at the time of Paris. */
export function formatHeure(instant: string | Date): string {
  const p = parisParts(new Date(instant));
  return `${p.hour}${ESPACE_INSECABLE}h${ESPACE_INSECABLE}${two(p.minute)}`;
}

/** True when the reader's clock is not the one of Paris: instants then say so. */
export function horsHeureDeParis(now: Date = new Date()): boolean {
  const p = parisParts(now);
  return p.hour !== now.getHours() || p.minute !== now.getMinutes();
}

/** « 12 mars 2026 à 14 h 32 », with « heure de Paris » outside that zone. */
export function formatInstant(instant: string | null | undefined, outside = horsHeureDeParis()): string {
  if (!instant) return "";
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return "";
  return `${longDay(parisParts(date))} à ${formatHeure(date)}${outside ? " (heure de Paris)" : ""}`;
}

/** Days of Paris between an instant and now; negative in the future. */
export function joursEcoules(instant: string, now: Date): number {
  return dayNumber(parisParts(now)) - dayNumber(parisParts(new Date(instant)));
}

/** « à l’instant », « il y a 12 minutes », « il y a 3 heures », « hier », « il y a 3 jours », « il y a 2 mois »… */
export function ilYA(instant: string, now: Date = new Date()): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return "";
  const minutes = Math.floor((now.getTime() - date.getTime()) / 60_000);
  const days = joursEcoules(instant, now);
  const il = (count: number, unit: string, plural?: string) =>
    `il y a ${count}${ESPACE_INSECABLE}${accord(count, unit, plural)}`;
  if (minutes < 1) return "à l’instant";
  if (minutes < 60) return il(minutes, "minute");
  if (days === 0) return il(Math.floor(minutes / 60), "heure");
  if (days === 1) return "hier";
  if (days < 31) return il(days, "jour");
  if (days < 365) return il(Math.floor(days / 30.44), "mois", "mois");
  return il(Math.floor(days / 365.25) || 1, "an");
}

/** Time given to something that waits: « depuis 3 jours », « depuis hier », « depuis aujourd’hui ». */
export function depuis(instant: string, now: Date = new Date()): string {
  const days = joursEcoules(instant, now);
  if (days <= 0) return "depuis aujourd’hui";
  if (days === 1) return "depuis hier";
  if (days < 31) return `depuis ${days}${ESPACE_INSECABLE}jours`;
  return `depuis le ${formatDate(jourDeParis(instant))}`;
}
