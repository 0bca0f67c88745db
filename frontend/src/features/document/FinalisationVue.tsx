/** The three screens before a convention goes to signature: its number, its document, what validating does. */
import { Stepper } from "@codegouvfr/react-dsfr/Stepper";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import {
  type Action,
  type ActionFaite,
  type Commentaire,
  type Convention,
  useCommentaires,
} from "../../api/convention";
import { cx } from "../../lib/cx";
import { formatDate } from "../../lib/dates";
import { accord, compte, ESPACE_INSECABLE } from "../../lib/nombres";
import { useEnLigne } from "../../lib/useEnLigne";
import { ActionBar, type ActionDePage } from "../../ui/ActionBar";
import { CompletenessMeter } from "../../ui/CompletenessMeter";
import { ErrorState } from "../../ui/ErrorState";
import { allerAuChamp, ErrorSummary } from "../../ui/ErrorSummary";
import { Lien } from "../../ui/Lien";
import { laConvention, VOLETS_FINALISATION, type VoletFinalisation } from "./rules";
import { type Finalisation, type NumeroRefuse, useFinalisation } from "./useFinalisation";

type Props = { convention: Convention; action: Action; volet: VoletFinalisation; onFait: (reply: ActionFaite) => void };

const ID_NUMERO = "numero-convention";

export function FinalisationVue({ convention, action, volet, onFait }: Props) {
  const navigate = useNavigate();
  const base = `/conventions/${convention.uuid}/finalisation`;
  const refus = useRef<HTMLDivElement>(null);
  const [signale, setSignale] = useState(0);
  const fin = useFinalisation(convention, action, onFait, (refused: NumeroRefuse) => {
    if (!refused.remplace) navigate(`${base}/numero`);
    setSignale((n) => n + 1);
  });
  useEffect(() => {
    if (signale > 0) refus.current?.focus();
  }, [signale]);

  // FI-09: no validation without a number, even by the address.
  const sansNumero = volet === "validation" && fin.erreurNumero !== null;
  useEffect(() => {
    if (sansNumero) navigate(`${base}/numero`, { replace: true });
  }, [sansNumero, navigate, base]);

  const title = useRef<HTMLDivElement>(null);
  const seen = useRef(volet);
  useEffect(() => {
    if (seen.current === volet) return;
    seen.current = volet;
    if (signale === 0 || volet !== "numero") title.current?.focus();
  }, [volet, signale]);

  const rank = VOLETS_FINALISATION.indexOf(volet);
  const next = VOLETS_FINALISATION[rank + 1];
  return (
    <>
      <div ref={title} tabIndex={-1} className="ap-volet">
        <Stepper
          currentStep={rank + 1}
          stepCount={VOLETS_FINALISATION.length}
          title={titre(volet, convention)}
          nextTitle={next ? titre(next, convention) : undefined}
        />
      </div>
      {fin.numeroRefuse ? (
        <div ref={refus} tabIndex={-1}>
          <RefusDuNumero refus={fin.numeroRefuse} surLeNumero={volet === "numero"} onPrendre={fin.setNumero} />
        </div>
      ) : null}
      {volet === "numero" ? (
        <Numero convention={convention} fin={fin} onContinuer={() => navigate(`${base}/cerfa`)} />
      ) : null}
      {volet === "cerfa" ? (
        <Document convention={convention} numero={fin.numero} onContinuer={() => navigate(`${base}/validation`)} />
      ) : null}
      {volet === "validation" ? <Validation convention={convention} action={action} fin={fin} /> : null}
    </>
  );
}

function titre(volet: VoletFinalisation, convention: Convention): string {
  switch (volet) {
    case "numero":
      return `Valider le numéro de ${laConvention(convention)}`;
    case "cerfa":
      return "Vérifier le document CERFA";
    case "validation":
      return `Valider et envoyer ${laConvention(convention)} pour signature`;
  }
}

/** The number is no longer free: the next one, and the convention that holds it when the reader may see it. */
function RefusDuNumero({
  refus,
  surLeNumero,
  onPrendre,
}: {
  refus: NumeroRefuse;
  surLeNumero: boolean;
  onPrendre: (numero: string) => void;
}) {
  return (
    <div role="alert" className={cx("fr-alert", refus.remplace ? "fr-alert--warning" : "fr-alert--error", "fr-mb-3w")}>
      <h3 className="fr-alert__title">
        {refus.remplace ? `Le n° ${refus.demande} vient d’être attribué.` : `Le n° ${refus.demande} est déjà pris.`}
      </h3>
      <p>
        {refus.remplace
          ? `Nous proposons ${refus.propose}. Rien n’a été validé : vérifiez, puis validez à nouveau.`
          : refus.message}
        {refus.convention ? (
          <>
            {" "}
            <Lien to={`/conventions/${refus.convention}`}>Voir la convention qui porte ce numéro</Lien>
          </>
        ) : null}
      </p>
      {!refus.remplace && surLeNumero && refus.propose ? (
        <button
          type="button"
          className="fr-btn fr-btn--sm fr-btn--secondary fr-mt-1w"
          onClick={() => {
            onPrendre(refus.propose);
            allerAuChamp(ID_NUMERO);
          }}
        >
          Prendre le n° {refus.propose}
        </button>
      ) : null}
    </div>
  );
}

const lienRecapitulatif = ({ uuid }: Convention): string => `/conventions/${uuid}/recapitulatif`;

const versLeRecapitulatif = (convention: Convention) => (
  <Lien className="fr-link fr-link--icon-left fr-icon-arrow-left-line" to={lienRecapitulatif(convention)}>
    Récapitulatif
  </Lien>
);

