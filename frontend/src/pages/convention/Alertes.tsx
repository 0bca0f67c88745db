/** Alerts and e-mails of a convention, on both sides (05 E.2). */
import { useLocation, useParams } from "react-router";
import { useConvention } from "../../api/convention";
import { useSession } from "../../app/session/contexte";
import { AlertesVue } from "../../features/admin/alertes/AlertesConventionVue";
import { useAlertesConvention } from "../../features/admin/alertes/api";
import { estEquipe } from "../../features/admin/droits";
import { EnTete } from "../../features/convention/EnTete";
import { Squelette } from "../../features/convention/Squelette";
import { CadrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";

export function Component() {
  const { uuid = "" } = useParams();
  const { habilitation } = useSession();
  return (
    <Requete
      requete={useConvention(uuid)}
      squelette={<Squelette />}
      titreErreur="La convention n’a pas pu être chargée"
    >
      {(convention) => (
        <CadrePage>
          <EnTete convention={convention} page="Alertes" lectureSeule={habilitation?.lecture_seule ?? false} />
          <Liste uuid={uuid} />
        </CadrePage>
      )}
    </Requete>
  );
}

function Liste({ uuid }: { uuid: string }) {
  const session = useSession();
  const { pathname, search } = useLocation();
  const asked = Number(new URLSearchParams(search).get("page"));
  const requete = useAlertesConvention(uuid, Number.isInteger(asked) && asked > 0 ? asked : 1);
  return (
    <Requete
      requete={requete}
      bloc
      squelette={<Skeleton forme="tableau" nombre={4} libelle="Chargement des alertes" />}
      titreErreur="Les alertes n’ont pas pu être chargées"
    >
      {(alertes) => (
        <AlertesVue
          alertes={alertes}
          equipe={estEquipe(session)}
          occupe={requete.isPlaceholderData}
          adresse={(page) => (page > 1 ? `${pathname}?page=${page}` : pathname)}
        />
      )}
    </Requete>
  );
}
