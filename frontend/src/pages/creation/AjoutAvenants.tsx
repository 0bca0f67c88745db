/** /conventions/ajout/{uuid}/avenants (P22, step 3). */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useParams } from "react-router";
import { AjoutAvenant, AvenantsConnus } from "../../features/creation/AvenantsSignes";
import { useConventionAmendee } from "../../features/creation/api";
import { Requete } from "../../ui/Requete";
import { CadreCreation, EtapesAjout, NOUVELLE } from "./Cadre";

export function Component() {
  const { uuid = "" } = useParams();
  const requete = useConventionAmendee(uuid);
  return (
    <CadreCreation ajout titre="Avenants déjà signés" parents={[NOUVELLE]}>
      <EtapesAjout courante={3} />
      <Requete requete={requete} titreErreur="La convention n’a pas pu être lue">
        {(convention) => (
          <>
            <p>
              Convention n° {convention.numero}, {convention.titre}. Ajoutez ses avenants signés un par un, ou terminez
              tout de suite.
            </p>
            <AvenantsConnus uuid={uuid} />
            <AjoutAvenant convention={convention} avecTypes={false} />
            <Button priority="secondary" linkProps={{ to: `/conventions/${uuid}/recapitulatif` }} className="fr-mt-4w">
              Terminer
            </Button>
          </>
        )}
      </Requete>
    </CadreCreation>
  );
}
