/** Frame of a form filled by hand: summary of errors, fields, refusal, and the button that records. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import type { FormEvent, ReactNode } from "react";
import { useIntention } from "../../api/commande";
import { ErrorState } from "../../ui/ErrorState";
import { ErrorSummary, type PointACorriger } from "../../ui/ErrorSummary";

type Props = {
  nom: string;
  points: PointACorriger[];
  envoi: number;
  occupe: boolean;
  verbe: string;
  verbeEnCours: string;
  erreur: unknown;
  titreErreur: string;
  /** What to do about the refusal, under its words. */
  recours?: ReactNode;
  onEnvoi: () => void;
  children: ReactNode;
  /** Other ways out, beside the button. */
  autres?: ReactNode;
};

export function Formulaire(props: Props) {
  const { nom, points, envoi, occupe, verbe, verbeEnCours, erreur, titreErreur, recours, onEnvoi, children } = props;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!occupe) onEnvoi();
  };
  return (
    <form onSubmit={submit} noValidate aria-label={nom} className="ap-creation__formulaire">
      <ErrorSummary points={points} envoi={envoi} />
      {children}
      {erreur && points.length === 0 ? <ErrorState compact titre={titreErreur} erreur={erreur} /> : null}
      {erreur ? recours : null}
      <ul className="fr-btns-group fr-btns-group--inline-sm">
        <li>
          <Button type="submit" nativeButtonProps={{ "aria-busy": occupe || undefined }}>
            {occupe ? verbeEnCours : verbe}
          </Button>
        </li>
        {props.autres}
      </ul>
    </form>
  );
}

/** One key per content: sending the same form again is the same intention, a corrected form is another one. */
export const useCleDuContenu = (): ((corps: unknown) => string) => useIntention().cle;
