/** What changed since a moment, in the instruction view: the choice of the moment, and the differences alone. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Select } from "@codegouvfr/react-dsfr/Select";
import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Convention } from "../../api/convention";
import { type ComparaisonDepuis, type Repere, useComparaisonDepuis, useLecture, useReperes } from "../../api/lectures";
import { useSession } from "../../app/session/contexte";
import { ComparaisonVue } from "../../features/avenant/ComparaisonVue";
import { formatDate, formatInstant } from "../../lib/dates";
import { compte } from "../../lib/nombres";
import { EmptyState } from "../../ui/EmptyState";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";

export type Depuis = {
  reperes: readonly Repere[];
  base: Repere | undefined;
  comparaison: UseQueryResult<ComparaisonDepuis>;
  /** Steps that changed since the last visit of the reader. */
  etapes: ReadonlySet<string>;
};

const AUCUN: readonly Repere[] = [];

/** The moments of a file, the one that is asked for or the first, and what changed since; reading the page marks it. */
export function useDepuis(convention: Convention, choix: string | null, service: boolean): Depuis {
  const { uuid, version } = convention;
  const { detournement } = useSession();
  const moments = useReperes(uuid);
  useLecture(uuid, version, moments.isSuccess && !detournement);
  const reperes = moments.data ?? AUCUN;
  const base = reperes.find(({ repere }) => repere === choix) ?? reperes[0];
  const visit = reperes.find(({ repere }) => repere === "visite");
  const comparaison = useComparaisonDepuis(uuid, base, service);
  const { data } = useComparaisonDepuis(uuid, visit, service);
  const etapes = useMemo(() => etapesModifiees(data), [data]);
  return { reperes, base, comparaison, etapes };
}

/** Steps with a field, a row or a file that differs. */
export function etapesModifiees(comparaison: ComparaisonDepuis | undefined): ReadonlySet<string> {
  const steps = new Set<string>();
  for (const { champs, tableaux } of comparaison?.blocs ?? []) {
    for (const { change, etape } of champs) if (change) steps.add(etape);
    for (const { ajoutees, supprimees, modifiees, etape } of tableaux)
      if (ajoutees + supprimees + modifiees > 0) steps.add(etape);
  }
  return steps;
}

/** « ma dernière visite (02/03/2026) » */
export function nomDuRepere({ repere, le }: Repere): string {
  const day = le ? ` (${formatDate(le)})` : "";
  if (repere === "visite") return `Ma dernière visite${day}`;
  if (repere === "soumission") return `La soumission${day}`;
  return "La version que l’avenant modifie";
}

/** « depuis votre visite du 02/03/2026 à 14 h 32 » */
export function depuisEnMots({ repere, le }: Repere): string {
  if (repere === "visite" && le) return `depuis votre visite du ${formatInstant(le)}`;
  if (repere === "soumission" && le) return `depuis la soumission du ${formatInstant(le)}`;
  return "par rapport à la version que l’avenant modifie";
}

export function ChoixDuRepere({ depuis, onChoisir }: { depuis: Depuis; onChoisir: (repere: string) => void }) {
  return (
    <Select
      className="fr-mb-0 ap-outils__repere"
      label="Comparer à"
      nativeSelectProps={{ value: depuis.base?.repere ?? "", onChange: ({ target }) => onChoisir(target.value) }}
    >
      {depuis.reperes.map((repere) => (
        <option key={repere.repere} value={repere.repere}>
          {nomDuRepere(repere)}
        </option>
      ))}
    </Select>
  );
}

/** The differences alone, in the order of the form. */
export function Changements({ depuis, onTout }: { depuis: Depuis; onTout: () => void }) {
  const { base } = depuis;
  if (!base) return null;
  return (
    <Requete
      requete={depuis.comparaison}
      bloc
      squelette={<Skeleton forme="cartes" nombre={3} libelle="Comparaison en cours" />}
      titreErreur="La comparaison n’a pas pu être faite"
    >
      {(comparaison) =>
        comparaison.nb_changements === 0 ? (
          <EmptyState titre={`Rien n’a changé ${depuisEnMots(base)}.`} icone="fr-icon-equal-circle-line">
            <Button priority="secondary" onClick={onTout}>
              Tout afficher
            </Button>
          </EmptyState>
        ) : (
          <>
            <p role="status">
              <strong>{compte(comparaison.nb_changements, "changement")}</strong> {depuisEnMots(base)}.
            </p>
            <ComparaisonVue comparaison={comparaison} complet={false} types={base.repere === "parent"} />
          </>
        )
      }
    </Requete>
  );
}
