/** P85, /admin/interrupteurs: functions that can be stopped without a delivery. Superusers only. */
import { useSession } from "../../app/session/contexte";
import { ListeInterrupteurs } from "../../features/admin/Interrupteurs";
import { useInterrupteurs } from "../../features/admin/interrupteurs";
import { jourDeParis } from "../../lib/dates";
import { NotFound } from "../../ui/NotFound";
import { TitrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { ACCUEIL_ADMIN, CadreEquipe } from "./Cadre";

export function Component() {
  const session = useSession();
  if (!session.superuser) return <NotFound />;
  return (
    <CadreEquipe page="Interrupteurs" parents={[ACCUEIL_ADMIN]}>
      {(peutAgir) => (
        <>
          <TitrePage
            titre="Interrupteurs"
            chapeau={<p>Fonctions que l’on peut suspendre ou réserver à certaines personnes, sans livraison.</p>}
          />
          <Liste peutAgir={peutAgir} />
        </>
      )}
    </CadreEquipe>
  );
}

function Liste({ peutAgir }: { peutAgir: boolean }) {
  return (
    <Requete requete={useInterrupteurs()} bloc titreErreur="Les interrupteurs n’ont pas pu être chargés">
      {(liste) => <ListeInterrupteurs liste={liste} peutAgir={peutAgir} aujourdhui={jourDeParis(new Date())} />}
    </Requete>
  );
}
