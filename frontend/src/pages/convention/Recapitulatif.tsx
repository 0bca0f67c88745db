/** P50: reading, reviewing and sending a convention. One page for every side; what can be done on it is the server's. */
import { useParams } from "react-router";
import { useConvention } from "../../api/convention";
import { useSession } from "../../app/session/contexte";
import { Squelette } from "../../features/convention/Squelette";
import { Requete } from "../../ui/Requete";
import { RecapitulatifVue } from "./RecapitulatifVue";

export function Component() {
  const { uuid = "" } = useParams();
  const { typologie, habilitation } = useSession();
  const instructeur = typologie !== "BAILLEUR";
  return (
    <Requete
      requete={useConvention(uuid)}
      squelette={<Squelette marge={instructeur} />}
      titreErreur="La convention n’a pas pu être chargée"
    >
      {(convention) => (
        <RecapitulatifVue
          key={convention.uuid}
          convention={convention}
          instructeur={instructeur}
          lectureSeule={habilitation?.lecture_seule ?? false}
        />
      )}
    </Requete>
  );
}
