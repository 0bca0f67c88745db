/** /admin/alertes-siap/:uuid: one message and its tries. */
import { useParams } from "react-router";
import { AlerteFiche } from "../../features/admin/alertes/AlerteFiche";
import { useAlerte } from "../../features/admin/alertes/api";
import { titreDe } from "../../features/admin/alertes/rules";
import { TitrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { ACCUEIL_ADMIN, CadreEquipe } from "./Cadre";

export function Component() {
  const { uuid = "" } = useParams();
  return (
    <CadreEquipe
      page="Message"
      parents={[ACCUEIL_ADMIN, { libelle: "Alertes et courriels", lien: "/admin/alertes-siap" }]}
    >
      {(peutAgir) => <Fiche uuid={uuid} peutAgir={peutAgir} />}
    </CadreEquipe>
  );
}

function Fiche({ uuid, peutAgir }: { uuid: string; peutAgir: boolean }) {
  return (
    <Requete
      requete={useAlerte(uuid)}
      squelette={<Skeleton forme="page" />}
      titreErreur="Le message n’a pas pu être chargé"
    >
      {(detail) => (
        <>
          <TitrePage titre={titreDe(detail.alerte)} />
          <AlerteFiche detail={detail} peutAgir={peutAgir} />
        </>
      )}
    </Requete>
  );
}
