/** Past runs, newest first. */
import { Badge } from "@codegouvfr/react-dsfr/Badge";
import { Pagination } from "@codegouvfr/react-dsfr/Pagination";
import { useSearchParams } from "react-router";
import { formatInstant } from "../../../lib/dates";
import { type Colonne, DataTable } from "../../../ui/DataTable";
import { EmptyState } from "../../../ui/EmptyState";
import { Lien } from "../../../ui/Lien";
import { Requete } from "../../../ui/Requete";
import { Skeleton } from "../../../ui/Skeleton";
import { PAR_PAGE, type ReassignationResume, useReassignations } from "./api";
import { bilan, enCours, etatDe, perimetre } from "./rules";

const COLONNES: Colonne<ReassignationResume>[] = [
  {
    cle: "date",
    titre: "Confirmée le",
    enTete: true,
    rendu: (r) => <Lien to={`/admin/delegataires/${r.uuid}`}>{formatInstant(r.confirmee_le)}</Lien>,
  },
  { cle: "cible", titre: "Nouvelle administration", rendu: (r) => r.cible.nom },
  { cle: "perimetre", titre: "Périmètre", rendu: perimetre, className: "ap-cellule-texte" },
  { cle: "auteur", titre: "Par", rendu: (r) => r.auteur },
  {
    cle: "etat",
    titre: "État",
    rendu: (r) => {
      const { libelle, severite } = etatDe(r);
      return (
        <>
          <Badge small severity={severite}>
            {libelle}
          </Badge>
          {enCours(r) ? null : <span className="ap-mention ap-alertes__suite">{bilan(r)}</span>}
        </>
      );
    },
  },
];

export function Historique() {
  const [params] = useSearchParams();
  const page = Math.max(1, Number.parseInt(params.get("page") ?? "1", 10) || 1);
  const requete = useReassignations(page);
  return (
    <Requete
      requete={requete}
      bloc
      squelette={<Skeleton forme="tableau" nombre={3} />}
      titreErreur="L’historique n’a pas pu être chargé"
    >
      {({ resultats, total }) =>
        total === 0 ? (
          <EmptyState titre="Aucune réassignation pour l’instant" niveau={3} />
        ) : (
          <>
            <DataTable
              legende="Réassignations passées"
              colonnes={COLONNES}
              lignes={resultats}
              cleDe={(r) => r.uuid}
              occupe={requete.isPlaceholderData}
            />
            {total > PAR_PAGE ? (
              <Pagination
                count={Math.ceil(total / PAR_PAGE)}
                defaultPage={page}
                getPageLinkProps={(n) => ({ to: n === 1 ? "/admin/delegataires" : `/admin/delegataires?page=${n}` })}
                showFirstLast
              />
            ) : null}
          </>
        )
      }
    </Requete>
  );
}
