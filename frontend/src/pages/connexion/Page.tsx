/** Way in: leaves at once for the sign-in, and comes back to the page that was asked. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useEffect } from "react";
import { Navigate, useSearchParams } from "react-router";
import { peutRediriger } from "../../app/session/adresse";
import { useContratSession } from "../../app/session/contexte";
import { TitrePage } from "../../ui/Page";

/** A path of this application, or the list. */
const destination = (next: string | null): string => (next && /^\/(?![/\\])/.test(next) ? next : "/conventions");

export function Component() {
  const { etat, seConnecter } = useContratSession();
  const [params] = useSearchParams();
  const next = destination(params.get("next"));
  const visitor = etat.etat === "anonyme" || etat.etat === "panne";

  useEffect(() => {
    if (visitor && peutRediriger()) seConnecter(next);
  }, [visitor, seConnecter, next]);

  if (etat.etat === "connecte") return <Navigate to={next} replace />;
  return (
    <div className="fr-container fr-py-6w">
      <TitrePage titre="Connexion" />
      <p>
        Vous allez être dirigé vers CERBERE, le portail de connexion du ministère. Si rien ne se passe, utilisez le
        bouton ci-dessous.
      </p>
      <Button iconId="fr-icon-lock-line" onClick={() => seConnecter(next)}>
        Se connecter avec CERBERE
      </Button>
    </div>
  );
}
