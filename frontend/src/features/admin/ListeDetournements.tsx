/** Who acted as whom, why and when. */
import { Badge } from "@codegouvfr/react-dsfr/Badge";
import { Pagination } from "@codegouvfr/react-dsfr/Pagination";
import { useSearchParams } from "react-router";
import type { Detournement } from "../../api/dto";
import { formatInstant } from "../../lib/dates";
import { type Colonne, DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { PAR_PAGE, useDetournements } from "./api";

const COLONNES: Colonne<Detournement>[] = [
  {
    cle: "cible",
    titre: "Personne",
    enTete: true,
    rendu: (d) => (
      <>
        {d.cible.nom}
        {d.en_cours ? (
          <Badge small severity="warning" className="fr-ml-1w">
            En cours
          </Badge>
        ) : null}
      </>
    ),
  },
  { cle: "staff", titre: "Par", rendu: (d) => d.staff.nom },
  { cle: "debut", titre: "Début", rendu: (d) => formatInstant(d.debut_le) },
  { cle: "fin", titre: "Fin", rendu: (d) => (d.fin_le ? formatInstant(d.fin_le) : "—") },
  { cle: "mode", titre: "Droits", rendu: (d) => (d.mode === "lecture" ? "Consultation" : "Modification") },
  { cle: "motif", titre: "Motif", rendu: (d) => d.motif, className: "ap-cellule-texte" },
];

export function ListeDetournements() {
  const [params] = useSearchParams();
  const page = Math.max(1, Number.parseInt(params.get("page") ?? "1", 10) || 1);
  const requete = useDetournements(page);
  return (
    <Requete
      requete={requete}
      bloc
      squelette={<Skeleton forme="tableau" nombre={3} />}
      titreErreur="La liste n’a pas pu être chargée"
    >
      {({ resultats, total }) =>
        total === 0 ? (
          <EmptyState titre="Personne n’a encore agi à la place d’un utilisateur" />
        ) : (
          <>
            <DataTable
              legende="Détournements"
              colonnes={COLONNES}
              lignes={resultats}
              cleDe={(d) => d.uuid}
              occupe={requete.isPlaceholderData}
            />
            {total > PAR_PAGE ? (
              <Pagination
                count={Math.ceil(total / PAR_PAGE)}
                defaultPage={page}
                getPageLinkProps={(n) => ({ to: n === 1 ? "/admin/detournement" : `/admin/detournement?page=${n}` })}
                showFirstLast
              />
            ) : null}
          </>
        )
      }
    </Requete>
  );
}
