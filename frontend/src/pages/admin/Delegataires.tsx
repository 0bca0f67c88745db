/** P83, /admin/delegataires: gives the operations of a territory to another administration; history of the past runs. */
import { Stepper } from "@codegouvfr/react-dsfr/Stepper";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { Choix } from "../../features/admin/delegataires/Choix";
import { Historique } from "../../features/admin/delegataires/Historique";
import { TitrePage } from "../../ui/Page";
import { ACCUEIL_ADMIN, CadreEquipe } from "./Cadre";
import "../../styles/admin.css";

export function Component() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return (
    <CadreEquipe page="Délégataires" parents={[ACCUEIL_ADMIN]}>
      {(peutAgir) => (
        <>
          <TitrePage
            titre="Gestion des délégataires"
            chapeau={
              <p>
                Confier à une administration toutes les opérations d’un territoire, avec leurs conventions et leurs
                avenants, par exemple quand une collectivité prend la délégation des aides à la pierre.
              </p>
            }
          />
          {peutAgir ? (
            <>
              <Stepper
                currentStep={1}
                stepCount={3}
                title="Choisir l’administration et le territoire"
                nextTitle="Vérifier ce qui sera réassigné"
              />
              <Choix
                onSimulation={(simulation) => {
                  queries.setQueryData(["reassignations", "detail", simulation.uuid], simulation);
                  void navigate(`/admin/delegataires/${simulation.uuid}`);
                }}
              />
            </>
          ) : null}
          <section className="fr-mt-6w" aria-labelledby="historique">
            <h2 id="historique" className="fr-h4">
              Réassignations passées
            </h2>
            <Historique />
          </section>
        </>
      )}
    </CadreEquipe>
  );
}
