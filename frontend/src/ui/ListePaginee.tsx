/**
 * A list asked page by page: waiting, failure, nothing found, how many rows, the table, the links to its pages. A page
 * that its list no longer has, because rows left it, says so and leads to the last one.
 */
import { Button } from "@codegouvfr/react-dsfr/Button";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Colonne, DataTable } from "./DataTable";
import { EmptyState } from "./EmptyState";
import { Pages } from "./Pages";
import { Requete } from "./Requete";
import { Skeleton } from "./Skeleton";

type Props<T> = {
  requete: UseQueryResult<{ resultats: readonly T[]; total: number }>;
  page: number;
  parPage: number;
  adresse: (page: number) => string;
  /** Read with the table, never shown. */
  legende: string;
  colonnes: Colonne<T>[];
  cleDe: (row: T) => string;
  /** In words, with what is counted. */
  nombre: (total: number) => string;
  /** Commands on the whole list, beside the number. */
  outils?: ReactNode;
  /** Instead of the table when the list has no row at all. */
  vide: ReactNode;
  titreErreur?: string;
  /** Said while the list is waited for. */
  libelleAttente?: string;
};

export function ListePaginee<T>({
  requete,
  vide,
  titreErreur = "La liste n’a pas pu être chargée",
  libelleAttente,
  ...list
}: Props<T>) {
  return (
    <Requete
      requete={requete}
      bloc
      squelette={<Skeleton forme="tableau" nombre={5} libelle={libelleAttente} />}
      titreErreur={titreErreur}
    >
      {({ resultats, total }) =>
        total === 0 ? vide : <Lignes {...list} resultats={resultats} total={total} occupe={requete.isPlaceholderData} />
      }
    </Requete>
  );
}

type LignesProps<T> = Omit<Props<T>, "requete" | "vide" | "titreErreur" | "libelleAttente"> & {
  resultats: readonly T[];
  total: number;
  occupe: boolean;
};

function Lignes<T>({
  resultats,
  total,
  occupe,
  page,
  parPage,
  adresse,
  legende,
  colonnes,
  cleDe,
  nombre,
  outils,
}: LignesProps<T>) {
  const derniere = Math.ceil(total / parPage);
  return (
    <>
      <div className="ap-liste-tete">
        <p className="fr-mb-0" role="status">
          <strong>{nombre(total)}</strong>
        </p>
        {outils}
      </div>
      {resultats.length === 0 && !occupe ? (
        <EmptyState
          titre="Cette page de la liste n’existe plus"
          actions={
            <Button priority="secondary" linkProps={{ to: adresse(derniere) }}>
              Aller à la dernière page
            </Button>
          }
        />
      ) : (
        <DataTable legende={legende} colonnes={colonnes} lignes={resultats} cleDe={cleDe} occupe={occupe} />
      )}
      <Pages total={total} parPage={parPage} page={page} adresse={adresse} />
    </>
  );
}
