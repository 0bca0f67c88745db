/** Files of a dénonciation or of a résiliation: acte, files joined to the comments, acte signed afterwards. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { Convention } from "../../../api/convention";
import { telecharger } from "../../../api/telechargement";
import { formatInstant } from "../../../lib/dates";
import { formatTaille } from "../../../lib/nombres";
import { useEnLigne } from "../../../lib/useEnLigne";
import { phraseErreur } from "../../../ui/ErrorState";
import { type EnvoyerFichier, FileDrop } from "../../../ui/FileDrop";
import {
  ajouterPiece,
  COMMENTAIRES,
  type DocumentDeConvention,
  deposerActeSigne,
  emplacementDeLActe,
  piecesDe,
} from "./api";
import { estFin } from "./rules";

/** What each place accepts (03 §7); the server has the last word. */
const IMAGES_ET_PDF = [".pdf", ".png", ".jpg", ".jpeg", "application/pdf", "image/png", "image/jpeg"];
const PDF = ["application/pdf", ".pdf"];
const JOINT_MAX = 100_000_000;
const SIGNE_MAX = 500_000_000;
const AIDE = "PDF ou image (PNG, JPEG), 100 Mo au plus. Les pièces déjà déposées sont conservées.";

export function PiecesActe({ convention }: { convention: Convention }) {
  const { uuid, genre, fin, documents, statut, depot_possible } = convention;
  const queries = useQueryClient();
  if (!estFin(genre) || !fin) return null;
  const acte = emplacementDeLActe(genre);
  const signe = documents.find(({ rubrique, courant }) => rubrique === "DOCUMENT_SIGNE" && courant);
  return (
    <>
      {fin.acte_visible ? (
        <Emplacements
          id="acte"
          titre={genre === "denonciation" ? "Acte de dénonciation" : "Acte de résiliation"}
          pieces={piecesDe(documents, acte)}
          depot={
            fin.depot_possible
              ? {
                  libelle: "Ajouter une pièce de l’acte",
                  aide: AIDE,
                  accepte: IMAGES_ET_PDF,
                  max: JOINT_MAX,
                  envoyer: ajouterPiece(queries, uuid, acte),
                }
              : null
          }
        />
      ) : null}
      {genre === "resiliation" ? (
        <Emplacements
          id="pieces-commentaires"
          titre="Fichiers joints aux commentaires"
          pieces={piecesDe(documents, COMMENTAIRES)}
          depot={
            fin.depot_commentaires_possible
              ? {
                  libelle: "Joindre un fichier",
                  aide: AIDE,
                  accepte: IMAGES_ET_PDF,
                  max: JOINT_MAX,
                  envoyer: ajouterPiece(queries, uuid, COMMENTAIRES),
                }
              : null
          }
        />
      ) : null}
      {genre === "denonciation" && statut === "DENONCEE" ? (
        <Emplacements
          id="acte-signe"
          titre="Acte signé"
          pieces={signe ? [signe] : []}
          depot={
            depot_possible
              ? {
                  libelle: signe ? "Remplacer l’acte signé" : "Déposer l’acte signé",
                  aide: `PDF, 500 Mo au plus. Le statut ne change pas${signe ? " ; le fichier actuel sera archivé" : ""}.`,
                  accepte: PDF,
                  max: SIGNE_MAX,
                  envoyer: deposerActeSigne(queries, uuid),
                }
              : null
          }
        />
      ) : null}
    </>
  );
}

type DepotPossible = {
  libelle: string;
  aide: string;
  accepte: readonly string[];
  max: number;
  envoyer: EnvoyerFichier;
};
type EmplacementsProps = {
  id: string;
  titre: string;
  pieces: readonly DocumentDeConvention[];
  /** Null: the reader may not deposit now. */
  depot: DepotPossible | null;
};

function Emplacements({ id, titre, pieces, depot }: EmplacementsProps): ReactNode {
  const online = useEnLigne();
  // Once received, the file is in the list: the zone is ready for another one.
  const [recus, setRecus] = useState(0);
  if (pieces.length === 0 && !depot) return null;
  return (
    <section id={id} tabIndex={-1} aria-labelledby={`${id}-titre`} className="fr-mt-4w ap-acte">
      <h2 id={`${id}-titre`} className="fr-h5">
        {titre}
      </h2>
      {pieces.length > 0 ? (
        <ul className="fr-raw-list ap-acte__pieces">
          {pieces.map((piece) => (
            <Piece key={piece.uuid} piece={piece} />
          ))}
        </ul>
      ) : (
        <p className="ap-mention">Aucun fichier n’est déposé.</p>
      )}
      {depot ? (
        <FileDrop
          key={recus}
          libelle={depot.libelle}
          aide={depot.aide}
          accepte={depot.accepte}
          tailleMax={depot.max}
          envoyer={depot.envoyer}
          onRecu={() => setRecus((n) => n + 1)}
          inactif={!online}
        />
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
          {piece.utilisable ? "" : ` : ${piece.antivirus_libelle}`}
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
