/** Way in: with CERBERE, leaves at once for the sign-in and comes back; without it, the form of local accounts (P02). */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useEffect } from "react";
import { Navigate, useSearchParams } from "react-router";
import { useConfiguration } from "../../app/configuration";
import { peutRediriger } from "../../app/session/adresse";
import { useContratSession } from "../../app/session/contexte";
import { ConnexionLocale } from "../../features/compte/ConnexionLocale";
import { TitrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";

/** A path of this application, or the list. */
const destination = (next: string | null): string => (next && /^\/(?![/\\])/.test(next) ? next : "/conventions");

export function Component() {
  const { etat } = useContratSession();
  const [params] = useSearchParams();
  const next = destination(params.get("next"));
  const configuration = useConfiguration();
  if (etat.etat === "connecte") return <Navigate to={next} replace />;
  return (
    <div className="fr-container fr-py-6w">
      <TitrePage titre="Connexion" />
      <Requete
        requete={configuration}
        bloc
        squelette={<Skeleton nombre={2} />}
        titreErreur="La page n’a pas pu être lue"
      >
        {({ mode_connexion, utilisateur_simule }) =>
          mode_connexion === "local" && !utilisateur_simule ? (
            <ConnexionLocale suite={next} />
          ) : (
            <VersCerbere suite={next} />
          )
        }
      </Requete>
    </div>
  );
}

function VersCerbere({ suite }: { suite: string }) {
  const { etat, seConnecter } = useContratSession();
  const visitor = etat.etat === "anonyme" || etat.etat === "panne";
  useEffect(() => {
    if (visitor && peutRediriger()) seConnecter(suite);
  }, [visitor, seConnecter, suite]);
  return (
    <>
      <p>
        Vous allez être dirigé vers CERBERE, le portail de connexion du ministère. Si rien ne se passe, utilisez le
        bouton ci-dessous.
      </p>
      <Button iconId="fr-icon-lock-line" onClick={() => seConnecter(suite)}>
        Se connecter avec CERBERE
      </Button>
    </>
  );
}
