/** P81, /admin/utilisateurs: accounts of the platform. */
import { ListeComptes } from "../../features/admin/ListeComptes";
import { TitrePage } from "../../ui/Page";
import { ACCUEIL_ADMIN, CadreEquipe } from "./Cadre";

export function Component() {
  return (
    <CadreEquipe page="Utilisateurs" parents={[ACCUEIL_ADMIN]}>
      {() => (
        <>
          <TitrePage titre="Utilisateurs" />
          <ListeComptes />
        </>
      )}
    </CadreEquipe>
  );
}
