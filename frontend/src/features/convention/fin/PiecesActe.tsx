/** Pieces of the acte of a dénonciation or of a résiliation: list, download, deposit. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Convention } from "../../../api/convention";
import { telecharger } from "../../../api/telechargement";
import { formatInstant } from "../../../lib/dates";
import { formatTaille } from "../../../lib/nombres";
import { useEnLigne } from "../../../lib/useEnLigne";
import { phraseErreur } from "../../../ui/ErrorState";
import { FileDrop } from "../../../ui/FileDrop";
import { ajouterPiece, type DocumentDeConvention, deposerActeSigne, piecesDe } from "./api";
import { estFin } from "./rules";

/** Images and PDF (03 §7); the server has the last word. */
const ACCEPTE = [".pdf", ".png", ".jpg", ".jpeg", "application/pdf", "image/png", "image/jpeg"];
const TAILLE_MAX = 100_000_000;
const TAILLE_MAX_SIGNE = 500_000_000;

export function PiecesActe({ convention }: { convention: Convention }) {
  const { uuid, genre, fin, documents, statut, depot_possible } = convention;
  const queries = useQueryClient();
  const online = useEnLigne();
  const [recus, setRecus] = useState(0);
  if (!estFin(genre) || !fin) return null;
  if (!fin.acte_visible) return null;
  const pieces = piecesDe(documents, genre);
  const signe = documents.find(({ rubrique, courant }) => rubrique === "DOCUMENT_SIGNE" && courant);
  const acteSigne = genre === "denonciation" && statut === "DENONCEE";
  if (pieces.length === 0 && !fin.depot_possible && !signe && !acteSigne) return null;
  const titre = genre === "denonciation" ? "Acte de dénonciation" : "Acte de résiliation";
  return (
    <section id="acte" tabIndex={-1} aria-labelledby="acte-titre" className="fr-mt-4w ap-acte">
      <h2 id="acte-titre" className="fr-h5">
        {titre}
      </h2>
      {pieces.length > 0 ? (
        <ul className="fr-raw-list ap-acte__pieces">
          {pieces.map((piece) => (
            <Piece key={piece.uuid} piece={piece} />
          ))}
        </ul>
      ) : (
        <p className="ap-mention">Aucune pièce n’est déposée.</p>
      )}
      {fin.depot_possible ? (
        <FileDrop
          key={recus}
          libelle={pieces.length > 0 ? "Ajouter une pièce" : "Déposer une pièce de l’acte"}
          aide="PDF ou image (PNG, JPEG), 100 Mo au plus. Les pièces déjà déposées sont conservées."
          accepte={ACCEPTE}
          tailleMax={TAILLE_MAX}
          envoyer={ajouterPiece(queries, uuid, genre)}
          onRecu={() => setRecus((n) => n + 1)}
          inactif={!online}
        />
      ) : null}
      {acteSigne ? (
        <>
          <h3 className="fr-h6 fr-mt-3w">Acte signé</h3>
          {signe ? (
            <ul className="fr-raw-list ap-acte__pieces">
              <Piece piece={signe} />
            </ul>
          ) : null}
          {depot_possible ? (
            <FileDrop
              key={`signe-${recus}`}
              libelle={signe ? "Remplacer l’acte signé" : "Déposer l’acte signé"}
              aide={`PDF, 500 Mo au plus. Le statut ne change pas${signe ? " ; le fichier actuel sera archivé" : ""}.`}
              accepte={["application/pdf", ".pdf"]}
              tailleMax={TAILLE_MAX_SIGNE}
              envoyer={deposerActeSigne(queries, uuid)}
              onRecu={() => setRecus((n) => n + 1)}
              inactif={!online}
            />
          ) : null}
        </>
      ) : null}
    </section>
  );
}

function Piece({ piece }: { piece: DocumentDeConvention }) {
  const [echec, setEchec] = useState<unknown>(null);
  return (
    <li className="ap-acte__piece">
      <div>
        <p className="ap-acte__nom">{piece.nom}</p>
        <p className="fr-hint-text fr-mb-0">
          {formatTaille(piece.taille)}, déposé par {piece.depose_par || "une personne inconnue"} le{" "}
          {formatInstant(piece.cree_le)}
          {piece.utilisable ? "" : ` — ${piece.antivirus_libelle}`}
        </p>
        {echec ? (
          <p className="fr-error-text" role="alert">
            {phraseErreur(echec)}
          </p>
        ) : null}
      </div>
      {piece.utilisable ? (
        <Button
          size="small"
          priority="secondary"
          iconId="fr-icon-download-line"
          onClick={() => {
            setEchec(null);
            telecharger(piece.uuid).catch(setEchec);
          }}
        >
          Télécharger<span className="fr-sr-only"> {piece.nom}</span>
        </Button>
      ) : null}
    </li>
  );
}
