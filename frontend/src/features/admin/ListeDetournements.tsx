/** Who acted as whom, why and when. */
import { Badge } from "@codegouvfr/react-dsfr/Badge";
import { useSearchParams } from "react-router";
import type { Detournement } from "../../api/dto";
import { formatInstant } from "../../lib/dates";
import { compte } from "../../lib/nombres";
import type { Colonne } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { ListePaginee } from "../../ui/ListePaginee";
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
    <ListePaginee
      requete={requete}
      page={page}
      parPage={PAR_PAGE}
      adresse={(n) => (n === 1 ? "/admin/detournement" : `/admin/detournement?page=${n}`)}
      legende="Détournements"
      colonnes={COLONNES}
      cleDe={(d) => d.uuid}
      nombre={(total) => compte(total, "détournement")}
      vide={<EmptyState titre="Personne n’a encore agi à la place d’un utilisateur" />}
    />
  );
}
