/** P80, /admin: dashboard of the staff. */
import { useSession } from "../../app/session/contexte";
import { TableauVue } from "../../features/admin/TableauVue";
import { useTableau } from "../../features/admin/tableau";
import { TitrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { CadreEquipe } from "./Cadre";

export function Component() {
  return (
    <CadreEquipe page="Administration">
      {() => (
        <>
          <TitrePage titre="Administration" />
          <Bord />
        </>
      )}
    </CadreEquipe>
  );
}

function Bord() {
  const { superuser } = useSession();
  return (
    <Requete
      requete={useTableau()}
      bloc
      squelette={<Skeleton forme="cartes" nombre={3} libelle="Chargement du tableau de bord" />}
      titreErreur="Le tableau de bord n’a pas pu être chargé"
    >
      {(tableau) => <TableauVue tableau={tableau} superuser={superuser} />}
    </Requete>
  );
}
