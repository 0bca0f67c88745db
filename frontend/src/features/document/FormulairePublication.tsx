/** Form of one action of the publication: a day, a text, the button that carries its verb. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { type FormEvent, useId, useState } from "react";
import { useIntention } from "../../api/commande";
import { type Action, type ActionFaite, type Convention, natureDuRefus, useAction } from "../../api/convention";
import { cx } from "../../lib/cx";
import { jourDeParis } from "../../lib/dates";
import { useEnLigne } from "../../lib/useEnLigne";
import { ErrorState } from "../../ui/ErrorState";
import { allerAuChamp } from "../../ui/ErrorSummary";
import {
  auPlusTot,
  CHAMPS,
  type CodePublication,
  corpsDe,
  type Erreurs,
  erreursDe,
  saisieInitiale,
} from "./publication";

type Props = {
  convention: Convention;
  action: Action;
  libelle: string;
  /** Said under the button when the action cannot leave yet: « Déposez d’abord le document publié. » */
  attente?: string | null;
  onFait: (code: CodePublication, reply: ActionFaite) => void;
  onAnnuler?: () => void;
};

export function FormulairePublication({ convention, action, libelle, attente, onFait, onAnnuler }: Props) {
  const code = action.code as CodePublication;
  const today = jourDeParis(new Date());
  const [saisie, setSaisie] = useState(() => saisieInitiale(code, convention, today));
  const [erreurs, setErreurs] = useState<Erreurs>({});
  const { mutateAsync, isPending, error } = useAction(convention.uuid);
  const intention = useIntention();
  const online = useEnLigne();
  const id = useId();
  const fields = CHAMPS[code];
  if (!fields) return null;
  const blocked = attente ?? (online ? null : "Vous êtes hors connexion : la commande attend le retour du réseau.");

  const envoyer = (event: FormEvent) => {
    event.preventDefault();
    if (isPending || blocked) return;
    const found = erreursDe(code, saisie, convention, today);
    setErreurs(found);
    const first = found.texte ? "texte" : found.jour ? "jour" : null;
    if (first) {
      allerAuChamp(`${id}-${first}`);
      return;
    }
    // Awaited: the answer changes the page, and must be followed all the same. Refusals are shown from `error`.
    mutateAsync({
      code,
      version: convention.version,
      cle: intention.cle([code, convention.version, saisie]),
      corps: corpsDe(code, saisie),
    }).then(
      (reply) => onFait(code, reply),
      () => undefined,
    );
  };
  const changer = (name: keyof Erreurs, value: string) => {
    setErreurs((before) => ({ ...before, [name]: undefined }));
    setSaisie((before) => ({ ...before, [name]: value }));
  };

  return (
    <form noValidate className="ap-encadre" aria-labelledby={`${id}-titre`} onSubmit={envoyer}>
      <h2 id={`${id}-titre`} className="fr-h6">
        {action.libelle}
      </h2>
      <p>{action.confirmation}</p>
      {fields.texte ? (
        <Champ id={`${id}-texte`} libelle={fields.texte} aide={fields.aide} erreur={erreurs.texte}>
          {fields.long ? (
            <textarea
              id={`${id}-texte`}
              className="fr-input"
              rows={4}
              value={saisie.texte}
              aria-invalid={erreurs.texte ? true : undefined}
              aria-describedby={erreurs.texte ? `${id}-texte-erreur` : undefined}
              onChange={(event) => changer("texte", event.target.value)}
            />
          ) : (
            <input
              id={`${id}-texte`}
              className="fr-input ap-numero"
              value={saisie.texte}
              aria-invalid={erreurs.texte ? true : undefined}
              aria-describedby={erreurs.texte ? `${id}-texte-erreur` : undefined}
              onChange={(event) => changer("texte", event.target.value)}
            />
          )}
        </Champ>
      ) : null}
      <Champ id={`${id}-jour`} libelle={fields.jour} erreur={erreurs.jour}>
        <input
          id={`${id}-jour`}
          type="date"
          className="fr-input ap-saisie__court"
          value={saisie.jour}
          min={auPlusTot(code, convention)?.jour}
          max={today}
          aria-invalid={erreurs.jour ? true : undefined}
          aria-describedby={erreurs.jour ? `${id}-jour-erreur` : undefined}
          onChange={(event) => changer("jour", event.target.value)}
        />
      </Champ>
      <Refus erreur={error} />
      <ul className="fr-btns-group fr-btns-group--inline fr-btns-group--sm fr-mt-3w fr-mb-n2w">
        <li>
          <Button
            size="small"
            type="submit"
            nativeButtonProps={{
              "aria-disabled": isPending || blocked ? true : undefined,
              "aria-busy": isPending || undefined,
              "aria-describedby": blocked ? `${id}-attente` : undefined,
            }}
          >
            {isPending ? "Enregistrement…" : libelle}
          </Button>
        </li>
        {onAnnuler ? (
          <li>
            <Button size="small" type="button" priority="secondary" onClick={onAnnuler}>
              Annuler
            </Button>
          </li>
        ) : null}
      </ul>
      {blocked ? (
        <p id={`${id}-attente`} className="fr-message fr-message--info fr-mt-2w fr-mb-0">
          {blocked}
        </p>
      ) : null}
    </form>
  );
}

type ChampProps = { id: string; libelle: string; aide?: string; erreur?: string; children: React.ReactNode };

function Champ({ id, libelle, aide, erreur, children }: ChampProps) {
  return (
    <div className={cx("fr-input-group", erreur && "fr-input-group--error")}>
      <label className="fr-label" htmlFor={id}>
        {libelle}
        {aide ? <span className="fr-hint-text">{aide}</span> : null}
      </label>
      {children}
      {erreur ? (
        <p id={`${id}-erreur`} className="fr-error-text" role="alert">
          {erreur}
        </p>
      ) : null}
    </div>
  );
}

/** A convention that moved meanwhile has been read again: nothing is sent by itself. */
function Refus({ erreur }: { erreur: unknown }) {
  if (!erreur) return null;
  if (natureDuRefus(erreur) === "perime") {
    return (
      <div className="fr-alert fr-alert--warning fr-alert--sm" role="alert">
        <p>
          Le dossier a changé entre-temps et vient d’être relu : rien n’a été enregistré. Vérifiez-le, puis recommencez.
        </p>
      </div>
    );
  }
  return <ErrorState compact titre="Rien n’a été enregistré" erreur={erreur} />;
}
