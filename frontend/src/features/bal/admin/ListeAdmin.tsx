/** One list of the administration: search, table, pages, in the same shape for every kind of object. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Pagination } from "@codegouvfr/react-dsfr/Pagination";
import { type ReactNode, useMemo } from "react";
import { useLocation, useNavigate } from "react-router";
import { compte } from "../../../lib/nombres";
import { type Colonne, DataTable } from "../../../ui/DataTable";
import { EmptyState } from "../../../ui/EmptyState";
import { Recherche } from "../../../ui/Recherche";
import { Requete } from "../../../ui/Requete";
import { Skeleton } from "../../../ui/Skeleton";
import { type LectureDePage, PAR_PAGE, usePageDe } from "./api";
import { ecrireFiltresAdmin, type FiltresAdmin, lireFiltresAdmin } from "./filtres";

type Props<T extends { id: string }> = {
  /** Name of the list in the cache. */
  cle: string;
  lecture: LectureDePage<T>;
  /** « client », for counts; `pluriel` when an s is not enough. */
  nom: string;
  pluriel?: string;
  recherche: string;
  colonnes: Colonne<T>[];
  /** At the right of the search. */
  filtre?: (filtres: FiltresAdmin, changer: (change: Partial<FiltresAdmin>) => void) => ReactNode;
  /** Offered when there is nothing at all. */
  creation?: ReactNode;
};

export function ListeAdmin<T extends { id: string }>(props: Props<T>) {
  const { cle, lecture, nom, pluriel, recherche, colonnes, filtre, creation } = props;
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const filtres = useMemo(() => lireFiltresAdmin(new URLSearchParams(search)), [search]);
  const requete = usePageDe(cle, lecture, filtres);
  const adresse = (next: FiltresAdmin) => {
    const query = ecrireFiltresAdmin(next).toString();
    return query ? `${pathname}?${query}` : pathname;
  };
  const changer = (change: Partial<FiltresAdmin>) =>
    navigate(adresse({ ...filtres, page: 1, ...change }), { preventScrollReset: true });
  const filtered = filtres.q !== "" || filtres.statut !== "";
  return (
    <>
      <div className="ap-bal-admin__recherche">
        <Recherche libelle={recherche} valeur={filtres.q} onChercher={(q) => changer({ q })} />
        {filtre?.(filtres, changer)}
      </div>
      <Requete
        requete={requete}
        bloc
        squelette={<Skeleton forme="tableau" nombre={5} />}
        titreErreur="La liste n’a pas pu être chargée"
      >
        {({ resultats, total }) =>
          total === 0 ? (
            <EmptyState
              titre={filtered ? "Aucun résultat avec ces critères" : `Aucun ${nom} pour le moment`}
              actions={
                filtered ? (
                  <Button priority="secondary" onClick={() => navigate(pathname)}>
                    Retirer les critères
                  </Button>
                ) : (
                  creation
                )
              }
            />
          ) : (
            <>
              <p className="ap-bal-nombre" role="status">
                {compte(total, nom, pluriel)}
              </p>
              <DataTable
                legende={`Liste : ${pluriel ?? `${nom}s`}`}
                colonnes={colonnes}
                lignes={resultats}
                cleDe={(row) => row.id}
                occupe={requete.isPlaceholderData}
              />
              {total > PAR_PAGE ? (
                <Pagination
                  className="ap-pagination"
                  count={Math.ceil(total / PAR_PAGE)}
                  defaultPage={filtres.page}
                  getPageLinkProps={(page) => ({ to: adresse({ ...filtres, page }) })}
                />
              ) : null}
            </>
          )
        }
      </Requete>
    </>
  );
}
