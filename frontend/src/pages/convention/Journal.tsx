/** P64: the journal de bord of a convention, kept by the service. */
import "../../styles/signature.css";
import "../../styles/chronique.css";
import { useLocation, useParams, useSearchParams } from "react-router";
import { useConvention } from "../../api/convention";
import { useSession } from "../../app/session/contexte";
import { useJournal, useTypesEvenement } from "../../features/chronique/api";
import { JournalVue } from "../../features/chronique/JournalVue";
import { EnTete } from "../../features/convention/EnTete";
import { Squelette } from "../../features/convention/Squelette";
import { NotFound } from "../../ui/NotFound";
import { CadrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";

export function Component() {
  const { uuid = "" } = useParams();
  const { habilitation, typologie, superuser, staff } = useSession();
  // The journal is not the bailleur's: for them the page does not exist (JO-12).
  if (typologie === "BAILLEUR" && !superuser && !staff) return <NotFound />;
  return <Page uuid={uuid} lectureSeule={habilitation?.lecture_seule ?? false} versions={superuser} />;
}

function Page({ uuid, lectureSeule, versions }: { uuid: string; lectureSeule: boolean; versions: boolean }) {
  const [params] = useSearchParams();
  const { pathname } = useLocation();
  const asked = Number(params.get("page"));
  const journal = useJournal(uuid, Number.isInteger(asked) && asked > 0 ? asked : 1);
  const types = useTypesEvenement();
  return (
    <Requete
      requete={useConvention(uuid)}
      squelette={<Squelette />}
      titreErreur="La convention n’a pas pu être chargée"
    >
      {(convention) => (
        <CadrePage>
          <EnTete convention={convention} page="Journal de bord" lectureSeule={lectureSeule} />
          <Requete
            requete={journal}
            bloc
            squelette={<Skeleton forme="cartes" nombre={3} libelle="Chargement du journal de bord" />}
            titreErreur="Le journal de bord n’a pas pu être chargé"
          >
            {(page) => (
              <Requete
                requete={types}
                bloc
                squelette={<Skeleton forme="cartes" nombre={3} libelle="Chargement du journal de bord" />}
                titreErreur="Les types d’événements n’ont pas pu être chargés"
              >
                {(liste) => (
                  <JournalVue
                    uuid={uuid}
                    journal={page}
                    types={liste}
                    versions={versions}
                    adresse={(n) => (n > 1 ? `${pathname}?page=${n}` : pathname)}
                  />
                )}
              </Requete>
            )}
          </Requete>
        </CadrePage>
      )}
    </Requete>
  );
}
