/** Completeness computed by the server: percentage, points to settle (blocking first), each a link to its field. */
import { useId } from "react";
import { accord, compte, formatPourcentage } from "../lib/nombres";
import { Lien } from "./Lien";

export type PointDeCompletude = {
  niveau: "B" | "C";
  code: string;
  etape: string;
  etape_libelle: string;
  libelle: string;
  lien: string;
};
type Props = {
  pourcentage: number;
  bloquants?: number;
  conseilles?: number;
  points?: readonly PointDeCompletude[];
  /** Bar and percentage only: lists and operation page. */
  compact?: boolean;
};

export function CompletenessMeter({ pourcentage, bloquants = 0, conseilles = 0, points = [], compact = false }: Props) {
  const id = useId();
  const value = Math.max(0, Math.min(100, Math.round(pourcentage)));
  return (
    <div className={compact ? "ap-completude ap-completude--compacte" : "ap-completude"}>
      <div className="ap-completude__ligne">
        <span id={id} className={compact ? "fr-sr-only" : "ap-completude__libelle"}>
          Complétude
        </span>
        <span className="ap-completude__valeur">{formatPourcentage(value)}</span>
      </div>
      <progress className="ap-completude__jauge" max={100} value={value} aria-labelledby={id} />
      {compact ? null : <Points bloquants={bloquants} conseilles={conseilles} points={points} />}
    </div>
  );
}

function Points({
  bloquants,
  conseilles,
  points,
}: {
  bloquants: number;
  conseilles: number;
  points: readonly PointDeCompletude[];
}) {
  if (bloquants + conseilles === 0) return <p className="ap-completude__resume">Tout est renseigné.</p>;
  const sorted = [...points].sort((a, b) => a.niveau.localeCompare(b.niveau));
  return (
    <>
      <p className="ap-completude__resume">
        {bloquants > 0 ? <strong>{compte(bloquants, "point")} à compléter</strong> : "Aucun point bloquant"}
        {conseilles > 0 ? `, ${conseilles} ${accord(conseilles, "conseillé")}` : ""}
      </p>
      {sorted.length > 0 ? (
        <ul className="ap-completude__points fr-raw-list">
          {sorted.map((point) => (
            <li key={`${point.code}${point.lien}${point.libelle}`}>
              <span
                className={
                  point.niveau === "B"
                    ? "fr-icon-error-warning-line fr-icon--sm"
                    : "fr-icon-information-line fr-icon--sm"
                }
                aria-hidden="true"
              />
              <span>
                <span className="ap-completude__etape">{point.etape_libelle} : </span>
                <Lien to={point.lien}>{point.libelle}</Lien>
                {point.niveau === "C" ? <span className="ap-completude__niveau"> (conseillé)</span> : null}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
