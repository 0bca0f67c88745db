/** List of API clients: what each may do and see, whether it works, when it was last heard. */
import { Badge } from "@codegouvfr/react-dsfr/Badge";
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Select } from "@codegouvfr/react-dsfr/Select";
import { useMemo } from "react";
import { useLocation, useNavigate } from "react-router";
import { formatDate, formatInstant, ilYA, jourDeParis } from "../../lib/dates";
import { compte } from "../../lib/nombres";
import type { Colonne } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { Lien } from "../../ui/Lien";
import { ListePaginee } from "../../ui/ListePaginee";
import { Recherche } from "../../ui/Recherche";
import { PAR_PAGE, useClients } from "./api";
import { type ClientAPI, ETATS_CLIENT, type EtatClient, PORTEES } from "./contrat";
import { adresseDe, type Filtres, lireFiltres } from "./filtres";

const CHEMIN = "/admin/clients-api";

const COLONNES: Colonne<ClientAPI>[] = [
  {
    cle: "nom",
    titre: "Client",
    enTete: true,
    className: "ap-colonne--moyenne",
    rendu: (row) => <Lien to={`${CHEMIN}/${row.uuid}`}>{row.nom}</Lien>,
  },
  { cle: "perimetre", titre: "Périmètre", className: "ap-colonne--moyenne", rendu: (row) => row.perimetre.libelle },
  {
    cle: "portees",
    titre: "Portées",
    className: "ap-colonne--moyenne",
    rendu: (row) => row.portees.map((portee) => PORTEES[portee].libelle).join(", "),
  },
  {
    cle: "etat",
    titre: "État",
    rendu: (row) => (
      <Badge small severity={ETATS_CLIENT[row.etat].severite}>
        {row.etat_libelle}
      </Badge>
    ),
  },
  {
    cle: "usage",
    titre: "Dernière utilisation",
    rendu: (row) =>
      row.derniere_utilisation_le ? (
        <span title={formatInstant(row.derniere_utilisation_le)}>{ilYA(row.derniere_utilisation_le)}</span>
      ) : (
        "Jamais"
      ),
  },
  {
    cle: "expire",
    titre: "Échéance",
    rendu: (row) => (row.expire_le ? formatDate(jourDeParis(row.expire_le)) : "Aucune"),
  },
];

export function ClientsListe({ lectureSeule }: { lectureSeule: boolean }) {
  const { search } = useLocation();
  const navigate = useNavigate();
  const filtres = useMemo(() => lireFiltres(new URLSearchParams(search), Object.keys(ETATS_CLIENT)), [search]);
  const requete = useClients(filtres);
  const changer = (change: Partial<Filtres>) =>
    navigate(adresseDe(CHEMIN, { ...filtres, page: 1, ...change }), { preventScrollReset: true });
  const filtered = filtres.q !== "" || filtres.etat !== "";
  return (
    <>
      <div className="ap-int-recherche">
        <Recherche
          libelle="Nom du client, ou début de son jeton"
          valeur={filtres.q}
          onChercher={(q) => changer({ q })}
        />
        <Select
          label="État"
          nativeSelectProps={{ value: filtres.etat, onChange: (event) => changer({ etat: event.target.value }) }}
        >
          <option value="">Tous</option>
          {(Object.keys(ETATS_CLIENT) as EtatClient[]).map((etat) => (
            <option key={etat} value={etat}>
              {ETATS_CLIENT[etat].libelle}
            </option>
          ))}
        </Select>
      </div>
      <ListePaginee
        requete={requete}
        page={filtres.page}
        parPage={PAR_PAGE}
        adresse={(page) => adresseDe(CHEMIN, { ...filtres, page })}
        legende="Liste : clients d’API"
        colonnes={COLONNES}
        cleDe={(row) => row.uuid}
        nombre={(total) => compte(total, "client")}
        titreErreur="Les clients n’ont pas pu être chargés"
        vide={
          <EmptyState
            titre={filtered ? "Aucun client avec ces critères" : "Aucun client d’API pour le moment"}
            actions={
              filtered ? (
                <Button priority="secondary" onClick={() => navigate(CHEMIN)}>
                  Retirer les critères
                </Button>
              ) : lectureSeule ? null : (
                <Button linkProps={{ to: `${CHEMIN}/nouveau` }}>Créer un client</Button>
              )
            }
          >
            {filtered ? null : <p>Un client permet à un logiciel d’appeler l’API sans compte de personne.</p>}
          </EmptyState>
        }
      />
    </>
  );
}
