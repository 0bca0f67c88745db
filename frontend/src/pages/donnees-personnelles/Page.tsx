/** P06: personal data and cookies. The periods are the default ones of the platform (06 §7.8). */
import { useEffect } from "react";
import { useLocation } from "react-router";
import { useConfiguration } from "../../app/configuration";
import { DataTable } from "../../ui/DataTable";
import { FilAriane } from "../../ui/FilAriane";
import { LienExterne } from "../../ui/Lien";
import { CadrePage, TitrePage } from "../../ui/Page";

const CONSERVATION = [
  { donnee: "Compte utilisateur", duree: "Désactivé après 24 mois sans connexion, pseudonymisé après 36 mois" },
  { donnee: "Conventions, avenants, documents, historique", duree: "Vie de la convention, puis archives" },
  { donnee: "Session", duree: "12 heures au plus, 6 heures sans activité" },
  { donnee: "Recherches récentes", duree: "30 jours" },
  { donnee: "Journaux d’accès", duree: "6 mois" },
  { donnee: "Journal de sécurité", duree: "12 mois" },
  { donnee: "Courriels envoyés par le service", duree: "12 mois, leur contenu 90 jours" },
];

const TRACEURS = [
  {
    nom: "Jeton de session (__Host-refresh)",
    role: "Garde la connexion ouverte ; illisible par les scripts de la page",
    duree: "12 heures au plus",
  },
  {
    nom: "Thème (clair, sombre, système)",
    role: "Retient votre choix d’affichage sur cet appareil",
    duree: "Jusqu’à son effacement",
  },
  {
    nom: "Densité des tableaux, onglet en cours",
    role: "Retient votre affichage et l’habilitation de l’onglet",
    duree: "Jusqu’à son effacement ou la fermeture de l’onglet",
  },
  {
    nom: "Brouillons de saisie",
    role: "Évite de perdre une saisie en cas de coupure",
    duree: "30 jours au plus, effacés à la déconnexion",
  },
];

export function Component() {
  const { data: configuration } = useConfiguration();
  const help = configuration?.url_assistance;
  const { hash } = useLocation();
  useEffect(() => {
    if (hash) document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [hash]);
  return (
    <CadrePage>
      <FilAriane page="Données personnelles" />
      <TitrePage titre="Données personnelles et cookies" />
      <div className="ap-texte">
        <h2>Responsable du traitement et finalité</h2>
        <p>
          Le ministère chargé du logement (DHUP) traite ces données pour préparer, instruire, signer et suivre les
          conventions APL, au titre de sa mission d’intérêt public (article 6, 1, e du règlement général sur la
          protection des données).
        </p>

        <h2>Données traitées</h2>
        <ul>
          <li>
            Utilisateurs : nom, prénom, adresse électronique professionnelle, habilitations, préférences, sessions
            (date, navigateur, adresse réseau).
          </li>
          <li>
            Personnes citées dans les conventions : nom et fonction du signataire, coordonnées du bailleur ou du
            propriétaire.
          </li>
          <li>
            Activité : actions sur les conventions, commentaires, documents déposés, avec leur date et leur auteur.
          </li>
        </ul>
        <p>Aucune décision n’est prise sur le seul fondement d’un traitement automatisé.</p>

        <h2>Destinataires</h2>
        <p>
          Les agents des services instructeurs et les bailleurs concernés par la convention, dans la limite de leur
          périmètre, l’équipe d’assistance, et le Système d’information des aides à la pierre, auquel l’état des
          conventions est transmis. Ces données ne sont ni vendues ni transférées hors de l’Union européenne.
        </p>

        <h2>Durées de conservation</h2>
        <DataTable
          legende="Durées de conservation"
          colonnes={[
            { cle: "donnee", titre: "Donnée", enTete: true, rendu: (row) => row.donnee },
            { cle: "duree", titre: "Durée", rendu: (row) => row.duree },
          ]}
          lignes={CONSERVATION}
          cleDe={(row) => row.donnee}
        />

        <h2>Vos droits</h2>
        <p>
          Vous pouvez demander l’accès à vos données, leur rectification ou la limitation de leur traitement, et vous y
          opposer pour des raisons tenant à votre situation. Vos sessions ouvertes et vos préférences se consultent dans
          vos paramètres ; votre identité se corrige dans CERBERE.
        </p>
        {help ? (
          <p>
            <LienExterne href={help}>Exercer vos droits auprès de l’assistance</LienExterne>
          </p>
        ) : null}
        <p>
          En cas de désaccord, vous pouvez adresser une réclamation à la{" "}
          <LienExterne href="https://www.cnil.fr/fr/plaintes">
            Commission nationale de l’informatique et des libertés
          </LienExterne>
          .
        </p>

        <h2 id="cookies">Cookies et stockage sur votre appareil</h2>
        <p>
          Le service n’utilise ni mesure d’audience ni traceur publicitaire. Ce qui est stocké sur votre appareil est
          strictement nécessaire à son fonctionnement : aucun consentement n’est à donner, et il n’y a rien à refuser.
        </p>
        <DataTable
          legende="Cookies et stockage local"
          colonnes={[
            { cle: "nom", titre: "Nom", enTete: true, rendu: (row) => row.nom },
            { cle: "role", titre: "Rôle", rendu: (row) => row.role },
            { cle: "duree", titre: "Durée", rendu: (row) => row.duree },
          ]}
          lignes={TRACEURS}
          cleDe={(row) => row.nom}
        />
      </div>
    </CadrePage>
  );
}
