/**
 * Comments of one field, beside it. What is open comes first and in full; what is resolved or closed is folded. The
 * command that saves and resolves stands right under the question it answers.
 */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { type Commentaire, useModifierCommentaire } from "../../api/convention";
import { cx } from "../../lib/cx";
import { formatInstant, ilYA } from "../../lib/dates";
import { accord } from "../../lib/nombres";
import { phraseErreur } from "../../ui/ErrorState";
import { ouverts } from "./rules";

type Props = {
  id: string;
  uuid: string;
  libelle: string;
  commentaires: readonly Commentaire[];
  /** Comment aimed at by the address of the page. */
  vise: string | null;
  /** Saves the field and resolves its comments; absent when the reader is not here to correct. */
  onResoudre?: () => void;
  occupe: boolean;
  /** Commands wait for the network. */
  horsLigne: boolean;
};

export function FilDuChamp({ id, uuid, libelle, commentaires, vise, onResoudre, occupe, horsLigne }: Props) {
  const open = ouverts(commentaires);
  const past = commentaires.filter((comment) => !open.includes(comment));
  const seul = open.length === 1;
  return (
    <section
      id={id}
      className={cx("ap-remarque", open.length > 0 ? "ap-remarque--ouvert" : "ap-remarque--traite")}
      aria-label={`Commentaires, ${libelle}`}
    >
      {open.map((comment) => (
        <Message
          key={comment.uuid}
          uuid={uuid}
          commentaire={comment}
          vise={comment.uuid === vise}
          sansResoudre={Boolean(onResoudre) && seul}
        />
      ))}
      {open.length > 0 && onResoudre ? (
        <Button
          className="ap-remarque__resoudre"
          type="button"
          size="small"
          priority="secondary"
          iconId="fr-icon-check-line"
          onClick={() => {
            if (!occupe && !horsLigne) onResoudre();
          }}
          nativeButtonProps={{
            "aria-disabled": occupe || horsLigne || undefined,
            "aria-busy": occupe || undefined,
            title: horsLigne ? "Indisponible hors connexion" : undefined,
          }}
        >
          {occupe ? (
            "Enregistrement…"
          ) : (
            <>
              Enregistrer et marquer résolu<span className="fr-sr-only"> ({libelle})</span>
            </>
          )}
        </Button>
      ) : null}
      {past.length > 0 ? (
        <details className="ap-remarque__passe" open={past.some((comment) => comment.uuid === vise)}>
          <summary>{resume(past)}</summary>
          {past.map((comment) => (
            <Message key={comment.uuid} uuid={uuid} commentaire={comment} vise={comment.uuid === vise} />
          ))}
        </details>
      ) : null}
    </section>
  );
}

/** « 1 commentaire résolu », « 2 commentaires résolus, 1 clos » */
function resume(past: readonly Commentaire[]): string {
  const resolved = past.filter(({ statut }) => statut === "RESOLU").length;
  const closed = past.length - resolved;
  const parts: string[] = [];
  if (resolved > 0) parts.push(`${resolved} ${accord(resolved, "commentaire")} ${accord(resolved, "résolu")}`);
  if (closed > 0)
    parts.push(`${closed} ${resolved > 0 ? "" : `${accord(closed, "commentaire")} `}${accord(closed, "clos", "clos")}`);
  return parts.join(", ");
}

const APPARENCES: Record<Commentaire["statut"], { badge: string; icone: string }> = {
  OUVERT: { badge: "fr-badge--warning", icone: "fr-icon-question-answer-line" },
  RESOLU: { badge: "fr-badge--success", icone: "fr-icon-check-line" },
  CLOS: { badge: "", icone: "fr-icon-lock-line" },
};

type MessageProps = { uuid: string; commentaire: Commentaire; vise: boolean; sansResoudre?: boolean };

function Message({ uuid, commentaire, vise, sansResoudre = false }: MessageProps) {
  const { auteur, message, statut, statut_libelle, cree_le, actions } = commentaire;
  const { mutate, isPending, error } = useModifierCommentaire(uuid);
  const changer = (next: Commentaire["statut"]) => {
    if (!isPending) mutate({ commentaire, corps: { statut: next } });
  };
  const { badge, icone } = APPARENCES[statut];
  return (
    <article
      className={cx("ap-remarque__message", vise && "ap-remarque__message--vise")}
      aria-label={`Commentaire de ${auteur.nom}`}
    >
      <p className="ap-remarque__tete">
        <strong>{auteur.moi ? "Vous" : auteur.nom}</strong>
        <span className={cx("fr-badge fr-badge--sm fr-badge--no-icon", badge)}>{statut_libelle}</span>
      </p>
      <p className="ap-remarque__texte">
        <span className={`${icone} fr-icon--sm`} aria-hidden="true" />
        {message}
      </p>
      <p className="ap-remarque__date">
        <time dateTime={cree_le} title={formatInstant(cree_le)}>
          {ilYA(cree_le)}
        </time>
        <span className="fr-sr-only"> ({formatInstant(cree_le)})</span>
      </p>
      <div className="ap-remarque__actions">
        {actions.includes("resoudre") && !sansResoudre ? (
          <Commande libelle="Marquer résolu" occupe={isPending} onClick={() => changer("RESOLU")} />
        ) : null}
        {actions.includes("rouvrir") ? (
          <Commande libelle="Ré-ouvrir" occupe={isPending} onClick={() => changer("OUVERT")} />
        ) : null}
        {actions.includes("clore") ? (
          <Commande libelle="Clore" occupe={isPending} onClick={() => changer("CLOS")} />
        ) : null}
      </div>
      {error ? (
        <p className="fr-message fr-message--error" role="alert">
          {phraseErreur(error)}
        </p>
      ) : null}
    </article>
  );
}

function Commande({ libelle, occupe, onClick }: { libelle: string; occupe: boolean; onClick: () => void }) {
  return (
    <button
      type="button"
      className="fr-btn fr-btn--tertiary-no-outline fr-btn--sm"
      aria-disabled={occupe || undefined}
      onClick={onClick}
    >
      {libelle}
    </button>
  );
}
