/** « Que modifie cet avenant ? »: one checkbox per block. Checking opens its form; removing puts the block back. */
import { Checkbox } from "@codegouvfr/react-dsfr/Checkbox";
import { type ReactNode, useState } from "react";
import type { Convention } from "../../api/convention";
import { hasStatus } from "../../api/problem";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorState } from "../../ui/ErrorState";
import { Lien } from "../../ui/Lien";
import { Skeleton } from "../../ui/Skeleton";
import { type TypeAvenant, type TypesAvenant, useChangerType, useComparaison, useTypes } from "./api";
import { ConventionInitiale } from "./ConventionInitiale";
import { pertes, raisonFermee, resumeBloc, versionEnPhrase } from "./rules";
import { Suggestions } from "./Suggestions";

type Props = {
  convention: Convention;
  /** Deposit of the signed file of the root (AV-20). */
  fichierInitiale?: (racine: string) => ReactNode;
};

export function TypesVue({ convention, fichierInitiale }: Props) {
  const types = useTypes(convention.uuid);
  if (types.data) return <Types convention={convention} types={types.data} fichierInitiale={fichierInitiale} />;
  if (types.error)
    return (
      <ErrorState
        compact
        titre="Ce que modifie l’avenant n’a pas pu être chargé"
        erreur={types.error}
        onReessayer={() => void types.refetch()}
      />
    );
  return <Skeleton forme="cartes" nombre={1} libelle="Chargement de ce que modifie l’avenant" />;
}

function Types({ convention, types, fichierInitiale }: Props & { types: TypesAvenant }) {
  const { uuid, version } = convention;
  const comparison = useComparaison(uuid);
  const change = useChangerType(uuid);
  const [removed, setRemoved] = useState<TypeAvenant | null>(null);
  // Once given, the file stays in sight with its check: the block does not vanish under the person who has just used it.
  const [wanted] = useState(types.convention_initiale.fichier_deposable);
  const blocks = new Map(comparison.data?.blocs.map((bloc) => [bloc.type, bloc]));
  const base = comparison.data ? versionEnPhrase(comparison.data.avant) : null;

  // Checking never leaves the page: « Modifier » appears beside what was checked.
  const check = (type: TypeAvenant) => {
    if (!change.isPending) change.mutate({ type: type.type, coche: true, version });
  };
  const stale = hasStatus(change.error, 409, 412);
  const lost = pertes(removed ? blocks.get(removed.type) : undefined);

  return (
    <section id="avenant_types" tabIndex={-1} aria-labelledby="titre-avenant-types" className="ap-types">
      <div className="ap-types__tete">
        <h2 id="titre-avenant-types" className="fr-h5 fr-mb-0">
          Que modifie cet avenant{"\u202f"}?
        </h2>
        {comparison.data ? (
          <Lien to={`/conventions/${uuid}/comparaison`} className="fr-link">
            Comparer avec la version en vigueur
          </Lien>
        ) : null}
      </div>
      {base ? (
        <p className="ap-mention fr-mb-2w">
          Version modifiée{"\u00a0"}: {base}.
        </p>
      ) : null}
      {!types.modifiable && types.raison ? <p className="ap-mention fr-mb-2w">{types.raison}</p> : null}
      {change.error && !removed ? (
        <div className="fr-mb-2w">
          <ErrorState
            compact
            titre={stale ? "Le dossier a changé entre-temps" : "La modification n’a pas été enregistrée"}
            erreur={change.error}
          />
        </div>
      ) : null}
      {types.types.every(({ coche }) => !coche) && types.modifiable ? (
        <p className="fr-mb-2w">Cochez au moins une modification.</p>
      ) : null}
      <ul className="fr-raw-list ap-types__liste">
        {types.types.map((type) => (
          <li key={type.type} className="ap-types__type">
            <UnType
              type={type}
              modifiable={types.modifiable}
              raison={raisonFermee(type, types.modifiable)}
              resume={resumeBloc(blocks.get(type.type))}
              onCocher={() => check(type)}
              onRetirer={() => {
                change.reset();
                setRemoved(type);
              }}
              ouvert={convention.etapes.some(({ lien, modifiable }) => modifiable && lien === type.lien)}
            />
          </li>
        ))}
      </ul>
      {comparison.data ? (
        <Suggestions comparaison={comparison.data} types={types} occupe={change.isPending} onCocher={check} />
      ) : null}
      {types.convention_initiale.complete && !(wanted && fichierInitiale) ? null : (
        <ConventionInitiale
          convention={convention}
          initiale={types.convention_initiale}
          fichier={wanted ? fichierInitiale?.(types.convention_initiale.parent.uuid) : null}
        />
      )}
      <ConfirmDialog
        ouvert={removed !== null}
        titre={`Retirer « ${removed?.libelle ?? ""} »`}
        icone="fr-icon-warning-line"
        libelleAnnuler="Garder"
        libelleConfirmer="Retirer et rétablir"
        libelleOccupe="Rétablissement…"
        occupe={change.isPending}
        erreur={removed ? change.error : undefined}
        onFermer={() => setRemoved(null)}
        onConfirmer={() => {
          if (!removed) return;
          change.mutate({ type: removed.type, coche: false, version }, { onSuccess: () => setRemoved(null) });
        }}
      >
        <p>
          Cette rubrique reviendra à ce qu’elle est dans {base ?? "la version que l’avenant modifie"}.{" "}
          <strong>Cette action est irréversible.</strong>
        </p>
        {lost.lignes.length > 0 ? (
          <>
            <p className="fr-mb-1w">Ce qui a été saisi ici sera perdu{"\u00a0"}:</p>
            <ul>
              {lost.lignes.map((line) => (
                <li key={line}>{line}</li>
              ))}
              {lost.reste > 0 ? <li>et {lost.reste} autres changements</li> : null}
            </ul>
          </>
        ) : comparison.data ? (
          <p>Rien n’y a été changé{"\u00a0"}: aucune saisie enregistrée ne sera perdue.</p>
        ) : null}
      </ConfirmDialog>
    </section>
  );
}

type UnTypeProps = {
  type: TypeAvenant;
  modifiable: boolean;
  raison: string;
  resume: string;
  ouvert: boolean;
  onCocher: () => void;
  onRetirer: () => void;
};

function UnType({ type, modifiable, raison, resume, ouvert, onCocher, onRetirer }: UnTypeProps) {
  const hint = [raison, resume].filter(Boolean).join(" ");
  if (!modifiable && !type.coche) {
    return <p className="ap-types__ferme fr-mb-0">{type.libelle}, non modifié</p>;
  }
  return (
    <>
      <Checkbox
        className="fr-mb-0"
        options={[
          {
            label: type.libelle,
            hintText: hint || undefined,
            nativeInputProps: {
              checked: type.coche,
              disabled: !modifiable || raison !== "" || type.fin_de_convention,
              onChange: () => (type.coche ? onRetirer() : onCocher()),
            },
          },
        ]}
      />
      {type.coche && type.disponible && ouvert ? (
        <Lien to={type.lien} className="fr-link fr-link--sm ap-types__modifier">
          Modifier<span className="fr-sr-only"> {type.libelle}</span>
        </Lien>
      ) : null}
    </>
  );
}
