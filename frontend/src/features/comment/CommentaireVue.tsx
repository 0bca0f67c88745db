/** One comment: who, when, what, its state in words, and the actions the server gives for it. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import {
  type ActionCommentaire,
  type Commentaire,
  type CommentaireModification,
  useModifierCommentaire,
} from "../../api/convention";
import { hasStatus } from "../../api/problem";
import { cx } from "../../lib/cx";
import { formatInstant, ilYA } from "../../lib/dates";
import { useEnLigne } from "../../lib/useEnLigne";
import { useAnnonce } from "../../ui/Annonces";
import { ErrorState } from "../../ui/ErrorState";
import { Redaction } from "./Redaction";

type Props = {
  convention: string;
  commentaire: Commentaire;
  /** Aimed at by the address: takes the focus. */
  vise: boolean;
  /** Closes it, then opens the next one; absent when there is no next one. */
  onClosEtSuivant?: () => void;
  /** Where the field can be corrected, for the side that corrects. */
  correction?: ReactNode;
};

const BADGES: Record<Commentaire["statut"], string> = {
  OUVERT: "fr-badge--warning",
  RESOLU: "fr-badge--success",
  CLOS: "",
};

const COMMANDES: Record<
  Exclude<ActionCommentaire, "modifier">,
  { libelle: string; statut: Commentaire["statut"]; dit: string }
> = {
  resoudre: { libelle: "Marquer résolu", statut: "RESOLU", dit: "Commentaire résolu" },
  rouvrir: { libelle: "Rouvrir", statut: "OUVERT", dit: "Commentaire rouvert" },
  clore: { libelle: "Clore", statut: "CLOS", dit: "Commentaire clos" },
};

export function CommentaireVue({ convention, commentaire, vise, onClosEtSuivant, correction }: Props) {
  const [editing, setEditing] = useState(false);
  const box = useRef<HTMLElement>(null);
  const change = useModifierCommentaire(convention);
  const annoncer = useAnnonce();
  const { uuid, auteur, message, statut, statut_libelle, actions, cree_le, mis_a_jour_le } = commentaire;

  useEffect(() => {
    if (!vise) return;
    box.current?.focus({ preventScroll: true });
    box.current?.scrollIntoView({ block: "nearest" });
  }, [vise]);

  const apply = (corps: CommentaireModification, said: string, then?: () => void) =>
    change.mutate(
      { commentaire, corps },
      {
        onSuccess: () => {
          annoncer(said);
          setEditing(false);
          if (then) then();
          else box.current?.focus({ preventScroll: true });
        },
      },
    );

  return (
    <article
      ref={box}
      tabIndex={-1}
      aria-labelledby={`${uuid}-qui`}
      className={cx("ap-commentaire", `ap-commentaire--${statut.toLowerCase()}`, vise && "ap-commentaire--vise")}
    >
      <header className="ap-commentaire__tete">
        <p id={`${uuid}-qui`} className="ap-commentaire__qui">
          <strong>{auteur.moi ? "Vous" : auteur.nom}</strong>{" "}
          <time dateTime={cree_le} title={formatInstant(cree_le)} className="ap-mention">
            {ilYA(cree_le)}
          </time>
        </p>
        <span className={cx("fr-badge fr-badge--sm fr-badge--no-icon", BADGES[statut])}>{statut_libelle}</span>
      </header>
      {editing ? (
        <Edition
          commentaire={commentaire}
          occupe={change.isPending}
          erreur={change.error}
          onAnnuler={() => {
            change.reset();
            setEditing(false);
          }}
          onPublier={(text) => apply({ message: text }, "Commentaire modifié")}
        />
      ) : (
        <p className="ap-commentaire__message">{message}</p>
      )}
      <Dates commentaire={commentaire} modifie={mis_a_jour_le !== cree_le && statut === "OUVERT"} />
      {editing ? null : (
        <Commandes
          actions={actions}
          occupe={change.isPending}
          correction={correction}
          onModifier={() => setEditing(true)}
          onStatut={(code) => apply({ statut: COMMANDES[code].statut }, COMMANDES[code].dit)}
          onClosEtSuivant={
            onClosEtSuivant ? () => apply({ statut: "CLOS" }, COMMANDES.clore.dit, onClosEtSuivant) : undefined
          }
        />
      )}
      {change.error && !editing ? (
        hasStatus(change.error, 412) ? (
          <p className="fr-error-text" role="alert">
            Ce commentaire vient d’être modifié par une autre personne : le voici à jour. Recommencez si c’est encore
            utile.
          </p>
        ) : (
          <ErrorState compact titre="L’action n’a pas abouti" erreur={change.error} />
        )
      ) : null}
    </article>
  );
}

