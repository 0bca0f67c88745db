/** Page shown after sign-out. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useContratSession } from "../../app/session/contexte";
import { Artwork } from "../../ui/Artwork";
import { TitrePage } from "../../ui/Page";

const picto = new URL(
  "../../../../node_modules/@codegouvfr/react-dsfr/dsfr/artwork/pictograms/system/success.svg",
  import.meta.url,
).href;

export function Component() {
  const { seConnecter } = useContratSession();
  return (
    <div className="fr-container fr-py-6w">
      <Artwork src={picto} taille={96} />
      <TitrePage titre="Vous êtes déconnecté" />
      <p className="fr-text--lead">
        Votre session est fermée sur cet appareil, et les brouillons qui y étaient gardés ont été effacés.
      </p>
      <p>Sur un poste partagé, fermez aussi la fenêtre du navigateur.</p>
      <ul className="fr-btns-group fr-btns-group--inline">
        <li>
          <Button onClick={() => seConnecter("/conventions")}>Se reconnecter</Button>
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
