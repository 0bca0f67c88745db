/** One run: what it would move, its progress, what it did and what it left. */
import { Alert } from "@codegouvfr/react-dsfr/Alert";
import { Badge } from "@codegouvfr/react-dsfr/Badge";
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Stepper } from "@codegouvfr/react-dsfr/Stepper";
import { useState } from "react";
import { formatInstant } from "../../../lib/dates";
import { compte, formatEntier } from "../../../lib/nombres";
import { EmptyState } from "../../../ui/EmptyState";
import { Lien } from "../../../ui/Lien";
import type { Reassignation } from "./api";
import { Decider } from "./Decider";
import { avancement, bilan, enCours, etatDe, perimetre } from "./rules";
import { Exemples, Origines, Rejets, Restees } from "./Tables";

export function Fiche({ run, peutAgir }: { run: Reassignation; peutAgir: boolean }) {
  const [decision, setDecision] = useState<"confirmation" | "annulation" | null>(null);
  const simulation = run.etat === "SIMULATION";
  return (
    <>
      {simulation ? (
        <Stepper currentStep={2} stepCount={3} title="Vérifier ce qui sera réassigné" nextTitle="Exécution" />
      ) : null}
      <Entete run={run} />
      {simulation ? null : <Suivi run={run} />}
      {simulation && run.total === 0 ? (
        <EmptyState titre="Aucune opération à réassigner">
          Toutes les opérations de ce périmètre sont déjà à {run.cible.nom}, ou il n’y en a aucune.
        </EmptyState>
      ) : (
        <>
          <Comptes run={run} />
          <Origines run={run} />
          <Exemples run={run} />
        </>
      )}
      <Rejets rejets={run.rejets} etat={run.etat} />
      {run.sans_commune > 0 ? (
        <Alert
          small
          severity="warning"
          className="fr-mb-3w"
          description={`${compte(run.sans_commune, "opération")} de ces codes postaux n’ont pas de commune connue : elles ne sont pas prises. Corrigez leur commune pour qu’elles le soient.`}
        />
      ) : null}
      <Restees run={run} />
      <Actions run={run} peutAgir={peutAgir} onDecider={setDecision} />
      {decision ? <Confirmation run={run} decision={decision} onFermer={() => setDecision(null)} /> : null}
    </>
  );
}

function Entete({ run }: { run: Reassignation }) {
  const { libelle, severite } = etatDe(run);
  return (
    <dl className="ap-delegataires__entete">
      <div>
        <dt>État</dt>
        <dd>
          <Badge severity={severite} small>
            {libelle}
          </Badge>
        </dd>
      </div>
      <div>
        <dt>Nouvelle administration</dt>
        <dd>
          {run.cible.nom} ({run.cible.code})
        </dd>
      </div>
      <div>
        <dt>Périmètre</dt>
        <dd>{perimetre(run)}</dd>
      </div>
      {run.confirmee_le ? (
        <div>
          <dt>Confirmée</dt>
          <dd>
            le {formatInstant(run.confirmee_le)} par {run.auteur} : {run.motif}
          </dd>
        </div>
      ) : null}
      {run.annulee_le ? (
        <div>
          <dt>Annulée</dt>
          <dd>
            le {formatInstant(run.annulee_le)} par {run.annulee_par} : {run.motif_annulation}
          </dd>
        </div>
      ) : null}
    </dl>
  );
}

function Suivi({ run }: { run: Reassignation }) {
  if (run.interrompue) {
    return (
      <Alert
        severity="error"
        className="fr-mb-3w"
        title="Le travail s’est arrêté avant la fin"
        description="Ce qui est fait est gardé. Relancez-le : il reprendra où il s’est arrêté. Aucune autre réassignation ne peut commencer avant."
      />
    );
  }
  const { faites, total } = avancement(run);
  if (enCours(run)) {
    return (
      <div className="ap-delegataires__suivi" role="status">
        <label className="fr-label" htmlFor="progression-reassignation">
          {run.etat === "ANNULATION" ? "Annulation en cours" : "Réassignation en cours"} : {formatEntier(faites)} sur{" "}
          {compte(total, "opération")}
        </label>
        <progress id="progression-reassignation" max={Math.max(total, 1)} value={faites} />
        <p className="ap-mention fr-mb-0">Vous pouvez quitter cette page : le travail continue.</p>
      </div>
    );
  }
  return <Alert small severity="success" className="fr-mb-3w" description={`${bilan(run)}.`} />;
}

