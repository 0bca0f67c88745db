/** Files to save on the device, each with its size and where its check stands when it cannot be read yet. */
import { useState } from "react";
import { telecharger } from "../../api/telechargement";
import { formatTaille } from "../../lib/nombres";
import { phraseErreur } from "../../ui/ErrorState";
import type { Piece } from "./api";

type Props = {
  pieces: readonly Piece[];
  libelle?: string;
  /** Offered beside each file to whoever may take it out. */
  onRetirer?: (piece: Piece) => void;
};

export function Pieces({ pieces, libelle = "Pièces", onRetirer }: Props) {
  const [echec, setEchec] = useState<unknown>(null);
  if (pieces.length === 0) return null;
  return (
    <>
      <ul className="ap-pieces fr-raw-list" aria-label={libelle}>
        {pieces.map((piece) => {
          const { uuid, nom, taille, utilisable, antivirus_libelle } = piece;
          return (
            <li key={uuid}>
              {utilisable ? (
                <button
                  type="button"
                  className="fr-link fr-link--sm fr-link--icon-left fr-icon-download-line"
                  onClick={() => {
                    setEchec(null);
                    telecharger(uuid).catch(setEchec);
                  }}
                >
                  <span className="fr-sr-only">Télécharger </span>
                  {nom} ({formatTaille(taille)})
                </button>
              ) : (
                <span className="ap-mention">
                  {nom} : {antivirus_libelle}
                </span>
              )}
              {onRetirer ? (
                <button
                  type="button"
                  className="fr-btn fr-btn--sm fr-btn--tertiary-no-outline fr-ml-1w"
                  onClick={() => onRetirer(piece)}
                >
                  Retirer<span className="fr-sr-only"> la pièce « {nom} »</span>
                </button>
              ) : null}
            </li>
          );
        })}
      </ul>
      {echec ? (
        <p className="fr-message fr-message--error" role="alert">
          Le téléchargement n’a pas abouti. {phraseErreur(echec)}
        </p>
      ) : null}
    </>
  );
}
