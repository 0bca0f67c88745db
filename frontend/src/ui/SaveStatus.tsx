/** State of what was typed, always visible, in words: from « Modifications non gardées » to « Étape enregistrée à 14 h 33 ». */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useEffect } from "react";
import { cx } from "../lib/cx";
import { formatHeure } from "../lib/dates";
import { useAnnonce } from "./Annonces";

export type EtatSauvegarde =
  | { etat: "propre" }
  | { etat: "modifie" }
  | { etat: "enregistrement" }
  | { etat: "brouillon"; le: string }
  | { etat: "enregistre"; le: string; detail?: string }
  | { etat: "echec"; depuis: string; cause: string };

type Props = {
  sauvegarde: EtatSauvegarde;
  onReessayer?: () => void;
  /** Copies what was typed, when it cannot be kept elsewhere. */
  onCopier?: () => void;
};

const ICONS: Record<EtatSauvegarde["etat"], string> = {
  propre: "fr-icon-checkbox-circle-line",
  modifie: "fr-icon-edit-line",
  enregistrement: "fr-icon-refresh-line",
  brouillon: "fr-icon-save-line",
  enregistre: "fr-icon-checkbox-circle-fill",
  echec: "fr-icon-error-warning-fill",
};

/** The words of each state (ux §3). */
export function phraseSauvegarde(s: EtatSauvegarde): string {
  switch (s.etat) {
    case "propre":
      return "Aucune modification";
    case "modifie":
      return "Modifications non gardées";
    case "enregistrement":
      return "Enregistrement…";
    case "brouillon":
      return `Brouillon gardé à ${formatHeure(s.le)}`;
    case "enregistre":
      return s.detail ?? `Étape enregistrée à ${formatHeure(s.le)}`;
    case "echec":
      return `Impossible de garder vos saisies depuis ${formatHeure(s.depuis)} (${s.cause}). Elles restent sur cet appareil.`;
  }
}

export function SaveStatus({ sauvegarde, onReessayer, onCopier }: Props) {
  const annoncer = useAnnonce();
  const phrase = phraseSauvegarde(sauvegarde);
  const { etat } = sauvegarde;

  useEffect(() => {
    if (etat === "brouillon" || etat === "enregistre") annoncer(phrase);
    if (etat === "echec") annoncer(phrase, { assertif: true });
  }, [etat, phrase, annoncer]);

  return (
    <div className={cx("ap-sauvegarde", `ap-sauvegarde--${etat}`)}>
      <span className={cx("ap-sauvegarde__icone fr-icon--sm", ICONS[etat])} aria-hidden="true" />
      <span className="ap-sauvegarde__texte">{phrase}</span>
      {etat === "echec" && onReessayer ? (
        <Button size="small" priority="tertiary" onClick={onReessayer}>
          Réessayer
        </Button>
      ) : null}
      {etat === "echec" && onCopier ? (
        <Button size="small" priority="tertiary" onClick={onCopier}>
          Copier mes saisies
        </Button>
      ) : null}
    </div>
  );
}