function Comptes({ run }: { run: Reassignation }) {
  return (
    <ul className="ap-tableau-bord fr-raw-list fr-mb-3w" aria-label="Ce qui est concerné">
      <li className="ap-tableau-bord__carte">
        <p className="ap-tableau-bord__nombre">{formatEntier(run.conventions)}</p>
        <p className="fr-mb-0">conventions et avenants</p>
      </li>
      <li className="ap-tableau-bord__carte">
        <p className="ap-tableau-bord__nombre">{formatEntier(run.familles)}</p>
        <p className="fr-mb-0">conventions d’origine</p>
      </li>
      <li className="ap-tableau-bord__carte">
        <p className="ap-tableau-bord__nombre">{formatEntier(run.total)}</p>
        <p className="fr-mb-0">opérations</p>
      </li>
    </ul>
  );
}

type ActionsProps = {
  run: Reassignation;
  peutAgir: boolean;
  onDecider: (decision: "confirmation" | "annulation") => void;
};

function Actions({ run, peutAgir, onDecider }: ActionsProps) {
  if (!peutAgir) return null;
  return (
    <div className="ap-delegataires__actions">
      {run.etat === "SIMULATION" && run.total > 0 ? (
        <Button type="button" onClick={() => onDecider("confirmation")}>
          Réassigner les conventions
        </Button>
      ) : null}
      {run.etat === "SIMULATION" ? (
        <Lien className="fr-btn fr-btn--secondary" to="/admin/delegataires">
          Changer le périmètre
        </Lien>
      ) : null}
      {run.interrompue ? (
        <Button type="button" onClick={() => onDecider(run.etat === "ANNULATION" ? "annulation" : "confirmation")}>
          Relancer
        </Button>
      ) : null}
      {run.etat === "TERMINEE" && run.annulables > 0 ? (
        <Button type="button" priority="secondary" onClick={() => onDecider("annulation")}>
          Annuler la réassignation
        </Button>
      ) : null}
    </div>
  );
}

type ConfirmationProps = { run: Reassignation; decision: "confirmation" | "annulation"; onFermer: () => void };

function Confirmation({ run, decision, onFermer }: ConfirmationProps) {
  if (run.interrompue) {
    return (
      <Decider uuid={run.uuid} decision={decision} titre="Relancer le travail" verbe="Relancer" onFermer={onFermer}>
        <p>Le travail reprend où il s’est arrêté. Les opérations déjà traitées ne changent plus.</p>
      </Decider>
    );
  }
  if (decision === "confirmation") {
    return (
      <Decider
        uuid={run.uuid}
        decision={decision}
        titre="Réassigner les conventions"
        verbe={`Réassigner ${compte(run.conventions, "convention")}`}
        onFermer={onFermer}
      >
        <p>
          {compte(run.conventions, "convention")} et avenants passent à <strong>{run.cible.nom}</strong>. Leur
          administration actuelle ne les verra plus, et personne ne reçoit de courriel. La réassignation pourra être
          annulée.
        </p>
        {run.rejets.length > 0 ? (
          <p>
            <strong>{compte(run.rejets.length, "ligne")} du fichier ne sont pas prises en compte.</strong>
          </p>
        ) : null}
      </Decider>
    );
  }
  return (
    <Decider
      uuid={run.uuid}
      decision={decision}
      titre="Annuler la réassignation"
      verbe="Annuler la réassignation"
      onFermer={onFermer}
    >
      <p>
        {compte(run.annulables, "opération")} {run.annulables > 1 ? "reviennent" : "revient"} à l’administration
        d’origine, avec {run.annulables > 1 ? "leurs" : "ses"} conventions et avenants.
        {run.retenues > 0
          ? ` ${compte(run.retenues, "opération")} ${run.retenues > 1 ? "ont" : "a"} changé d’administration depuis : ${run.retenues > 1 ? "elles restent où elles sont" : "elle reste où elle est"}.`
          : ""}
      </p>
    </Decider>
  );
}
