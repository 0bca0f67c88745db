/** What the history says of the others: who has just changed what, when each side last wrote, which conventions make a mixte. */
import type { Convention, EvenementHistorique } from "../../api/convention";

const DU_BAILLEUR = "BAILLEUR";
/** Statuts in which one side has written to the other (JO-02). */
const NOTIFIE: readonly string[] = ["INSTRUCTION", "CORRECTION"];

export type DernieresNotifications = { bailleur: string | null; service: string | null };

/** Instant of the latest notification of each side, by the role of the row and not by the role of today (JO-02). */
export function dernieresNotifications(events: readonly EvenementHistorique[]): DernieresNotifications {
  const last = (bailleur: boolean): string | null =>
    events.find(
      ({ categorie, statut, auteur }) =>
        categorie === "statut" &&
        NOTIFIE.includes(statut ?? "") &&
        auteur !== undefined &&
        auteur.role !== "" &&
        (auteur.role === DU_BAILLEUR) === bailleur,
    )?.cree_le ?? null;
  return { bailleur: last(true), service: last(false) };
}

/** The groupings that made this mixte, the latest first; none for a convention that has one lot (MX-07). */
export const regroupements = (
  { lots }: Pick<Convention, "lots">,
  events: readonly EvenementHistorique[],
): EvenementHistorique[] => (lots.length > 1 ? events.filter(({ transition }) => transition === "regrouper") : []);

export type QuiEtQuoi = {
  /** « Luc Martin », « Le service instructeur », « Plusieurs personnes »; empty when nothing tells. */
  qui: string;
  /** « “Financement” », « cette convention »: completes « vient de modifier ». */
  quoi: string;
  /** Step to show, when one alone has changed. */
  etape: string | null;
};

type Lecteur = {
  /** Name of the reader, as the history writes it. */
  nom: string;
  bailleur: boolean;
  /** Version date of what the reader knows. */
  depuis: string;
  /** Statut of what the reader knows. */
  statut: string;
};

/**
 * Who has changed the convention since the reader read it, from the part of the history that the reader may read (06
 * P65: the changes of statut alone for a bailleur). Null when the reader did it alone, here or in another tab.
 */
export function quiAChange(events: readonly EvenementHistorique[], lecteur: Lecteur): QuiEtQuoi | null {
  const news = events.filter(({ cree_le }) => Date.parse(cree_le) > Date.parse(lecteur.depuis));
  const others = news.filter(({ auteur }) => auteur?.nom !== lecteur.nom);
  if (news.length > 0 && others.length === 0) return null;
  const names = [...new Set(others.map(({ auteur }) => auteur?.nom ?? ""))];
  const [name = ""] = names;
  const steps = [...new Set(others.map(({ transition }) => /^etape\.(.+)$/.exec(transition)?.[1] ?? ""))];
  const [step = ""] = steps;
  const alone = steps.length === 1 && step !== "";
  const label = alone ? /« (.+) »/.exec(others[0]?.libelle ?? "")?.[1] : undefined;
  return {
    qui: names.length === 1 && name !== "" ? name : anonyme(lecteur, others.length),
    quoi: label ? `“${label}”` : "cette convention",
    etape: alone ? step : null,
  };
}

/** A bailleur may not write while the service instructs: nobody else can have changed it then. */
function anonyme({ bailleur, statut }: Lecteur, others: number): string {
  if (others > 1) return "Plusieurs personnes";
  return bailleur && statut === "INSTRUCTION" ? "Le service instructeur" : "";
}
