/**
 * What the reader sees when something could not be loaded or done: what happened, what to do, the reference to give
 * to the assistance. What was loaded or typed stays elsewhere on the page.
 */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useState } from "react";
import { isApiError, NetworkError } from "../api/problem";
import { cx } from "../lib/cx";

/** Sentence for a person, from any error: the server's own words when it answered. */
export function phraseErreur(error: unknown): string {
  if (error instanceof NetworkError) {
    return "Le serveur n’a pas pu être joint. Vérifiez votre connexion, puis réessayez.";
  }
  if (isApiError(error) && error.detail && error.status < 500) return error.detail;
  return "Réessayez ; si cela continue, transmettez la référence ci-dessous à l’assistance.";
}

type Props = {
  erreur: unknown;
  /** « Le chargement n’a pas abouti » unless told. */
  titre?: string;
  onReessayer?: () => void;
  /** Small alert inside a block, for a part that fails alone. */
  compact?: boolean;
};

export function ErrorState({ erreur, titre = "Le chargement n’a pas abouti", onReessayer, compact = false }: Props) {
  const [copied, setCopied] = useState(false);
  const reference = isApiError(erreur) ? erreur.requestId : null;
  const copy = async () => {
    if (!reference) return;
    // Refused by the browser on an insecure origin: the reference stays readable and selectable.
    await navigator.clipboard?.writeText(reference).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return (
    <div role="alert" className={cx("fr-alert fr-alert--error ap-erreur", compact && "fr-alert--sm")}>
      {compact ? null : <h2 className="fr-alert__title">{titre}</h2>}
      <p>
        {compact ? <strong>{titre}. </strong> : null}
        {phraseErreur(erreur)}
      </p>
      {reference ? (
        <p className="fr-text--sm fr-mt-1w">
          Référence : <code>{reference}</code>
        </p>
      ) : null}
      {onReessayer || reference ? (
        <div className="ap-erreur__actions">
          {onReessayer ? (
            <Button size="small" onClick={onReessayer}>
              Réessayer
            </Button>
          ) : null}
          {reference ? (
            <Button size="small" priority="tertiary" onClick={() => void copy()}>
              {copied ? "Référence copiée" : "Copier la référence"}
            </Button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
