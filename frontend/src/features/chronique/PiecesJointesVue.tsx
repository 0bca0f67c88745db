/** Attachments taken over from the former system; one of them may become the signed document (DO-10). */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useState } from "react";
import { nouvelleCle } from "../../api/client";
import type { Convention } from "../../api/convention";
import { formatInstant } from "../../lib/dates";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { EmptyState } from "../../ui/EmptyState";
import { useMessages } from "../../ui/Messages";
import { type PieceJointe, usePromouvoir } from "./api";
import { Pieces } from "./Pieces";

type Props = { convention: Convention; pieces: readonly PieceJointe[] };

export function PiecesJointesVue({ convention: { uuid, version }, pieces }: Props) {
  const [demande, setDemande] = useState<{ piece: PieceJointe; cle: string } | null>(null);
  const { mutate, isPending, error, reset } = usePromouvoir(uuid);
  const { afficher } = useMessages();
  const fermer = () => {
    setDemande(null);
    reset();
  };
  if (pieces.length === 0)
    return (
      <EmptyState titre="Aucune pièce jointe" icone="fr-icon-attachment-line">
        <p>Les pièces reprises de l’ancien système apparaissent ici. Ce dossier n’en a pas.</p>
      </EmptyState>
    );
  return (
    <>
      <ul className="ap-pieces-jointes fr-raw-list" aria-label="Pièces jointes">
        {pieces.map((piece) => (
          <li key={piece.uuid} className="ap-encadre">
            <p className="fr-text--bold fr-mb-1v">{piece.type_libelle}</p>
            {piece.description ? <p className="ap-texte-long fr-mb-1v">{piece.description}</p> : null}
            <Pieces pieces={[piece]} libelle={`Fichier : ${piece.type_libelle}`} />
            <p className="ap-mention fr-mb-1v">
              {piece.depose_par ? `Déposée par ${piece.depose_par}` : "Reprise"} le {formatInstant(piece.cree_le)}.
            </p>
            {piece.promouvable ? (
              <Button size="small" priority="secondary" onClick={() => setDemande({ piece, cle: nouvelleCle() })}>
                Promouvoir comme document signé<span className="fr-sr-only"> : {piece.nom}</span>
              </Button>
            ) : piece.raison_refus ? (
              <p className="ap-mention fr-mb-0">{piece.raison_refus}</p>
            ) : null}
          </li>
        ))}
      </ul>
      <ConfirmDialog
        ouvert={demande !== null}
        titre="Promouvoir cette pièce ?"
        libelleConfirmer="Promouvoir la pièce"
        libelleOccupe="Promotion…"
        occupe={isPending}
        erreur={error}
        onFermer={fermer}
        onConfirmer={() => {
          if (demande)
            mutate(
              { piece: demande.piece.uuid, version, cle: demande.cle },
              {
                onSuccess: () => {
                  fermer();
                  afficher({ severite: "success", titre: "La pièce est maintenant le document signé" });
                },
              },
            );
        }}
      >
        <p>
          « {demande?.piece.nom} » deviendra le document signé du dossier, que tous ses lecteurs pourront télécharger.
          Le statut ne change pas, et la pièce reste dans cette liste.
        </p>
      </ConfirmDialog>
    </>
  );
}
