/** Lists of clients, mandataires and chefs de file. */
import { Badge } from "@codegouvfr/react-dsfr/Badge";
import { Button } from "@codegouvfr/react-dsfr/Button";
import { formatDate, jourDeParis } from "../../../lib/dates";
import { compte } from "../../../lib/nombres";
import type { Colonne } from "../../../ui/DataTable";
import { Lien } from "../../../ui/Lien";
import { lireChefs, lireClients, lireMandataires } from "./api";
import type { ChefDeFile, Client, Mandataire } from "./contrat";
import { ListeAdmin } from "./ListeAdmin";
import { STRATEGIES } from "./rules";

const RACINE = "/admin/depot";

const CLIENTS: Colonne<Client>[] = [
  {
    cle: "nom",
    titre: "Client",
    enTete: true,
    className: "ap-colonne--moyenne",
    rendu: (row) => <Lien to={`${RACINE}/clients/${row.id}`}>{row.nom}</Lien>,
  },
  { cle: "mandataire", titre: "Mandataire", className: "ap-colonne--moyenne", rendu: (row) => row.mandataire.nom },
  { cle: "chef", titre: "Chef de file", rendu: (row) => row.chef_de_file?.nom ?? "–" },
  { cle: "strategie", titre: "Autorisation", rendu: (row) => STRATEGIES[row.strategie].libelle },
  {
    cle: "etat",
    titre: "État",
    rendu: (row) => (
      <Badge small severity={row.actif ? "success" : "warning"}>
        {row.actif ? "Actif" : "Désactivé"}
      </Badge>
    ),
  },
  {
    cle: "jeton",
    titre: "Jeton remis le",
    rendu: (row) => formatDate(jourDeParis(row.jeton_cree_le)),
  },
];

const MANDATAIRES: Colonne<Mandataire>[] = [
  {
    cle: "nom",
    titre: "Mandataire",
    enTete: true,
    rendu: (row) => <Lien to={`${RACINE}/mandataires/${row.id}`}>{row.nom}</Lien>,
  },
  { cle: "email", titre: "Adresse électronique", rendu: (row) => row.email },
  { cle: "cree", titre: "Créé le", rendu: (row) => formatDate(jourDeParis(row.cree_le)) },
];

const CHEFS: Colonne<ChefDeFile>[] = [
  {
    cle: "nom",
    titre: "Chef de file",
    enTete: true,
    rendu: (row) => <Lien to={`${RACINE}/chefs-de-file/${row.id}`}>{row.nom}</Lien>,
  },
  { cle: "email", titre: "Adresse électronique", rendu: (row) => row.email },
  {
    cle: "perimetre",
    titre: "Périmètre",
    rendu: (row) => (row.perimetres.length === 0 ? "Aucun" : compte(row.perimetres.length, "territoire")),
  },
  { cle: "charte", titre: "Charte", rendu: (row) => (row.signataire_charte ? "Signée" : "–") },
];

const creer = (collection: string, libelle: string) => (
  <Button linkProps={{ to: `${RACINE}/${collection}/nouveau` }}>{libelle}</Button>
);

type Props = { lectureSeule: boolean };

export const ClientsListe = ({ lectureSeule }: Props) => (
  <ListeAdmin
    cle="clients"
    lecture={lireClients}
    nom="client"
    recherche="Nom du client ou du mandataire"
    colonnes={CLIENTS}
    creation={lectureSeule ? null : creer("clients", "Créer un client")}
  />
);

export const MandatairesListe = ({ lectureSeule }: Props) => (
  <ListeAdmin
    cle="mandataires"
    lecture={lireMandataires}
    nom="mandataire"
    recherche="Nom du mandataire ou adresse électronique"
    colonnes={MANDATAIRES}
    creation={lectureSeule ? null : creer("mandataires", "Créer un mandataire")}
  />
);

export const ChefsListe = ({ lectureSeule }: Props) => (
  <ListeAdmin
    cle="chefs"
    lecture={lireChefs}
    nom="chef de file"
    pluriel="chefs de file"
    recherche="Nom du chef de file"
    colonnes={CHEFS}
    creation={lectureSeule ? null : creer("chefs-de-file", "Créer un chef de file")}
  />
);
