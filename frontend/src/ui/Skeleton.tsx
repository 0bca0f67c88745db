/**
 * Placeholder in the shape of what is coming. Nothing for 300 ms, so that a quick answer never flashes; its box is kept
 * from the first frame, so that nothing moves when the content arrives.
 */

import { cx } from "../lib/cx";
import { useApres } from "../lib/useDelai";

export type FormeSkeleton = "lignes" | "tableau" | "cartes" | "fiche" | "tuiles" | "page";

const COUNTS: Record<FormeSkeleton, number> = { lignes: 4, tableau: 8, cartes: 4, fiche: 6, tuiles: 4, page: 6 };

type Props = {
  forme?: FormeSkeleton;
  /** Number of lines, rows or cards. */
  nombre?: number;
  /** What is loading, for screen readers: « Chargement de la liste des conventions ». */
  libelle?: string;
};

export function Skeleton({ forme = "lignes", nombre = COUNTS[forme], libelle = "Chargement en cours" }: Props) {
  const visible = useApres(300);
  return (
    <div className={cx("ap-skeleton", `ap-skeleton--${forme}`, visible && "ap-skeleton--visible")} aria-busy="true">
      {visible ? (
        <p className="fr-sr-only" role="status">
          {libelle}…
        </p>
      ) : null}
      {Array.from({ length: nombre }, (_, index) => `bloc-${index}`).map((name) => (
        <div key={name} className="ap-skeleton__bloc" aria-hidden="true" />
      ))}
    </div>
  );
}
