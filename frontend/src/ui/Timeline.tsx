/** Events from the most recent to the oldest, on a line. Dates are written in full; relative time is only a help. */
import type { ReactNode } from "react";
import { cx } from "../lib/cx";
import { formatInstant, ilYA } from "../lib/dates";

export type EvenementTimeline = {
  id: string;
  /** Instant, RFC 3339; or what is known of the time, in words. */
  le: string;
  /** Replaces the instant: a day alone, a year alone, a day to come. */
  quand?: string;
  titre: ReactNode;
  auteur?: string;
  contenu?: ReactNode;
  /** DSFR icon class, decorative. */
  icone?: string;
  /** Draws attention: change of status. */
  fort?: boolean;
};

export function Timeline({ evenements, libelle }: { evenements: readonly EvenementTimeline[]; libelle: string }) {
  return (
    <ol className="ap-timeline fr-raw-list" aria-label={libelle}>
      {evenements.map(({ id, le, quand, titre, auteur, contenu, icone, fort }) => (
        <li key={id} className={cx("ap-timeline__item", fort && "ap-timeline__item--fort")}>
          <span className={cx("ap-timeline__point fr-icon--sm", icone ?? "fr-icon-circle-fill")} aria-hidden="true" />
          <div className="ap-timeline__corps">
            <p className="ap-timeline__titre">{titre}</p>
            <p className="ap-timeline__meta">
              {quand ? (
                quand
              ) : (
                <>
                  <time dateTime={le}>{formatInstant(le)}</time> <span>({ilYA(le)})</span>
                </>
              )}
              {auteur ? <> · {auteur}</> : null}
            </p>
            {contenu ? <div className="ap-timeline__contenu">{contenu}</div> : null}
          </div>
        </li>
      ))}
    </ol>
  );
}
