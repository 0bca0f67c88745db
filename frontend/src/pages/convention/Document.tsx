/** P63: the document that stands for the convention, read in the page or saved. */
import "../../styles/etape.css";
import "../../styles/signature.css";
import { useParams } from "react-router";
import { useConvention } from "../../api/convention";
import { useSession } from "../../app/session/contexte";
import { EnTete } from "../../features/convention/EnTete";
import { Squelette } from "../../features/convention/Squelette";
import { useDocuments } from "../../features/document/api";
import { EnVigueur } from "../../features/document/EnVigueur";
import { Lien } from "../../ui/Lien";
import { CadrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";

export function Component() {
  const { uuid = "" } = useParams();
  const { habilitation } = useSession();
  const documents = useDocuments(uuid);
  return (
    <Requete
      requete={useConvention(uuid)}
      squelette={<Squelette />}
      titreErreur="La convention n’a pas pu être chargée"
    >
      {(convention) => (
        <CadrePage>
          <EnTete convention={convention} page="Document" lectureSeule={habilitation?.lecture_seule ?? false} />
          <h2 className="fr-h4">Document en vigueur</h2>
          {convention.depot_possible ? (
            <p>
              <Lien className="fr-link" to={`/conventions/${uuid}/signature`}>
                Remplacer le document signé ou corriger sa date
              </Lien>
            </p>
          ) : null}
          <Requete
            requete={documents}
            bloc
            squelette={<Skeleton forme="fiche" libelle="Chargement des documents" />}
            titreErreur="Les documents n’ont pas pu être lus"
          >
            {(files) => <EnVigueur statut={convention.statut} documents={files} apercu />}
          </Requete>
        </CadrePage>
      )}
    </Requete>
  );
}
