/** P86, /admin/alertes-siap: what left for SIAP and by e-mail, what did not, and sending it again. */
import { AlertesListe } from "../../features/admin/alertes/AlertesListe";
import { TitrePage } from "../../ui/Page";
import { ACCUEIL_ADMIN, CadreEquipe } from "./Cadre";

export function Component() {
  return (
    <CadreEquipe page="Alertes et courriels" parents={[ACCUEIL_ADMIN]}>
      {(peutAgir) => (
        <>
          <TitrePage
            titre="Alertes et courriels"
            chapeau={
              <p>
                Ce que la plateforme envoie au SIAP et aux personnes. Un message en échec se relance d’ici ; il garde sa
                place parmi ceux de sa convention.
              </p>
            }
          />
          <AlertesListe peutAgir={peutAgir} />
        </>
      )}
    </CadreEquipe>
  );
}