function Edition({
  commentaire,
  occupe,
  erreur,
  onPublier,
  onAnnuler,
}: {
  commentaire: Commentaire;
  occupe: boolean;
  erreur: unknown;
  onPublier: (text: string) => void;
  onAnnuler: () => void;
}) {
  const [text, setText] = useState(commentaire.message);
  return (
    <Redaction
      focus
      libelle="Modifier votre commentaire"
      texte={text}
      onTexte={setText}
      verbe="Enregistrer"
      verbeOccupe="Enregistrement…"
      occupe={occupe}
      erreur={erreur}
      onPublier={onPublier}
      onAnnuler={onAnnuler}
    />
  );
}

function Dates({
  commentaire: { resolu_le, resolu_par, clos_le, clos_par, mis_a_jour_le },
  modifie,
}: {
  commentaire: Commentaire;
  modifie: boolean;
}) {
  const said = clos_le
    ? ["Clos", clos_le, clos_par]
    : resolu_le
      ? ["Résolu", resolu_le, resolu_par]
      : modifie
        ? ["Modifié", mis_a_jour_le]
        : null;
  if (!said) return null;
  const [word = "", instant = "", name = ""] = said;
  return (
    <p className="ap-commentaire__dates">
      {word} le {formatInstant(instant)}
      {name ? ` par ${name}` : ""}
    </p>
  );
}

type CommandesProps = {
  actions: readonly ActionCommentaire[];
  occupe: boolean;
  correction?: ReactNode;
  onModifier: () => void;
  onStatut: (code: Exclude<ActionCommentaire, "modifier">) => void;
  onClosEtSuivant?: () => void;
};

function Commandes({ actions, occupe, correction, onModifier, onStatut, onClosEtSuivant }: CommandesProps) {
  const enLigne = useEnLigne();
  const inert = occupe || !enLigne;
  const button = (key: string, label: string, run: () => void, look = "fr-btn--tertiary") => (
    <button
      key={key}
      type="button"
      className={`fr-btn fr-btn--sm ${look}`}
      aria-disabled={inert || undefined}
      title={enLigne ? undefined : "Indisponible hors connexion"}
      onClick={() => {
        if (!inert) run();
      }}
    >
      {label}
    </button>
  );
  const closing = actions.includes("clore");
  if (actions.length === 0 && !correction) return null;
  return (
    <div className="ap-commentaire__actions">
      {correction}
      {closing && onClosEtSuivant ? button("suivant", "Clore et suivant", onClosEtSuivant, "") : null}
      {closing
        ? button(
            "clore",
            COMMANDES.clore.libelle,
            () => onStatut("clore"),
            onClosEtSuivant ? "fr-btn--tertiary" : "fr-btn--secondary",
          )
        : null}
      {actions.includes("resoudre") ? button("resoudre", COMMANDES.resoudre.libelle, () => onStatut("resoudre")) : null}
      {actions.includes("rouvrir") ? button("rouvrir", COMMANDES.rouvrir.libelle, () => onStatut("rouvrir")) : null}
      {actions.includes("modifier") ? button("modifier", "Modifier", onModifier, "fr-btn--tertiary-no-outline") : null}
    </div>
  );
}
