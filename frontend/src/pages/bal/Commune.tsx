/** /bal/communes/:code: public page of a commune. */
import { useParams } from "react-router";
import { hasStatus } from "../../api/problem";
import { useCommune, useCourante } from "../../features/bal/api";
import { CommuneVue } from "../../features/bal/CommuneVue";
import { nomDuDepartement } from "../../lib/departements";
import { FilAriane } from "../../ui/FilAriane";
import { TitrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { ACCUEIL_BAL, ReglagesBal } from "./Cadre";
import { CommuneInconnue } from "./CommuneInconnue";

export function Component() {
  const { code = "" } = useParams();
  return (
    <ReglagesBal>
      <Contenu code={code} />
    </ReglagesBal>
  );
}

function Contenu({ code }: { code: string }) {
  const commune = useCommune(code);
  const courante = useCourante(code);
  if (hasStatus(commune.error, 404)) return <CommuneInconnue code={code} />;
  return (
    <>
      <FilAriane parents={[ACCUEIL_BAL]} page={commune.data?.nom ?? code} />
      <Requete requete={commune} squelette={<Skeleton forme="page" libelle="Chargement de la commune" />}>
        {(found) => (
          <>
            <TitrePage
              titre={`${found.nom} (${found.code})`}
              chapeau={<p>{[nomDuDepartement(found.departement), found.epci?.nom].filter(Boolean).join(" · ")}</p>}
            />
            <Requete
              requete={courante}
              bloc
              squelette={<Skeleton forme="fiche" libelle="Chargement de la version en vigueur" />}
              titreErreur="La version en vigueur n’a pas pu être lue"
            >
              {(revision) => <CommuneVue commune={found} courante={revision} />}
            </Requete>
          </>
        )}
      </Requete>
    </>
  );
}
