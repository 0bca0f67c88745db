/**
 * /conventions. Without parameter: the reader's day (« À faire »), then the list. With any parameter: the list alone,
 * so that links and bookmarks open exactly what they name.
 */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { type ReactNode, useMemo } from "react";
import { Navigate, useLocation } from "react-router";
import { traduireRecherche } from "../../app/anciensParametres";
import { useConfiguration } from "../../app/configuration";
import { useSession } from "../../app/session/contexte";
import { AFaireBloc } from "../../features/accueil/AFaireBloc";
import { useAFaire } from "../../features/accueil/api";
import { lireFiltres } from "../../features/recherche/filtres";
import { Liste } from "../../features/recherche/Liste";
import { formatEntier } from "../../lib/nombres";
import { FilAriane } from "../../ui/FilAriane";
import { CadrePage, TitrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";

/** Parameters of the former search page, still in letters and bookmarks. */
const FORMER = /(^|[?&])(search_|cstatut|order_by)/;

export function Component() {
  const { search } = useLocation();
  const session = useSession();
  const { data: configuration } = useConfiguration();
  const filters = useMemo(() => lireFiltres(new URLSearchParams(search)), [search]);
  if (FORMER.test(search))
    return <Navigate to={`/conventions?${traduireRecherche(new URLSearchParams(search))}`} replace />;

  const home = search === "";
  const peutCreer = session.permissions.includes("add_convention") && !session.habilitation?.lecture_seule;
  const create = peutCreer ? (
    <Button iconId="fr-icon-add-line" linkProps={{ to: "/conventions/nouvelle" }}>
      Nouvelle convention
    </Button>
  ) : null;

  return (
    <CadrePage>
      {home ? (
        <Accueil lectureSeule={session.habilitation?.lecture_seule ?? false} peutCreer={peutCreer} create={create} />
      ) : (
        <>
          <FilAriane page="Conventions et avenants" />
          <TitrePage titre="Conventions et avenants" page="liste">
            {create}
          </TitrePage>
        </>
      )}
      <div key="liste" className="ap-liste">
        {home ? <h2 className="fr-h3 fr-mt-6w">Conventions et avenants</h2> : null}
        <Liste
          filtres={filters}
          configuration={configuration}
          coteBailleur={session.typologie === "BAILLEUR"}
          lectureSeule={session.habilitation?.lecture_seule}
          peutCreer={peutCreer}
        />
      </div>
    </CadrePage>
  );
}

type AccueilProps = { lectureSeule: boolean; peutCreer: boolean; create: ReactNode };

function Accueil({ lectureSeule, peutCreer, create }: AccueilProps) {
  const requete = useAFaire();
  const total = requete.data?.total ?? 0;
  return (
    <div className="ap-accueil">
      <TitrePage titre={total > 0 ? `À faire (${formatEntier(total)})` : "À faire"} onglet="À faire" page="a-faire">
        {create}
      </TitrePage>
      <Requete
        requete={requete}
        bloc
        squelette={
          <>
            <Skeleton forme="tuiles" />
            <div className="fr-mt-4w">
              <Skeleton forme="tableau" nombre={4} libelle="Chargement de ce qui vous attend" />
            </div>
          </>
        }
        titreErreur="Ce qui vous attend n’a pas pu être chargé"
      >
        {(data) => <AFaireBloc donnees={data} lectureSeule={lectureSeule} peutCreer={peutCreer} />}
      </Requete>
    </div>
  );
}
