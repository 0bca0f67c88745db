/** /403: kept for the links that name it; what may not be seen is answered like what does not exist. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { TitrePage } from "../../ui/Page";

export function Component() {
  return (
    <div className="fr-container fr-py-6w">
      <TitrePage titre="Accès non autorisé" />
      <p className="fr-text--lead">Votre habilitation actuelle ne permet pas cette action.</p>
      <p>
        Changez d’habilitation si vous en avez une autre, ou demandez celle qui convient à votre gestionnaire, dans le
        SIAP.
      </p>
      <ul className="fr-btns-group fr-btns-group--inline">
        <li>
          <Button linkProps={{ to: "/habilitations" }}>Voir mes habilitations</Button>
        </li>
        <li>
          <Button priority="secondary" linkProps={{ to: "/conventions" }}>
            Voir mes conventions
          </Button>
        </li>
      </ul>
    </div>
  );
}
