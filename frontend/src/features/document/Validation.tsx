/** Last screen of the finalisation: what validating does, what must be confirmed, the command itself (T08). */
import { type Action, type Commentaire, type Convention, useCommentaires } from "../../api/convention";
import { cx } from "../../lib/cx";
import { accord, compte } from "../../lib/nombres";
import { useEnLigne } from "../../lib/useEnLigne";
import { ActionBar, type ActionDePage } from "../../ui/ActionBar";
import { ErrorState } from "../../ui/ErrorState";
import { ErrorSummary } from "../../ui/ErrorSummary";
import { Lien } from "../../ui/Lien";
import { laConvention, lienRecapitulatif } from "./rules";
import type { Finalisation } from "./useFinalisation";

export function Validation({ convention, action, fin }: { convention: Convention; action: Action; fin: Finalisation }) {
  const online = useEnLigne();
  const { manques } = fin;
  const primary: ActionDePage = {
    code: "valider",
    libelle: "Valider et envoyer",
    libelleOccupe: "Validation…",
    occupe: fin.occupe,
    onActiver: fin.valider,
    preconditions: manques.bloquants,
    indisponible: online ? null : "Vous êtes hors connexion : la validation attend le retour du réseau.",
  };
  return (
    <>
      <div className="ap-volet__contenu">
        <ErrorSummary points={fin.points} envoi={fin.envoi} titre="Avant de valider" />
        {fin.perime ? (
          <div className="fr-alert fr-alert--warning" role="alert">
            <h3 className="fr-alert__title">Le dossier a changé entre-temps</h3>
            <p>
              Il vient d’être relu et rien n’a été validé.{" "}
              <Lien to={`${lienRecapitulatif(convention)}?vue=instruction`}>Relisez-le</Lien>, puis validez à nouveau.
            </p>
          </div>
        ) : null}
        {fin.erreur ? <ErrorState titre="La validation n’a pas abouti" erreur={fin.erreur} /> : null}
        <Consequences convention={convention} action={action} numero={fin.numero} />
        {manques.commentairesOuverts ? <CommentairesOuverts convention={convention} fin={fin} /> : null}
        {manques.incomplets.length > 0 ? <PointsManquants fin={fin} /> : null}
      </div>
      <ActionBar
        gauche={
          <Lien
            className="fr-link fr-link--icon-left fr-icon-arrow-left-line"
            to={`/conventions/${convention.uuid}/finalisation/cerfa`}
          >
            Précédent
          </Lien>
        }
        principale={primary}
      />
    </>
  );
}

/** The exact consequences, before the button. */
function Consequences({ convention, action, numero }: { convention: Convention; action: Action; numero: string }) {
  const { ouverts, resolus } = convention.commentaires_resume;
  const comments = ouverts + resolus;
  const what = laConvention(convention);
  return (
    <section className="ap-encadre" aria-labelledby="ap-consequences">
      <h3 id="ap-consequences" className="fr-h6">
        Ce qui va se passer
      </h3>
      <ul className="ap-consequences">
        <li>
          {what.charAt(0).toUpperCase() + what.slice(1)} passera au statut <strong>« À signer »</strong> et recevra le{" "}
          <strong>n° {numero}</strong>.
        </li>
        <li>{convention.bailleur.nom} sera invité à signer.</li>
        <li>Les données seront figées : le document à signer en sera tiré.</li>
        {comments > 0 ? (
          <li>
            {comments > 1
              ? `Les ${comments} commentaires encore ouverts ou résolus seront clos`
              : "Le commentaire encore ouvert ou résolu sera clos"}{" "}
            automatiquement.
          </li>
        ) : null}
      </ul>
      <p className="ap-mention fr-mb-0">
        {action.confirmation} Pour revenir en arrière, le service pourra utiliser « Revenir à l’instruction ».
      </p>
    </section>
  );
}

type CocheProps = {
  id: string;
  libelle: string;
  coche: boolean;
  onCoche: (on: boolean) => void;
  erreur: string | undefined;
};

