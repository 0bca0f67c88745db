/** One list of the administration: search, table, pages, in the same shape for every kind of object. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { type ReactNode, useMemo } from "react";
import { useLocation, useNavigate } from "react-router";
import { compte } from "../../../lib/nombres";
import type { Colonne } from "../../../ui/DataTable";
import { EmptyState } from "../../../ui/EmptyState";
import { ListePaginee } from "../../../ui/ListePaginee";
import { Recherche } from "../../../ui/Recherche";
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
      <ListePaginee
        requete={requete}
        page={filtres.page}
        parPage={PAR_PAGE}
        adresse={(page) => adresse({ ...filtres, page })}
        legende={`Liste : ${pluriel ?? `${nom}s`}`}
        colonnes={colonnes}
        cleDe={(row) => row.id}
        nombre={(total) => compte(total, nom, pluriel)}
        vide={
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
        }
      />
    </>
  );
}
