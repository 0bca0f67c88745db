/** /conventions/nouvelle (P20). */
import { useSession } from "../../app/session/contexte";
import { ChoixCreation } from "../../features/creation/Choix";
import { CadreCreation } from "./Cadre";

export function Component() {
  const session = useSession();
  return (
    <CadreCreation titre="Nouvelle convention" chapeau={<p>Choisissez d’où part votre convention.</p>}>
      <ChoixCreation ajoutOuvert={session.interrupteurs.ajout_convention !== false} />
    </CadreCreation>
  );
}
