/** The three screens before a convention goes to signature: its number, its document, what validating does. */
import { Stepper } from "@codegouvfr/react-dsfr/Stepper";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import type { Action, ActionFaite, Convention } from "../../api/convention";
import { cx } from "../../lib/cx";
import { formatDate } from "../../lib/dates";
import { accord, compte, ESPACE_INSECABLE } from "../../lib/nombres";
import { ActionBar } from "../../ui/ActionBar";
import { CompletenessMeter } from "../../ui/CompletenessMeter";
import { allerAuChamp } from "../../ui/ErrorSummary";
import { Lien } from "../../ui/Lien";
import { laConvention, lienRecapitulatif, VOLETS_FINALISATION, type VoletFinalisation } from "./rules";
import { type Finalisation, type NumeroRefuse, useFinalisation } from "./useFinalisation";
import { Validation } from "./Validation";

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
