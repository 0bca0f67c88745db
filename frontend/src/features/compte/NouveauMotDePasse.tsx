/** Two fields for a new password, with the rules said before and not after (05 C.6). */
import { PasswordInput } from "@codegouvfr/react-dsfr/blocks/PasswordInput";
import { useId } from "react";

export const MINIMUM = 12;

type Props = {
  valeur: string;
  confirmation: string;
  onValeur: (value: string) => void;
  onConfirmation: (value: string) => void;
  /** Refusal of the server, shown under the first field until it is typed again. */
  refus?: string;
  /** Show what is missing: set once the form was sent. */
  envoye: boolean;
};

/** What is wrong with the second field, for whoever sends the form. */
export const refusDeConfirmation = (valeur: string, confirmation: string): string | undefined =>
  valeur === confirmation ? undefined : "Les deux saisies diffèrent. Saisissez à nouveau le même mot de passe.";

export const refusDeLongueur = (valeur: string): string | undefined =>
  [...valeur].length >= MINIMUM ? undefined : `Choisissez un mot de passe d’au moins ${MINIMUM} caractères.`;

export function NouveauMotDePasse({ valeur, confirmation, onValeur, onConfirmation, refus, envoye }: Props) {
  const id = useId();
  const first = refus ?? (envoye ? refusDeLongueur(valeur) : undefined);
  const second = envoye ? refusDeConfirmation(valeur, confirmation) : undefined;
  return (
    <>
      <PasswordInput
        label="Nouveau mot de passe"
        hintText="12 caractères au moins, sans votre nom ni votre adresse. Plusieurs mots sans lien entre eux conviennent."
        messages={first ? [{ severity: "error", message: first }] : []}
        messagesHint=""
        nativeInputProps={{
          id: `${id}-nouveau`,
          value: valeur,
          autoComplete: "new-password",
          onChange: (event) => onValeur(event.target.value),
        }}
      />
      <PasswordInput
        label="Le même, pour vérifier"
        messages={second ? [{ severity: "error", message: second }] : []}
        messagesHint=""
        nativeInputProps={{
          id: `${id}-confirmation`,
          value: confirmation,
          autoComplete: "new-password",
          onChange: (event) => onConfirmation(event.target.value),
        }}
      />
    </>
  );
}