function Coche({ id, libelle, coche, onCoche, erreur }: CocheProps) {
  return (
    <div className={cx("fr-checkbox-group", erreur && "fr-checkbox-group--error")}>
      <input
        id={id}
        type="checkbox"
        checked={coche}
        aria-invalid={erreur ? true : undefined}
        aria-describedby={erreur ? `${id}-erreur` : undefined}
        onChange={(event) => onCoche(event.target.checked)}
      />
      <label className="fr-label" htmlFor={id}>
        {libelle}
      </label>
      {erreur ? (
        <p id={`${id}-erreur`} className="fr-error-text">
          {erreur}
        </p>
      ) : null}
    </div>
  );
}

const erreurDe = (fin: Finalisation, champ: string): string | undefined =>
  fin.points.find((point) => point.champ === champ)?.message;

function CommentairesOuverts({ convention, fin }: { convention: Convention; fin: Finalisation }) {
  const { data } = useCommentaires(convention.uuid);
  const open: Commentaire[] = (data?.commentaires ?? []).filter(({ statut }) => statut === "OUVERT");
  const count = open.length || convention.commentaires_resume.ouverts;
  return (
    <section aria-labelledby="ap-ouverts">
      <h3 id="ap-ouverts" className="fr-h6">
        {compte(count, "commentaire")} {accord(count, "ouvert")}
      </h3>
      <ul className="ap-ouverts">
        {open.map(({ uuid, libelle_cible, message }) => (
          <li key={uuid}>
            <Lien to={`${lienRecapitulatif(convention)}?vue=instruction&commentaire=${uuid}`}>{libelle_cible}</Lien> : «{" "}
            {message} »
          </li>
        ))}
      </ul>
      <Coche
        id="confirmer-commentaires"
        libelle={
          count > 1 ? `Je valide malgré ces ${count} commentaires ouverts.` : "Je valide malgré ce commentaire ouvert."
        }
        coche={fin.malgreCommentaires}
        onCoche={fin.setMalgreCommentaires}
        erreur={erreurDe(fin, "confirmer-commentaires")}
      />
    </section>
  );
}

function PointsManquants({ fin }: { fin: Finalisation }) {
  const { incomplets } = fin.manques;
  const error = erreurDe(fin, "message-validation");
  return (
    <section aria-labelledby="ap-manques">
      <h3 id="ap-manques" className="fr-h6">
        {compte(incomplets.length, "point bloquant", "points bloquants")}{" "}
        {accord(incomplets.length, "manque", "manquent")} encore
      </h3>
      <ul className="ap-ouverts">
        {incomplets.map(({ code, pointer, detail, lien }) => (
          <li key={`${code}${pointer}${detail}`}>
            <Lien to={lien}>{detail}</Lien>
          </li>
        ))}
      </ul>
      <Coche
        id="confirmer-manques"
        libelle={
          incomplets.length > 1
            ? `Je valide malgré ces ${incomplets.length} points manquants.`
            : "Je valide malgré ce point manquant."
        }
        coche={fin.malgreManques}
        onCoche={fin.setMalgreManques}
        erreur={erreurDe(fin, "confirmer-manques")}
      />
      <div className={cx("fr-input-group fr-mt-2w", error && "fr-input-group--error")}>
        <label className="fr-label" htmlFor="message-validation">
          Pourquoi valider malgré tout
          <span className="fr-hint-text">Votre message sera gardé dans l’historique.</span>
        </label>
        <textarea
          id="message-validation"
          className="fr-input"
          rows={3}
          maxLength={5000}
          value={fin.message}
          aria-required
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? "message-validation-erreur" : undefined}
          onChange={(event) => fin.setMessage(event.target.value)}
        />
        {error ? (
          <p id="message-validation-erreur" className="fr-error-text">
            {error}
          </p>
        ) : null}
      </div>
    </section>
  );
}
