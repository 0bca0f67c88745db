/** P83, /admin/delegataires/:uuid: one reassignment, from its simulation to its undo. */
import { useParams } from "react-router";
import { useReassignation } from "../../features/admin/delegataires/api";
import { Fiche } from "../../features/admin/delegataires/Fiche";
import { TitrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { ACCUEIL_ADMIN, CadreEquipe } from "./Cadre";
import "../../styles/admin.css";

export function Component() {
  const { uuid = "" } = useParams();
  return (
    <CadreEquipe
      page="Réassignation"
      parents={[ACCUEIL_ADMIN, { libelle: "Délégataires", lien: "/admin/delegataires" }]}
    >
      {(peutAgir) => <Contenu uuid={uuid} peutAgir={peutAgir} />}
    </CadreEquipe>
  );
}

function Contenu({ uuid, peutAgir }: { uuid: string; peutAgir: boolean }) {
  return (
    <Requete
      requete={useReassignation(uuid)}
      squelette={<Skeleton forme="page" />}
      titreErreur="La réassignation n’a pas pu être chargée"
    >
      {(run) => (
        <>
          <TitrePage titre={`Réassignation vers ${run.cible.nom}`} onglet="Réassignation" />
          <Fiche run={run} peutAgir={peutAgir} />
        </>
      )}
    </Requete>
  );
}
