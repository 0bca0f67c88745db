/** Addresses that appear, disappear or change against the current revision: figures in words, then the list. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { SegmentedControl, type SegmentedControlProps } from "@codegouvfr/react-dsfr/SegmentedControl";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { compte, formatEntier } from "../../lib/nombres";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { useReglages } from "./chemin";
import type { Comparaison, Difference, TypeDifference } from "./contrat";
import { lireComparaison } from "./operations";
import { adresseComparee, bilanDe, phraseBilan, phraseChangements } from "./rules";

const PAR_PAGE = 30;

const TYPES: readonly { type: TypeDifference; libelle: string }[] = [
  { type: "removed", libelle: "Supprimées" },
  { type: "added", libelle: "Ajoutées" },
  { type: "changed", libelle: "Modifiées" },
];

type Props = { comparaison: Comparaison; revisionId: string };

export function ComparaisonVue({ comparaison, revisionId }: Props) {
  const bilan = bilanDe(comparaison);
  const [ouvert, setOuvert] = useState(false);
  const changes = comparaison.added + comparaison.removed + comparaison.changed;
  if (comparaison.currentRevisionId === null) {
    return <p className="ap-bal-bilan">{phraseBilan({ avant: 0, apres: bilan.apres })}</p>;
  }
  return (
    <section aria-labelledby="comparaison" className="ap-bal-comparaison">
      <h2 id="comparaison" className="fr-h4 fr-mb-1w">
        Ce qui change
      </h2>
      <p className="ap-bal-bilan">{phraseBilan(bilan)}</p>
      <p>{phraseChangements(bilan)}</p>
      {changes > 0 ? (
        <details className="ap-bal-differences" onToggle={(event) => setOuvert(event.currentTarget.open)}>
          <summary>Voir les adresses concernées</summary>
          {ouvert ? <Differences comparaison={comparaison} revisionId={revisionId} /> : null}
        </details>
      ) : null}
    </section>
  );
}

function Differences({ comparaison, revisionId }: Props) {
  const { base } = useReglages();
  const counts: Record<TypeDifference, number> = comparaison;
  const [type, setType] = useState<TypeDifference>(TYPES.find((one) => counts[one.type] > 0)?.type ?? "removed");
  const [depuis, setDepuis] = useState(0);
  const requete = useQuery({
    queryKey: ["bal", "differences", revisionId, comparaison.currentRevisionId, type, depuis],
    queryFn: async ({ signal }): Promise<Difference[]> =>
      (await lireComparaison(base, revisionId, { change: type, offset: depuis, limit: PAR_PAGE }, signal)).items,
    enabled: counts[type] > 0,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const segments = TYPES.map(({ type: value, libelle }) => ({
    label: `${libelle} (${formatEntier(counts[value])})`,
    nativeInputProps: {
      checked: type === value,
      onChange: () => {
        setType(value);
        setDepuis(0);
      },
    },
  })) as unknown as SegmentedControlProps.Segments;
  return (
    <div className="ap-bal-differences__corps">
      <SegmentedControl small legend="Adresses" hideLegend className="ap-bal-niveaux" segments={segments} />
      {counts[type] === 0 ? (
        <p className="fr-mt-2w fr-mb-0">Aucune adresse dans ce cas.</p>
      ) : (
        <Requete
          requete={requete}
          bloc
          squelette={<Skeleton forme="lignes" libelle="Lecture des adresses" />}
          titreErreur="Les adresses n’ont pas pu être lues"
        >
          {(items) => (
            <>
              <ul className="ap-bal-adresses">
                {items.map((item, rank) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: two addresses may have the same words, their order is fixed
                  <Adresse key={`${depuis + rank}`} difference={item} />
                ))}
              </ul>
              {counts[type] > PAR_PAGE ? (
                <div className="ap-bal-pages">
                  <p className="fr-text--sm fr-mb-0" role="status">
                    {`${formatEntier(depuis + 1)} à ${formatEntier(Math.min(depuis + PAR_PAGE, counts[type]))} sur ${compte(counts[type], "adresse")}`}
                  </p>
                  <Button
                    size="small"
                    priority="tertiary"
                    disabled={depuis === 0}
                    onClick={() => setDepuis(Math.max(0, depuis - PAR_PAGE))}
                  >
                    Adresses précédentes
                  </Button>
                  <Button
                    size="small"
                    priority="tertiary"
                    disabled={depuis + PAR_PAGE >= counts[type]}
                    onClick={() => setDepuis(depuis + PAR_PAGE)}
                  >
                    Adresses suivantes
                  </Button>
                </div>
              ) : null}
            </>
          )}
        </Requete>
      )}
    </div>
  );
}

function Adresse({ difference }: { difference: Difference }) {
  const { change, before, after, fields = [], distance = 0, line } = difference;
  const address = change === "removed" ? before : after;
  return (
    <li>
      {address ? adresseComparee(address) : `Ligne ${formatEntier(line)}`}
      {fields.length > 0 ? (
        <ul className="ap-bal-adresses__champs">
          {fields.map((field) => (
            <li key={field.field}>
              <code>{field.field}</code> : <del>{field.before || "(vide)"}</del> <span aria-hidden="true">→</span>{" "}
              <ins>{field.after || "(vide)"}</ins>
            </li>
          ))}
          {distance >= 1 ? <li>position déplacée de {formatEntier(Math.round(distance))} m</li> : null}
        </ul>
      ) : null}
    </li>
  );
}
