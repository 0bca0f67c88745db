/**
 * Last resort: an exception while rendering a page. The reader keeps the frame, a sentence and a way out; the
 * exception itself is reported to the browser, never to the page.
 */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useEffect } from "react";
import { isRouteErrorResponse, useRouteError } from "react-router";
import { isApiError, isUnknownOrForbidden } from "../api/problem";
import { NotFound } from "../ui/NotFound";
import { TitrePage } from "../ui/Page";

export function ErreurDePage() {
  const error = useRouteError();
  useEffect(() => {
    if (!isRouteErrorResponse(error) && !isApiError(error)) reportError(error);
  }, [error]);
  if (isUnknownOrForbidden(error)) return <NotFound reference={error.requestId} />;
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFound />;
  return <ErreurInattendue reference={isApiError(error) ? error.requestId : null} />;
}

export function ErreurInattendue({ reference = null }: { reference?: string | null }) {
  return (
    <div className="fr-container fr-py-6w">
      <TitrePage titre="La page n’a pas pu être affichée" />
      <p className="fr-text--lead">
        Un incident empêche d’afficher cette page. Ce que vous aviez enregistré n’est pas perdu.
      </p>
      <p>Rechargez la page ; si cela continue, décrivez à l’assistance ce que vous faisiez.</p>
      {reference ? (
        <p className="fr-text--sm">
          Référence : <code>{reference}</code>
        </p>
      ) : null}
      <ul className="fr-btns-group fr-btns-group--inline">
        <li>
          <Button onClick={() => window.location.reload()}>Recharger la page</Button>
        </li>
        <li>
          <Button priority="secondary" linkProps={{ to: "/" }}>
            Revenir à l’accueil
          </Button>
        </li>
      </ul>
    </div>
  );
}
