/** /maintenance: the service is closed for a moment. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { TitrePage } from "../../ui/Page";

export function Component() {
  return (
    <div className="fr-container fr-py-6w">
      <TitrePage titre="Service en maintenance" />
      <p className="fr-text--lead">
        Le service est interrompu le temps d’une mise à jour. Vos données sont conservées.
      </p>
      <p>Vous pouvez garder cette page ouverte et réessayer dans quelques minutes.</p>
      <Button linkProps={{ to: "/conventions" }} iconId="fr-icon-refresh-line">
        Réessayer
      </Button>
    </div>
  );
}
