/** The signature date: today unless told, never in the future, pointed out when it precedes the validation. */
import { cx } from "../../lib/cx";
import { jourDeParis } from "../../lib/dates";
import { ErrorState } from "../../ui/ErrorState";
import type { AvisDate } from "./rules";
import type { Signature } from "./useSigner";

type Props = { date: string; onDate: (day: string) => void; avis: AvisDate | null; montrerErreur: boolean };

export const ID_DATE = "date-signature";

export function ChampDate({ date, onDate, avis, montrerErreur }: Props) {
  const error = montrerErreur && avis?.niveau === "erreur" ? avis.texte : null;
  const warning = avis?.niveau === "alerte" ? avis.texte : null;
  return (
    <div className={cx("fr-input-group", error && "fr-input-group--error")}>
      <label className="fr-label" htmlFor={ID_DATE}>
        Date de signature
        <span className="fr-hint-text">Celle de la dernière signature portée sur le document.</span>
      </label>
      <input
        id={ID_DATE}
        type="date"
        className="fr-input ap-saisie__court"
        value={date}
        max={jourDeParis(new Date())}
        required
        aria-invalid={error ? true : undefined}
        aria-describedby={error || warning ? `${ID_DATE}-avis` : undefined}
        onChange={(event) => onDate(event.target.value)}
      />
      {error ? (
        <p id={`${ID_DATE}-avis`} className="fr-error-text" role="alert">
          {error}
        </p>
      ) : null}
      {warning ? (
        <p id={`${ID_DATE}-avis`} className="fr-message fr-message--warning" role="status">
          {warning}
        </p>
      ) : null}
    </div>
  );
}

/** Why the date was not saved. A convention that moved meanwhile has been read again: nothing is sent by itself. */
export function RefusSignature({ signature }: { signature: Signature }) {
  if (signature.perime) {
    return (
      <div className="fr-alert fr-alert--warning fr-alert--sm" role="alert">
        <p>
          Le dossier a changé entre-temps et vient d’être relu : rien n’a été enregistré. Vérifiez-le, puis recommencez.
        </p>
      </div>
    );
  }
  return signature.erreur ? (
    <ErrorState compact titre="La signature n’a pas été enregistrée" erreur={signature.erreur} />
  ) : null;
}
