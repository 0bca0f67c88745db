/** Publication at the land registry: where it stands, the published document, and what the service may do now (02 §7.3). */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useState } from "react";
import type { Action, ActionFaite, Convention } from "../../api/convention";
import { EmptyState } from "../../ui/EmptyState";
import { ApercuPdf } from "./ApercuPdf";
import type { DocumentDepose } from "./api";
import { VersionsPrecedentes, ZoneDepot } from "./Depot";
import { FichierDepose } from "./FichierDepose";
import { FormulairePublication } from "./FormulairePublication";
import type { CodePublication } from "./publication";
import { documentEnVigueur, versionsPrecedentes } from "./rules";

type Props = {
  convention: Convention;
  documents: readonly DocumentDepose[];
  tailleMax: number;
  onFait: (code: CodePublication, reply: ActionFaite) => void;
  /** Asks for the confirmation of an action that has no field. */
  onDemander: (action: Action) => void;
};

const RUBRIQUE = "DOCUMENT_PUBLIE";

export function PublicationVue({ convention, documents, tailleMax, onFait, onDemander }: Props) {
  const { publication, uuid } = convention;
  const document = documentEnVigueur(documents, RUBRIQUE);
  const actions = new Map(convention.transitions_possibles.map((action) => [action.code, action]));
  const send = actions.get("envoyer_publication");
  const publish = actions.get("publier");
  const nothing = !publication && !send;
  return (
    <div className="ap-volet__contenu ap-volet__contenu--large">
      {publication ? <Etat publication={publication} /> : null}
      {nothing ? (
        <EmptyState titre="Cette convention n’a pas été publiée" icone="fr-icon-draft-line">
          <p>L’envoi au service de la publicité foncière se fait après la signature, par le service instructeur.</p>
        </EmptyState>
      ) : null}
      {send ? <Envoyer convention={convention} action={send} onFait={onFait} /> : null}
      {publication?.depot_possible ? (
        <section className="ap-encadre" aria-labelledby="ap-publie-titre">
          <h2 id="ap-publie-titre" className="fr-h6">
            Document publié
          </h2>
          <ZoneDepot
            uuid={uuid}
            documents={documents}
            tailleMax={tailleMax}
            libelle="Document revenu du service de la publicité foncière"
            rubrique={RUBRIQUE}
          />
        </section>
      ) : null}
      {publish ? (
        <FormulairePublication
          key={`publier-${publication?.date_publication_spf ?? ""}`}
          convention={convention}
          action={publish}
          libelle="Enregistrer la publication"
          attente={
            document?.utilisable
              ? null
              : document
                ? "La vérification antivirus du document n’est pas terminée."
                : "Déposez d’abord le document publié."
          }
          onFait={onFait}
        />
      ) : null}
      <Autres
        convention={convention}
        actions={["refuser_publication", "annuler_publication", "rouvrir_publication"].flatMap((code) => {
          const action = actions.get(code as Action["code"]);
          return action ? [action] : [];
        })}
        onFait={onFait}
        onDemander={onDemander}
      />
      {document && !publication?.depot_possible && !document.utilisable ? <FichierDepose document={document} /> : null}
      {document?.utilisable ? <ApercuPdf key={document.uuid} document={document} /> : null}
      <VersionsPrecedentes documents={versionsPrecedentes(documents, RUBRIQUE)} />
    </div>
  );
}

const ALERTES: Record<NonNullable<Convention["publication"]>["etat"], string> = {
  EN_COURS: "info",
  PUBLIEE: "success",
  REFUSEE: "warning",
  ANNULEE: "info",
};

function Etat({ publication: { etat, phrase } }: { publication: NonNullable<Convention["publication"]> }) {
  return (
    <div className={`fr-alert fr-alert--${ALERTES[etat]} fr-alert--sm`}>
      <p>{phrase}</p>
    </div>
  );
}

function Envoyer({ convention, action, onFait }: { convention: Convention; action: Action; onFait: Props["onFait"] }) {
  const refused = action.preconditions.find(({ code }) => code === "NON_PUBLIABLE");
  if (refused) {
    return (
      <div className="fr-alert fr-alert--info fr-alert--sm">
        <p>{refused.detail}</p>
      </div>
    );
  }
  return (
    <FormulairePublication convention={convention} action={action} libelle="Envoyer en publication" onFait={onFait} />
  );
}

/** What is seldom done: a refusal opens its form, the others are confirmed. */
function Autres({
  convention,
  actions,
  onFait,
  onDemander,
}: {
  convention: Convention;
  actions: readonly Action[];
  onFait: Props["onFait"];
  onDemander: Props["onDemander"];
}) {
  const [refus, setRefus] = useState(false);
  if (actions.length === 0) return null;
  const refuse = actions.find(({ code }) => code === "refuser_publication");
  if (refus && refuse) {
    return (
      <FormulairePublication
        convention={convention}
        action={refuse}
        libelle="Enregistrer le refus"
        onFait={onFait}
        onAnnuler={() => setRefus(false)}
      />
    );
  }
  return (
    <ul className="fr-btns-group fr-btns-group--inline fr-btns-group--sm fr-mb-n2w">
      {actions.map((action) => (
        <li key={action.code}>
          <Button
            size="small"
            priority="secondary"
            onClick={() => (action.code === "refuser_publication" ? setRefus(true) : onDemander(action))}
          >
            {action.libelle}
          </Button>
        </li>
      ))}
    </ul>
  );
}
