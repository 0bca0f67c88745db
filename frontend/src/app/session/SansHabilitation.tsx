/** A signed-in user without any usable habilitation: what it means, where to ask for one. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { TitrePage } from "../../ui/Page";
import { useContratSession, useSession } from "./contexte";
import { useDeconnexion } from "./useDeconnexion";

export function SansHabilitation() {
  const { liens, siap, avertissements } = useSession();
  const { reessayer } = useContratSession();
  const deconnecter = useDeconnexion();
  return (
    <div className="fr-container fr-py-6w">
      <TitrePage titre={siap.disponible ? "Aucune habilitation" : "Vos habilitations sont indisponibles"} />
      <p className="fr-text--lead">
        {siap.disponible
          ? "Votre compte est reconnu, mais aucune habilitation validée ne lui donne accès aux conventions."
          : "Le SIAP ne répond pas : vos habilitations ne peuvent pas être vérifiées pour le moment."}
      </p>
      {avertissements.map(({ code, detail }) => (
        <p key={code}>{detail}</p>
      ))}
      {siap.disponible ? (
        <p>
          Demandez une habilitation dans le SIAP. Elle sera utilisable ici dès que votre gestionnaire l’aura validée.
        </p>
      ) : null}
      <ul className="fr-btns-group fr-btns-group--inline">
        {siap.disponible && liens.gestion_habilitations ? (
          <li>
            <Button linkProps={{ href: liens.gestion_habilitations }}>Gérer mes habilitations dans le SIAP</Button>
          </li>
        ) : null}
        <li>
          <Button priority="secondary" onClick={reessayer}>
            Vérifier à nouveau
          </Button>
        </li>
        <li>
          <Button priority="tertiary" onClick={deconnecter}>
            Se déconnecter
          </Button>
        </li>
      </ul>
    </div>
  );
}
