/** What a run of reassignment says of itself. No call here. */
import type { components } from "../../../api/schema";
import { nomDuDepartement } from "../../../lib/departements";
import { accord, compte, formatEntier } from "../../../lib/nombres";

type Resume = components["schemas"]["ReassignationResume"];
type LigneRefusee = components["schemas"]["LigneRefusee"];

export const enCours = ({ etat }: Pick<Resume, "etat">): boolean => etat === "CONFIRMEE" || etat === "ANNULATION";

type Apparence = { libelle: string; severite: "info" | "success" | "warning" | "error" | "new" };

export function etatDe(run: Pick<Resume, "etat" | "interrompue">): Apparence {
  if (run.interrompue) return { libelle: "Arrêtée avant la fin", severite: "error" };
  switch (run.etat) {
    case "CONFIRMEE":
      return { libelle: "En cours", severite: "info" };
    case "TERMINEE":
      return { libelle: "Terminée", severite: "success" };
    case "ANNULATION":
      return { libelle: "Annulation en cours", severite: "info" };
    case "ANNULEE":
      return { libelle: "Annulée", severite: "warning" };
    default:
      return { libelle: "Simulation", severite: "new" };
  }
}

/** Operations done and to do: of the execution, or of the undo. */
export function avancement(run: Resume): { faites: number; total: number } {
  if (run.etat === "ANNULATION" || run.etat === "ANNULEE") {
    return { faites: run.rendues + run.laissees, total: run.rendues + run.laissees + run.deplacees };
  }
  return { faites: run.deplacees + run.ignorees, total: run.total };
}

/** « Ille-et-Vilaine (35) », « 12 communes de communes.csv » */
export function perimetre({ departements, fichier, communes }: Resume): string {
  if (departements.length > 0) return departements.map(nomDuDepartement).join(", ");
  if (fichier || communes > 0) return `${compte(communes, "commune")}${fichier ? ` de « ${fichier} »` : ""}`;
  return "Liste d’opérations";
}

/** What a run that is over did, and what it left. */
export function bilan(run: Resume): string {
  const left = (n: number, why: string) => (n > 0 ? ` ; ${formatEntier(n)} ${accord(n, "laissée")} : ${why}` : "");
  if (run.etat === "ANNULEE") {
    return `${compte(run.rendues, "opération rendue", "opérations rendues")}${left(run.laissees, "changement d’administration depuis")}`;
  }
  return `${compte(run.deplacees, "opération réassignée", "opérations réassignées")}${left(run.ignorees, "changement d’administration depuis la simulation")}`;
}

/** Reason of a decision, as the server wants it. */
export const motifRefuse = (motif: string): string | undefined =>
  motif.trim().length < 5 || motif.trim().length > 500 ? "Donnez une raison de 5 à 500 caractères." : undefined;

/** A text that a spreadsheet would take for a formula is written as a text. */
const cellule = (text: string): string =>
  `"${(/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

/** Refused lines as a file that spreadsheets open. */
export function csvDesRejets(rejets: readonly LigneRefusee[]): string {
  const rows = rejets.map(({ ligne, code_postal, commune, detail }) =>
    [String(ligne), cellule(code_postal), cellule(commune), cellule(detail)].join(";"),
  );
  return `\ufeff${["Ligne;Code postal;Commune;Motif", ...rows].join("\r\n")}\r\n`;
}
