/** Field in which a comment is written or changed. Ctrl+Enter publishes; what is typed is never lost by a refusal. */
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { cx } from "../../lib/cx";
import { useEnLigne } from "../../lib/useEnLigne";
import { ErrorState } from "../../ui/ErrorState";
import { LONGUEUR_MAX, refusDuTexte } from "./rules";

type Props = {
  libelle: string;
  texte: string;
  onTexte: (text: string) => void;
  verbe: string;
  verbeOccupe: string;
  occupe: boolean;
  erreur: unknown;
  onPublier: (text: string) => void;
  onAnnuler?: () => void;
  /** Takes the focus when it appears. */
  focus?: boolean;
  lignes?: number;
};

export function Redaction({
  libelle,
  texte,
  onTexte,
  verbe,
  verbeOccupe,
  occupe,
  erreur,
  onPublier,
  onAnnuler,
  focus = false,
  lignes = 3,
}: Props) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [refus, setRefus] = useState<string | null>(null);
  const enLigne = useEnLigne();
  const left = LONGUEUR_MAX - [...texte].length;

  useEffect(() => {
    if (focus) field.current?.focus({ preventScroll: true });
  }, [focus]);

  const publish = () => {
    if (occupe) return;
    const why = enLigne
      ? refusDuTexte(texte)
      : "Vous êtes hors connexion : votre texte est gardé, publiez-le au retour du réseau.";
    setRefus(why);
    if (why) field.current?.focus();
    else onPublier(texte.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    publish();
  };

  return (
    <form
      noValidate
      className="ap-redaction"
      onSubmit={(event) => {
        event.preventDefault();
        publish();
      }}
    >
      <div className={cx("fr-input-group fr-mb-1w", refus && "fr-input-group--error")}>
        <label className="fr-label" htmlFor={id}>
          {libelle}
        </label>
        <textarea
          ref={field}
          id={id}
          className={cx("fr-input", refus && "fr-input--error")}
          rows={lignes}
          value={texte}
          aria-invalid={refus ? true : undefined}
          aria-describedby={refus ? `${id}-refus` : `${id}-aide`}
          onChange={(event) => {
            setRefus(null);
            onTexte(event.target.value);
          }}
          onKeyDown={onKeyDown}
        />
        {refus ? (
          <p id={`${id}-refus`} className="fr-error-text" role="alert">
            {refus}
          </p>
        ) : null}
      </div>
      {erreur ? <ErrorState compact titre="Le commentaire n’a pas été enregistré" erreur={erreur} /> : null}
      <div className="ap-redaction__actions">
        <button
          type="submit"
          className="fr-btn fr-btn--sm"
          aria-disabled={occupe || undefined}
          aria-busy={occupe || undefined}
        >
          {occupe ? verbeOccupe : verbe}
        </button>
        {onAnnuler ? (
          <button type="button" className="fr-btn fr-btn--sm fr-btn--tertiary" onClick={onAnnuler}>
            Annuler
          </button>
        ) : null}
        <span id={`${id}-aide`} className="ap-redaction__aide">
          {left < 500 ? `${left < 0 ? 0 : left} caractères restants` : "Ctrl + Entrée pour publier"}
        </span>
      </div>
    </form>
  );
}
