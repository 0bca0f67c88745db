/** What an avenant changes, compared with the version that it amends or with another one of its convention. */
import { Select } from "@codegouvfr/react-dsfr/Select";
import { Navigate, useParams, useSearchParams } from "react-router";
import { type Convention, useAvenants, useConvention } from "../../api/convention";
import { useSession } from "../../app/session/contexte";
import { useComparaison } from "../../features/avenant/api";
import { ComparaisonVue } from "../../features/avenant/ComparaisonVue";
import { nomDeVersion, versionEnPhrase } from "../../features/avenant/rules";
import { EnTete } from "../../features/convention/EnTete";
import { ImpressionPied } from "../../features/convention/Impression";
import { Squelette } from "../../features/convention/Squelette";
import { compte } from "../../lib/nombres";
import { EmptyState } from "../../ui/EmptyState";
import { Lien } from "../../ui/Lien";
import { CadrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";

export function Component() {
  const { uuid = "" } = useParams();
  const { habilitation } = useSession();
  return (
    <Requete requete={useConvention(uuid)} squelette={<Squelette />} titreErreur="L’avenant n’a pas pu être chargé">
      {(convention) =>
        convention.est_avenant ? (
          <Comparaison convention={convention} lectureSeule={habilitation?.lecture_seule ?? false} />
        ) : (
          <Navigate to={`/conventions/${uuid}/recapitulatif`} replace />
        )
      }
    </Requete>
  );
}

function Comparaison({ convention, lectureSeule }: { convention: Convention; lectureSeule: boolean }) {
  const { uuid } = convention;
  const [params, setParams] = useSearchParams();
  const complet = params.get("tout") === "oui";
  const avec = params.get("avec") ?? undefined;
  const set = (name: string, value: string | null) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  const choice = (on: boolean, label: string) => (
    <button
      type="button"
      className="ap-segment__choix"
      aria-pressed={complet === on}
      onClick={() => set("tout", on ? "oui" : null)}
    >
      {label}
    </button>
  );
  return (
    <CadrePage>
      <EnTete convention={convention} page="Comparaison" lectureSeule={lectureSeule} />
      <div className="ap-compare__outils ap-ecran">
        <Versions convention={convention} avec={avec} onChoisir={(version) => set("avec", version)} />
        {/* biome-ignore lint/a11y/useSemanticElements: two switches of the view are not the fields of a form */}
        <div className="ap-segment" role="group" aria-label="Contenu affiché">
          {choice(false, "Changements")}
          {choice(true, "Tout")}
        </div>
      </div>
      <Requete
        requete={useComparaison(uuid, { avec, complet })}
        bloc
        squelette={<Skeleton forme="cartes" nombre={3} libelle="Comparaison en cours" />}
        titreErreur="La comparaison n’a pas pu être faite"
      >
        {(comparaison) => (
          <>
            <p>
              <strong>
                {comparaison.nb_changements === 0
                  ? "Aucun changement"
                  : compte(comparaison.nb_changements, "changement")}
              </strong>{" "}
              par rapport à {versionEnPhrase(comparaison.avant)}
              {comparaison.reference ? ", que cet avenant modifie" : ""}.
            </p>
            {comparaison.avertissements.length > 0 ? (
              <div className="fr-alert fr-alert--warning fr-alert--sm fr-mb-3w">
                <ul className="fr-raw-list">
                  {comparaison.avertissements.map(({ code, type, detail }) => (
                    <li key={`${code}${type}`}>{detail}</li>
                  ))}
                </ul>
                <p className="ap-ecran">
                  <Lien to={`/conventions/${uuid}/recapitulatif#avenant_types`}>Revoir ce que modifie l’avenant</Lien>
                </p>
              </div>
            ) : null}
            {comparaison.nb_changements === 0 && !complet ? (
              <EmptyState titre="Rien n’a changé" icone="fr-icon-equal-circle-line">
                <p>Cet avenant reprend à l’identique la version avec laquelle il est comparé.</p>
              </EmptyState>
            ) : (
              <ComparaisonVue comparaison={comparaison} complet={complet} />
            )}
          </>
        )}
      </Requete>
      <ImpressionPied />
    </CadrePage>
  );
}

type VersionsProps = { convention: Convention; avec?: string; onChoisir: (version: string | null) => void };

/** The versions of the family that the reader sees; alone, nothing to choose. */
function Versions({ convention, avec, onChoisir }: VersionsProps) {
  const avenants = useAvenants(convention.uuid);
  const { parent } = convention;
  const others = (avenants.data ?? []).filter(({ uuid, statut }) => uuid !== convention.uuid && statut !== "ANNULEE");
  if (others.length === 0 && !avec) return <span />;
  return (
    <Select
      className="fr-mb-0 ap-compare__versions"
      label="Comparer avec"
      nativeSelectProps={{ value: avec ?? "", onChange: (event) => onChoisir(event.target.value || null) }}
    >
      <option value="">La version que l’avenant modifie</option>
      {parent ? (
        <option value={parent.uuid}>
          {parent.numero ? `La convention n° ${parent.numero}` : "La convention d’origine"}
        </option>
      ) : null}
      {others.map((avenant) => (
        <option key={avenant.uuid} value={avenant.uuid}>
          {nomDeVersion(avenant)}
        </option>
      ))}
    </Select>
  );
}