// --- 1. Number -----------------------------------------------------------------------------------------------

function Numero({
  convention,
  fin,
  onContinuer,
}: {
  convention: Convention;
  fin: Finalisation;
  onContinuer: () => void;
}) {
  const [tente, setTente] = useState(false);
  const taken =
    fin.numeroRefuse !== null && !fin.numeroRefuse.remplace
      ? "Ce numéro n’est pas disponible : choisissez-en un autre."
      : null;
  const error = taken ?? (tente ? fin.erreurNumero : null);
  const continuer = () => {
    setTente(true);
    if (fin.erreurNumero) allerAuChamp(ID_NUMERO);
    else onContinuer();
  };
  return (
    <>
      <form
        noValidate
        className="ap-volet__contenu"
        onSubmit={(event) => {
          event.preventDefault();
          continuer();
        }}
      >
        <div className={cx("fr-input-group", error && "fr-input-group--error")}>
          <label className="fr-label" htmlFor={ID_NUMERO}>
            Numéro de {laConvention(convention)}
            <span className="fr-hint-text">{origine(convention, fin)}</span>
          </label>
          <input
            id={ID_NUMERO}
            type="text"
            className="fr-input ap-numero"
            autoComplete="off"
            spellCheck={false}
            value={fin.numero}
            aria-required
            aria-invalid={error ? true : undefined}
            aria-describedby={error ? `${ID_NUMERO}-erreur` : undefined}
            onChange={(event) => fin.setNumero(event.target.value)}
          />
          {error ? (
            <p id={`${ID_NUMERO}-erreur`} className="fr-error-text">
              {error}
            </p>
          ) : null}
          {fin.propose && fin.numero.trim() !== fin.propose && !taken ? (
            <p className="fr-mt-1w fr-mb-0">
              <button
                type="button"
                className="fr-link"
                onClick={() => {
                  fin.setNumero(fin.propose);
                  allerAuChamp(ID_NUMERO);
                }}
              >
                Revenir au numéro proposé, {fin.propose}
              </button>
            </p>
          ) : null}
        </div>
        <p className="ap-mention fr-mb-0">
          Le numéro n’est attribué qu’à la dernière étape. Il doit être unique : la plateforme le vérifie au moment de
          valider.
        </p>
      </form>
      <ActionBar
        gauche={versLeRecapitulatif(convention)}
        principale={{ code: "continuer", libelle: "Continuer", onActiver: continuer }}
      />
    </>
  );
}

function origine(convention: Convention, { propose }: Finalisation): string {
  if (convention.numero) return "Numéro déjà attribué à ce dossier, conservé sauf si vous le changez.";
  if (!propose)
    return "Aucun numéro ne peut être proposé : le service ou le département du dossier n’est pas renseigné.";
  return convention.est_avenant
    ? "Proposé à la suite des avenants de la convention."
    : "Proposé à la suite des numéros du département pour l’année en cours.";
}

// --- 2. Document ---------------------------------------------------------------------------------------------

function Document({
  convention,
  numero,
  onContinuer,
}: {
  convention: Convention;
  numero: string;
  onContinuer: () => void;
}) {
  const { completude, commentaires_resume } = convention;
  const facts: [string, string][] = [
    ["Numéro", numero],
    ["Opération", [convention.operation.nom, convention.operation.ville].filter(Boolean).join(", ")],
    ["Bailleur", convention.bailleur.nom],
    [
      "Financement",
      convention.lots
        .map(({ financement_libelle, nb_logements }) =>
          nb_logements
            ? `${financement_libelle}${ESPACE_INSECABLE}: ${compte(nb_logements, "logement")}`
            : financement_libelle,
        )
        .join(" ; "),
    ],
    ["Fin de la convention", formatDate(convention.date_fin_conventionnement)],
  ];
  return (
    <>
      <div className="ap-volet__contenu ap-document">
        <div className="ap-document__principal">
          <div className="fr-alert fr-alert--info fr-alert--sm">
            <p>
              Le document sera produit à partir des données du récapitulatif, figées au moment de la validation.
              Vérifiez-les avant de continuer.
            </p>
          </div>
          <dl className="ap-document__faits">
            {facts.map(([term, value]) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd>{value || <span className="ap-mention">Non renseigné</span>}</dd>
              </div>
            ))}
          </dl>
          <p>
            <Lien to={lienRecapitulatif(convention)}>Relire toutes les données dans le récapitulatif</Lien>
          </p>
        </div>
        <aside className="ap-document__cote" aria-label="Points à relever">
          <CompletenessMeter
            pourcentage={completude.pourcentage}
            bloquants={completude.bloquants}
            conseilles={completude.conseilles}
            points={completude.points}
          />
          <p className="fr-mt-2w fr-mb-0">
            {commentaires_resume.ouverts > 0 ? (
              <Lien to={`${lienRecapitulatif(convention)}?vue=instruction`}>
                {compte(commentaires_resume.ouverts, "commentaire")} {accord(commentaires_resume.ouverts, "ouvert")}
              </Lien>
            ) : (
              "Aucun commentaire ouvert."
            )}
          </p>
        </aside>
      </div>
      <ActionBar
        gauche={
          <Lien
            className="fr-link fr-link--icon-left fr-icon-arrow-left-line"
            to={`/conventions/${convention.uuid}/finalisation/numero`}
          >
            Précédent
          </Lien>
        }
        principale={{ code: "continuer", libelle: "Ces données sont correctes, continuer", onActiver: onContinuer }}
      />
    </>
  );
}

// --- 3. Validation -------------------------------------------------------------------------------------------

function Validation({ convention, action, fin }: { convention: Convention; action: Action; fin: Finalisation }) {
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
