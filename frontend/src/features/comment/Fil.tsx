/** Thread of one field: what is open or resolved in full, what is closed folded (02 §4.2). */
import type { ReactNode } from "react";
import type { Commentaire } from "../../api/convention";
import { compte } from "../../lib/nombres";
import { CommentaireVue } from "./CommentaireVue";

type Props = {
  convention: string;
  fil: readonly Commentaire[];
  /** Comment aimed at by the address. */
  vise: string | null;
  possible: boolean;
  /** Opens the comment that comes after the one just closed; absent when it is the last one. */
  onSuivant?: (after: Commentaire) => (() => void) | undefined;
  correctionDe?: (comment: Commentaire) => ReactNode;
};

export function Fil({ convention, fil, vise, possible, onSuivant, correctionDe }: Props) {
  const alive = fil.filter(({ statut }) => statut !== "CLOS");
  const closed = fil.filter(({ statut }) => statut === "CLOS");
  const view = (comment: Commentaire) => (
    <CommentaireVue
      key={comment.uuid}
      convention={convention}
      commentaire={comment}
      vise={comment.uuid === vise}
      onClosEtSuivant={onSuivant?.(comment)}
      correction={comment.statut === "CLOS" ? undefined : correctionDe?.(comment)}
    />
  );
  if (fil.length === 0) {
    return (
      <p className="ap-mention fr-mb-0">
        {possible ? "Aucun commentaire sur ce champ pour l’instant." : "Aucun commentaire sur ce champ."}
      </p>
    );
  }
  return (
    <>
      {alive.map(view)}
      {closed.length > 0 ? (
        <details className="ap-fil__clos" open={alive.length === 0 || closed.some(({ uuid }) => uuid === vise)}>
          <summary>{compte(closed.length, "commentaire clos", "commentaires clos")}</summary>
          {closed.map(view)}
        </details>
      ) : null}
    </>
  );
}
