/** P81, /admin/utilisateurs/:uuid: sheet of an account. */
import { useParams } from "react-router";
import { nomDe, useCompte } from "../../features/admin/comptes";
import { FicheCompte } from "../../features/admin/FicheCompte";
import { TitrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { ACCUEIL_ADMIN, CadreEquipe } from "./Cadre";

const LISTE = { libelle: "Utilisateurs", lien: "/admin/utilisateurs" };

export function Component() {
  const { uuid = "" } = useParams();
  const requete = useCompte(uuid);
  return (
    <CadreEquipe page={requete.data ? nomDe(requete.data) : "Compte"} parents={[ACCUEIL_ADMIN, LISTE]}>
      {() => (
        <Requete requete={requete} titreErreur="Le compte n’a pas pu être chargé">
          {(compte) => (
            <>
              <TitrePage titre={nomDe(compte)} />
              <FicheCompte compte={compte} />
            </>
          )}
        </Requete>
      )}
    </CadreEquipe>
  );
}
