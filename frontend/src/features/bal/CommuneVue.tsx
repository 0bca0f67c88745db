/** Public page of a commune: what is in force, its report, its history. */
import { Badge } from "@codegouvfr/react-dsfr/Badge";
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useState } from "react";
import { formatDate, formatInstant, jourDeParis } from "../../lib/dates";
import { compte, formatEntier, formatTaille } from "../../lib/nombres";
import { type Colonne, DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { adresseDuFichier, useHistorique, useRapport } from "./api";
import { useReglages } from "./chemin";
import type { Commune, Revision } from "./contrat";
import { RapportVue } from "./RapportVue";

const deposantDe = ({ client }: Revision) => client.nom;
const fichierDe = ({ files = [] }: Revision) => files.find(({ type }) => type === "bal") ?? files[0] ?? null;

type Props = { commune: Commune; courante: Revision | null };

export function CommuneVue({ commune, courante }: Props) {
  if (!courante) return <Vide commune={commune} />;
  return (
    <>
      <EnVigueur commune={commune} revision={courante} />
      <RapportRepliable revision={courante} />
      <Historique commune={commune} courante={courante} />
    </>
  );
}

function Vide({ commune }: { commune: Commune }) {
  return (
    <EmptyState
      titre="Aucune adresse publiée pour cette commune"
      icone="fr-icon-map-pin-2-line"
      actions={
        <>
          <Button linkProps={{ to: `/bal/communes/${commune.code}/deposer` }}>Déposer un premier fichier</Button>
          <a className="fr-btn fr-btn--secondary" href={modele()} download="modele-bal-1.4.csv">
            Télécharger le modèle
          </a>
        </>
      }
    >
      <p>Déposez un premier fichier ou téléchargez le modèle.</p>
    </EmptyState>
  );
}

/** Columns of a file in version 1.4, in their order. */
const COLONNES_DU_MODELE = [
  "id_ban_commune",
  "id_ban_toponyme",
  "id_ban_adresse",
  "cle_interop",
  "commune_insee",
  "commune_nom",
  "commune_deleguee_insee",
  "commune_deleguee_nom",
  "voie_nom",
  "lieudit_complement_nom",
  "numero",
  "suffixe",
  "position",
  "x",
  "y",
  "long",
  "lat",
  "cad_parcelles",
  "source",
  "date_der_maj",
  "certification_commune",
];

const modele = (): string => `data:text/csv;charset=utf-8,${encodeURIComponent(`${COLONNES_DU_MODELE.join(";")}\r\n`)}`;

function EnVigueur({ commune, revision }: { commune: Commune; revision: Revision }) {
  const { base } = useReglages();
  const file = fichierDe(revision);
  const { rowsCount, format } = revision.validation;
  const pour = revision.client.chefDeFile ?? revision.client.mandataire;
  return (
    <section className="ap-bal-vigueur" aria-labelledby="en-vigueur">
      <div className="ap-bal-vigueur__tete">
        <h2 id="en-vigueur" className="fr-h4 fr-mb-0">
          Version en vigueur
        </h2>
        <Badge severity="success" small>
          En vigueur
        </Badge>
      </div>
      <p className="ap-bal-vigueur__phrase">
        {rowsCount === undefined ? "" : `${compte(rowsCount, "adresse")}, `}
        publiées le {formatInstant(revision.publishedAt)}.
      </p>
      <dl className="ap-bal-lecture">
        <div>
          <dt>Déposée par</dt>
          <dd>{deposantDe(revision)}</dd>
        </div>
        {pour ? (
          <div>
            <dt>{revision.client.chefDeFile ? "Chef de file" : "Mandataire"}</dt>
            <dd>{pour}</dd>
          </div>
        ) : null}
        {format ? (
          <div>
            <dt>Version du format</dt>
            <dd>BAL {format}</dd>
          </div>
        ) : null}
        <div>
          <dt>Validité</dt>
          <dd>{valideEnMots(revision)}</dd>
        </div>
      </dl>
      <ul className="fr-btns-group fr-btns-group--inline fr-btns-group--icon-left fr-mb-n2w">
        <li>
          <a className="fr-btn fr-icon-download-line" href={adresseDuFichier(base, revision.id)} download>
            Télécharger le fichier{file ? ` (CSV, ${formatTaille(file.size)})` : " (CSV)"}
          </a>
        </li>
        <li>
          <Button
            priority="secondary"
            iconId="fr-icon-upload-2-line"
            linkProps={{ to: `/bal/communes/${commune.code}/deposer` }}
          >
            Déposer une nouvelle version
          </Button>
        </li>
      </ul>
    </section>
  );
}

function valideEnMots({ validation }: Revision): string {
  if (validation.valid === undefined) return "non vérifiée par ce service";
  if (!validation.valid) return "non valide";
  const warnings = validation.warnings?.length ?? 0;
  return warnings === 0 ? "valide, rien à améliorer" : `valide, ${compte(warnings, "contrôle")} à améliorer`;
}

/** The report is read when it is asked: most readers come for the file. */
function RapportRepliable({ revision }: { revision: Revision }) {
  const [asked, setAsked] = useState(false);
  const requete = useRapport(asked ? revision.id : null);
  return (
    <section className="ap-bal-section" aria-labelledby="rapport">
      <h2 id="rapport" className="fr-h4">
        Rapport de vérification
      </h2>
      {asked ? (
        <Requete
          requete={requete}
          bloc
          squelette={<Skeleton forme="fiche" libelle="Lecture du rapport" />}
          titreErreur="Le rapport n’a pas pu être lu"
        >
          {(rapport) => (
            <RapportVue
              rapport={rapport}
              validation={revision.validation}
              source={{ revisionId: revision.id }}
              cle={revision.id}
              niveauTitre={3}
            />
          )}
        </Requete>
      ) : (
        <Button priority="tertiary" iconId="fr-icon-file-text-line" onClick={() => setAsked(true)}>
          Lire le rapport
        </Button>
      )}
    </section>
  );
}

function Historique({ commune, courante }: Props) {
  const { base } = useReglages();
  const requete = useHistorique(commune.code);
  const columns: Colonne<Revision>[] = [
    {
      cle: "date",
      titre: "Publiée le",
      enTete: true,
      rendu: (row) => (
        <>
          {formatInstant(row.publishedAt)}
          {row.id === courante?.id ? <span className="ap-bal-actuelle"> en vigueur</span> : null}
        </>
      ),
    },
    {
      cle: "adresses",
      titre: "Adresses",
      numerique: true,
      rendu: ({ validation }) => (validation.rowsCount === undefined ? "–" : formatEntier(validation.rowsCount)),
    },
    { cle: "client", titre: "Déposée par", className: "ap-colonne--moyenne", rendu: deposantDe },
    {
      cle: "fichier",
      titre: "Fichier",
      rendu: (row) => (
        <a className="fr-link" href={adresseDuFichier(base, row.id)} download>
          Télécharger
          <span className="fr-sr-only"> la version du {formatDate(jourDeParis(row.publishedAt ?? row.createdAt))}</span>
        </a>
      ),
    },
  ];
  return (
    <section className="ap-bal-section" aria-labelledby="historique">
      <h2 id="historique" className="fr-h4">
        Historique
      </h2>
      <Requete
        requete={requete}
        bloc
        squelette={<Skeleton forme="tableau" nombre={3} libelle="Lecture de l’historique" />}
        titreErreur="L’historique n’a pas pu être lu"
      >
        {(revisions) => (
          <DataTable legende="Versions publiées" colonnes={columns} lignes={revisions} cleDe={(row) => row.id} />
        )}
      </Requete>
    </section>
  );
}
