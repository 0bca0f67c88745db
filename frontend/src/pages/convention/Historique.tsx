/** P65: what happened to a convention, when, by whom, with which message. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useParams } from "react-router";
import { type Convention, useConvention, useHistorique } from "../../api/convention";
import { useConfiguration } from "../../app/configuration";
import { useSession } from "../../app/session/contexte";
import { EnTete } from "../../features/convention/EnTete";
import { HistoriqueVue } from "../../features/convention/HistoriqueVue";
import { ImpressionPied } from "../../features/convention/Impression";
import { Squelette } from "../../features/convention/Squelette";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
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
          <EnTete convention={convention} page="Historique" lectureSeule={habilitation?.lecture_seule ?? false} />
          <h2 className="fr-h4">Du plus récent au plus ancien</h2>
          <Evenements convention={convention} />
          <ImpressionPied />
        </CadrePage>
      )}
    </Requete>
  );
}

function Evenements({ convention }: { convention: Convention }) {
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useHistorique(
    convention.uuid,
  );
  const { typologie } = useSession();
  const { data: configuration } = useConfiguration();
  const labels = new Map(
    (configuration?.statuts ?? []).map(({ code, libelle_bailleur, libelle_instructeur }) => [
      code as string,
      typologie === "BAILLEUR" ? libelle_bailleur : libelle_instructeur,
    ]),
  );
  if (isPending) return <Skeleton forme="cartes" nombre={3} libelle="Chargement de l’historique" />;
  if (!data)
    return <ErrorState titre="L’historique n’a pas pu être chargé" erreur={error} onReessayer={() => void refetch()} />;
  const events = data.pages.flatMap(({ evenements }) => evenements);
  if (events.length === 0) {
    return (
      <EmptyState titre="Aucun événement" icone="fr-icon-time-line">
        <p>L’historique commencera à la première action sur cette convention.</p>
      </EmptyState>
    );
  }
  return (
    <div className="ap-historique">
      <HistoriqueVue evenements={events} libelleDuStatut={(code) => labels.get(code) ?? code} />
      {error ? (
        <ErrorState
          compact
          titre="La suite n’a pas pu être chargée"
          erreur={error}
          onReessayer={() => void fetchNextPage()}
        />
      ) : null}
      {hasNextPage ? (
        <Button
          priority="secondary"
          onClick={() => void fetchNextPage()}
          nativeButtonProps={{ "aria-busy": isFetchingNextPage || undefined }}
        >
          {isFetchingNextPage ? "Chargement…" : "Afficher la suite"}
        </Button>
      ) : null}
    </div>
  );
}
