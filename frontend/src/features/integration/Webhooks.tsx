/** Addresses to which the platform tells what happens. */
import { Badge } from "@codegouvfr/react-dsfr/Badge";
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useMemo } from "react";
import { useLocation } from "react-router";
import { formatDate, jourDeParis } from "../../lib/dates";
import { compte } from "../../lib/nombres";
import type { Colonne } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { Lien } from "../../ui/Lien";
import { ListePaginee } from "../../ui/ListePaginee";
import { PAR_PAGE, useWebhooks } from "./api";
import { EVENEMENTS, type Webhook } from "./contrat";
import { adresseDe, lireFiltres } from "./filtres";

const CHEMIN = "/admin/webhooks";

const COLONNES: Colonne<Webhook>[] = [
  {
    cle: "nom",
    titre: "Webhook",
    enTete: true,
    className: "ap-colonne--moyenne",
    rendu: (row) => <Lien to={`${CHEMIN}/${row.uuid}`}>{row.description || row.url}</Lien>,
  },
  {
    cle: "url",
    titre: "Adresse",
    className: "ap-colonne--moyenne",
    rendu: (row) => <span className="ap-int-adresse">{row.url}</span>,
  },
  {
    cle: "evenements",
    titre: "Événements",
    className: "ap-colonne--moyenne",
    rendu: (row) =>
      row.evenements.length > 2
        ? compte(row.evenements.length, "événement")
        : row.evenements.map((one) => EVENEMENTS[one]).join(", "),
  },
  {
    cle: "etat",
    titre: "État",
    rendu: (row) => (
      <Badge small severity={row.actif ? "success" : "warning"}>
        {row.actif ? "Actif" : "Arrêté"}
      </Badge>
    ),
  },
  { cle: "cree", titre: "Créé le", rendu: (row) => formatDate(jourDeParis(row.cree_le)) },
];

export function WebhooksListe({ lectureSeule }: { lectureSeule: boolean }) {
  const { search } = useLocation();
  const filtres = useMemo(() => lireFiltres(new URLSearchParams(search), []), [search]);
  const requete = useWebhooks(filtres.page);
  return (
    <ListePaginee
      requete={requete}
      page={filtres.page}
      parPage={PAR_PAGE}
      adresse={(page) => adresseDe(CHEMIN, { ...filtres, page })}
      legende="Liste : webhooks"
      colonnes={COLONNES}
      cleDe={(row) => row.uuid}
      nombre={(total) => compte(total, "webhook")}
      titreErreur="Les webhooks n’ont pas pu être chargés"
      vide={
        <EmptyState
          titre="Aucun webhook pour le moment"
          actions={lectureSeule ? null : <Button linkProps={{ to: `${CHEMIN}/nouveau` }}>Créer un webhook</Button>}
        >
          <p>Un webhook prévient un autre système, à son adresse, dès qu’une convention change.</p>
        </EmptyState>
      }
    />
  );
}
