/** Accounts: search, and a link to each sheet. */
import { Badge } from "@codegouvfr/react-dsfr/Badge";
import { useNavigate, useSearchParams } from "react-router";
import type { CompteAdmin } from "../../api/dto";
import { formatInstant } from "../../lib/dates";
import { compte } from "../../lib/nombres";
import type { Colonne } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { Lien } from "../../ui/Lien";
import { ListePaginee } from "../../ui/ListePaginee";
import { Recherche } from "../../ui/Recherche";
import { nomDe, PAR_PAGE, useComptes } from "./comptes";

const CHEMIN = "/admin/utilisateurs";

const adresse = (q: string, page: number): string => {
  const params = new URLSearchParams();
  if (q) params.set("q", q);
  if (page > 1) params.set("page", String(page));
  return params.size > 0 ? `${CHEMIN}?${params}` : CHEMIN;
};

export function EtatsCompte({ de }: { de: Pick<CompteAdmin, "actif" | "staff" | "superuser"> }) {
  return (
    <>
      <Badge small noIcon severity={de.actif ? "success" : "warning"}>
        {de.actif ? "Actif" : "Désactivé"}
      </Badge>{" "}
      {de.superuser ? (
        <Badge small noIcon severity="info">
          Super-utilisateur
        </Badge>
      ) : de.staff ? (
        <Badge small noIcon severity="info">
          Équipe
        </Badge>
      ) : null}
    </>
  );
}

const COLONNES: Colonne<CompteAdmin>[] = [
  { cle: "nom", titre: "Personne", enTete: true, rendu: (c) => <Lien to={`${CHEMIN}/${c.uuid}`}>{nomDe(c)}</Lien> },
  { cle: "email", titre: "Adresse électronique", rendu: (c) => c.email || "—", className: "ap-cellule-texte" },
  { cle: "compte", titre: "Compte", rendu: (c) => (c.cerbere ? "CERBERE" : "De la plateforme") },
  { cle: "etat", titre: "État", rendu: (c) => <EtatsCompte de={c} /> },
  {
    cle: "connexion",
    titre: "Dernière connexion",
    rendu: (c) => (c.derniere_connexion_le ? formatInstant(c.derniere_connexion_le) : "Jamais"),
  },
];

export function ListeComptes() {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const q = (params.get("q") ?? "").trim();
  const page = Math.max(1, Number.parseInt(params.get("page") ?? "1", 10) || 1);
  const requete = useComptes(q, page);
  return (
    <>
      <Recherche
        libelle="Nom, adresse électronique ou identifiant"
        valeur={q}
        onChercher={(text) => navigate(adresse(text, 1), { preventScrollReset: true })}
      />
      <div className="fr-mt-3w">
        <ListePaginee
          requete={requete}
          page={page}
          parPage={PAR_PAGE}
          adresse={(n) => adresse(q, n)}
          legende="Comptes"
          colonnes={COLONNES}
          cleDe={(c) => c.uuid}
          nombre={(total) => compte(total, "compte")}
          vide={<EmptyState titre="Aucun compte ne correspond à votre recherche" />}
        />
      </div>
    </>
  );
}
