/** One message: where it stands, what SIAP receives, each try from the latest. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { type ReactNode, useState } from "react";
import { formatInstant } from "../../../lib/dates";
import { Lien } from "../../../ui/Lien";
import { Timeline } from "../../../ui/Timeline";
import type { AlerteDetail } from "./api";
import { EssaisAlerte, EtatAlerte } from "./EtatAlerte";
import { RelanceDialogue } from "./Relance";
import { destinataireDe, objetDe } from "./rules";

const STATUTS: Record<string, string> = {
  ENVOYEE: "réussi",
  ECHEC: "en échec",
  IGNOREE: "écarté",
  ABANDON: "abandonné",
};

export function AlerteFiche({ detail, peutAgir }: { detail: AlerteDetail; peutAgir: boolean }) {
  const { alerte, contenu, essais, relancable } = detail;
  const [opened, setOpened] = useState(false);
  const facts: [string, ReactNode][] = [
    ["État", <EtatAlerte key="etat" alerte={alerte} />],
    ["Essais", <EssaisAlerte key="essais" alerte={alerte} />],
    ["Nature", alerte.libelle],
    ["Destinataire", destinataireDe(alerte)],
    [
      "Convention",
      alerte.convention_uuid ? (
        <Lien key="convention" to={`/conventions/${alerte.convention_uuid}/alertes`}>
          {objetDe(alerte)}
        </Lien>
      ) : null,
    ],
    ["À l’origine", alerte.auteur],
    ["Identifiant dans le SIAP", alerte.identifiant_siap],
    ["Créé le", formatInstant(alerte.cree_le)],
    ["Terminé le", formatInstant(alerte.traite_le)],
    ["Relancé le", formatInstant(alerte.relance_le)],
  ];
  return (
    <>
      {alerte.erreur ? (
        <div className="fr-alert fr-alert--warning fr-mb-3w">
          <h2 className="fr-alert__title">Dernier essai</h2>
          <p>{alerte.erreur_libelle}</p>
          <details className="fr-mt-1w">
            <summary>Détail technique</summary>
            <code className="ap-alertes__technique">{alerte.erreur}</code>
          </details>
        </div>
      ) : null}
      {peutAgir && relancable ? (
        <p>
          <Button iconId="fr-icon-refresh-line" onClick={() => setOpened(true)}>
            Relancer
          </Button>
        </p>
      ) : null}
      <div className="ap-fiche">
        <dl className="ap-fiche__termes">
          {facts
            .filter(([, value]) => value)
            .map(([term, value]) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
      </div>
      {alerte.canal === "ALERTE_SIAP" ? (
        <>
          <h2 className="fr-h4 fr-mt-4w">Essais</h2>
          {essais.length === 0 ? (
            <p>Aucun essai pour le moment.</p>
          ) : (
            <Timeline
              libelle="Essais, du plus récent au plus ancien"
              evenements={[...essais].reverse().map((essai, index) => ({
                id: `${essai.tentative}-${index}`,
                le: essai.le,
                fort: essai.statut !== "ENVOYEE",
                icone: essai.statut === "ENVOYEE" ? "fr-icon-checkbox-circle-line" : "fr-icon-error-warning-line",
                titre: `Essai ${essai.tentative} ${STATUTS[essai.statut]}`,
                auteur: [essai.user_login, essai.habilitation_id && `habilitation ${essai.habilitation_id}`]
                  .filter(Boolean)
                  .join(", "),
                contenu: (
                  <>
                    <p className="fr-mb-1v">{essai.description}</p>
                    {essai.erreur_libelle ? <p className="ap-mention fr-mb-0">{essai.erreur_libelle}</p> : null}
                  </>
                ),
              }))}
            />
          )}
        </>
      ) : null}
      {contenu ? (
        <details className="fr-mt-4w">
          <summary>Ce que le SIAP reçoit</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line must be reachable by the keyboard to scroll */}
          <pre className="ap-alertes__technique ap-alertes__contenu" tabIndex={0}>
            {JSON.stringify(contenu, null, 2)}
          </pre>
        </details>
      ) : null}
      <RelanceDialogue alerte={opened ? alerte : null} onFermer={() => setOpened(false)} />
    </>
  );
}
