/** P66: attachments taken over from the former system. */
import "../../styles/signature.css";
import "../../styles/chronique.css";
import { useParams } from "react-router";
import { useConvention } from "../../api/convention";
import { useSession } from "../../app/session/contexte";
import { usePiecesJointes } from "../../features/chronique/api";
import { PiecesJointesVue } from "../../features/chronique/PiecesJointesVue";
import { EnTete } from "../../features/convention/EnTete";
import { Squelette } from "../../features/convention/Squelette";
import { CadrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";

export function Component() {
  const { uuid = "" } = useParams();
  const { habilitation } = useSession();
  const pieces = usePiecesJointes(uuid);
  return (
    <Requete
      requete={useConvention(uuid)}
      squelette={<Squelette />}
      titreErreur="La convention n’a pas pu être chargée"
    >
      {(convention) => (
        <CadrePage>
          <EnTete convention={convention} page="Pièces jointes" lectureSeule={habilitation?.lecture_seule ?? false} />
          <h2 className="fr-h4">Pièces jointes</h2>
          <Requete
            requete={pieces}
            bloc
            squelette={<Skeleton forme="cartes" nombre={2} libelle="Chargement des pièces jointes" />}
            titreErreur="Les pièces jointes n’ont pas pu être chargées"
          >
            {(liste) => <PiecesJointesVue convention={convention} pieces={liste} />}
          </Requete>
        </CadrePage>
      )}
    </Requete>
  );
}
