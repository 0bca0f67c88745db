/** Notices under the header: what the reader must know on every page, one line each, calmest last. */
import { Notice } from "@codegouvfr/react-dsfr/Notice";
import { useEffect } from "react";
import { formatInstant } from "../../lib/dates";
import { useEnLigne } from "../../lib/useEnLigne";
import { useAnnonce } from "../../ui/Annonces";
import { useConfiguration } from "../configuration";
import { useContratSession, useSessionOuNull } from "../session/contexte";

const HORS_CONNEXION =
  "Vous êtes hors connexion. Vos saisies sont gardées sur cet appareil et partiront au retour du réseau.";

export function Avis() {
  const { data: configuration } = useConfiguration();
  const { avis, effacerAvis, fin, seConnecter } = useContratSession();
  const session = useSessionOuNull();
  const enLigne = useEnLigne();
  const annoncer = useAnnonce();
  const environment = configuration?.environnement;

  // Acting as somebody in reading, the red banner says it.
  const readOnly = (session?.habilitation?.lecture_seule ?? false) && session?.detournement?.mode !== "lecture";
  const warnings = session?.avertissements ?? [];
  // The server says it in its own words when it has more to tell.
  const siapDown =
    session !== null && !session.siap.disponible && !warnings.some(({ code }) => code.startsWith("SIAP_"));
  const over = fin === "passee";
  const simulated = configuration?.utilisateur_simule ?? false;
  const notProduction = environment !== undefined && environment !== "production";

  useEffect(() => {
    if (!enLigne) annoncer(HORS_CONNEXION, { assertif: true });
  }, [enLigne, annoncer]);

  if (enLigne && !over && !avis && !siapDown && warnings.length === 0 && !readOnly && !simulated && !notProduction)
    return null;
  return (
    <section className="ap-avis" aria-label="Informations sur le service">
      {over ? (
        <Notice
          severity="alert"
          title={
            <>
              Votre session est terminée : rien ne peut plus être enregistré.{" "}
              <button type="button" className="fr-link" onClick={() => seConnecter()}>
                Se reconnecter
              </button>
            </>
          }
        />
      ) : null}
      {enLigne ? null : <Notice severity="warning" title={HORS_CONNEXION} />}
      {avis ? <Notice severity="warning" title={avis} isClosable isClosed={false} onClose={effacerAvis} /> : null}
      {siapDown ? (
        <Notice
          severity="warning"
          title={
            session.siap.lu_le
              ? `Le SIAP ne répond pas. Vos données locales sont à jour au ${formatInstant(session.siap.lu_le)} ; vous pouvez continuer.`
              : "Le SIAP ne répond pas. Vous pouvez continuer à travailler sur les conventions déjà présentes ici."
          }
        />
      ) : null}
      {warnings.map(({ code, detail }) => (
        <Notice key={code} severity="warning" title={detail} />
      ))}
      {readOnly ? (
        <Notice
          severity="info"
          title="Votre profil est en lecture seule : vous pouvez consulter, télécharger et exporter."
        />
      ) : null}
      {simulated ? (
        <Notice
          severity="warning"
          title="Connexion simulée : chaque visiteur agit avec le même compte de test, sans passer par CERBERE."
        />
      ) : null}
      {notProduction ? (
        <Notice
          className="ap-avis__environnement"
          severity="info"
          iconDisplayed={false}
          title={`${ENVIRONNEMENTS[environment] ?? `Environnement « ${environment} »`}${configuration?.simulateurs ? ` : ${configuration.mode_connexion === "local" ? "le SIAP est simulé" : "le SIAP et CERBERE sont simulés"}, les données sont fictives` : " : les données saisies ici n’ont pas de valeur officielle"}.`}
        />
      ) : null}
    </section>
  );
}

const ENVIRONNEMENTS: Record<string, string> = {
  development: "Environnement de développement",
  test: "Environnement de test",
  integration: "Environnement d’intégration",
  staging: "Environnement de recette",
  recette: "Environnement de recette",
  ecole: "Environnement de formation",
};
