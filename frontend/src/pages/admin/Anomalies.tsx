/** /admin/anomalies-siap: data-quality events of SIAP, for the staff. */
import { useSession } from "../../app/session/contexte";
import { AnomaliesListe } from "../../features/anomalie/Liste";
import { peutClore, peutVoirAnomalies } from "../../features/anomalie/rules";
import { FilAriane } from "../../ui/FilAriane";
import { NotFound } from "../../ui/NotFound";
import { CadrePage, TitrePage } from "../../ui/Page";
import "../../styles/anomalies.css";

export function Component() {
  const session = useSession();
  if (!peutVoirAnomalies(session)) return <NotFound />;
  return (
    <CadrePage>
      <FilAriane page="Anomalies du SIAP" />
      <TitrePage
        titre="Anomalies de données du SIAP"
        onglet="Anomalies du SIAP"
        chapeau={
          <p>
            Ce que les opérations et les habilitations du SIAP disent d’inutilisable, ou de contraire à la plateforme.
            Une anomalie se clôt d’elle-même quand la donnée redevient juste, et se rouvre si elle revient.
          </p>
        }
      />
      <AnomaliesListe lectureSeule={!peutClore(session)} />
    </CadrePage>
  );
}
