/** What the comments of a convention mean on screen, as pure functions (02 §4.2). */
import type { Commentaire } from "../../api/convention";
import { accord } from "../../lib/nombres";

/** Field or table a comment is about, without the row: several rows share the thread of their table. */
export const cibleDe = ({ nom_objet, champ_objet }: Pick<Commentaire, "nom_objet" | "champ_objet">): string =>
  `${nom_objet}__${champ_objet}`;

/** « programme__nom » → what the API expects when writing. */
export function objetEtChamp(cible: string): { nom_objet: string; champ_objet: string } {
  const [nom_objet = "", champ_objet = ""] = cible.split("__");
  return { nom_objet, champ_objet };
}

/** Threads by field, each in the order of writing (CO-11). */
export function parCible(comments: readonly Commentaire[]): Map<string, Commentaire[]> {
  const threads = new Map<string, Commentaire[]>();
  const sorted = [...comments].sort((a, b) => a.cree_le.localeCompare(b.cree_le) || a.uuid.localeCompare(b.uuid));
  for (const comment of sorted) {
    const key = cibleDe(comment);
    const thread = threads.get(key);
    if (thread) thread.push(comment);
    else threads.set(key, [comment]);
  }
  return threads;
}

export type EtatDuFil = "ouvert" | "resolu" | "clos" | "aucun";

/** State of a field: one OUVERT wins, then one RESOLU, then only CLOS (CO-10). */
export function etatDuFil(thread: readonly Commentaire[]): EtatDuFil {
  if (thread.some(({ statut }) => statut === "OUVERT")) return "ouvert";
  if (thread.some(({ statut }) => statut === "RESOLU")) return "resolu";
  return thread.length > 0 ? "clos" : "aucun";
}

export type Nombres = { ouverts: number; resolus: number; clos: number };

export function compter(comments: readonly Pick<Commentaire, "statut">[]): Nombres {
  const count = (statut: Commentaire["statut"]) => comments.filter((comment) => comment.statut === statut).length;
  return { ouverts: count("OUVERT"), resolus: count("RESOLU"), clos: count("CLOS") };
}

/** « 5 commentaires ouverts, 3 résolus à vérifier, 1 clos »; the side that closes is the one that verifies. */
export function phraseNombres({ ouverts, resolus, clos }: Nombres, verifie: boolean): string {
  if (ouverts + resolus + clos === 0) return "Aucun commentaire";
  const parts = [`${ouverts === 0 ? "Aucun" : ouverts} ${accord(ouverts, "commentaire")} ${accord(ouverts, "ouvert")}`];
  if (resolus > 0) parts.push(`${resolus} ${accord(resolus, "résolu")}${verifie ? " à vérifier" : ""}`);
  if (clos > 0) parts.push(`${clos} ${accord(clos, "clos", "clos")}`);
  return parts.join(", ");
}

/** Comments in the order in which the page shows their fields; unknown fields come last. */
export function dansLOrdre(comments: readonly Commentaire[], fields: readonly string[]): Commentaire[] {
  const rank = new Map(fields.map((field, index) => [field, index]));
  const of = (comment: Commentaire) => rank.get(cibleDe(comment)) ?? fields.length;
  return [...comments].sort(
    (a, b) => of(a) - of(b) || a.cree_le.localeCompare(b.cree_le) || a.uuid.localeCompare(b.uuid),
  );
}

/** Comments that still ask for something: everything that is not closed. */
export const vivants = (comments: readonly Commentaire[]): Commentaire[] =>
  comments.filter(({ statut }) => statut !== "CLOS");

/** Next (+1) or previous (-1) comment after the current one, round and round; null when there is no other. */
export function voisin(ordered: readonly Commentaire[], current: string | null, sens: 1 | -1): Commentaire | null {
  if (ordered.length === 0) return null;
  const index = ordered.findIndex(({ uuid }) => uuid === current);
  if (index < 0) return (sens === 1 ? ordered[0] : ordered[ordered.length - 1]) ?? null;
  const next = ordered[(index + sens + ordered.length) % ordered.length];
  return next && next.uuid !== current ? next : null;
}

/** Greatest length of a comment, in characters (CO-01). */
export const LONGUEUR_MAX = 5000;

/** Why a text cannot be published; null when it can. */
export function refusDuTexte(text: string): string | null {
  const length = [...text.trim()].length;
  if (length === 0) return "Écrivez votre commentaire avant de le publier.";
  if (length > LONGUEUR_MAX) return `Votre commentaire dépasse 5 000 caractères (${length}) : raccourcissez-le.`;
  return null;
}
