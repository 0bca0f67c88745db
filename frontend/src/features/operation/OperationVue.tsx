/** One operation: what SIAP says of it, its conventions by financement, and the creation of the missing ones. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useNavigate } from "react-router";
import { useIntention } from "../../api/commande";
import type { ConventionLigne, MessageOperation, Operation } from "../../api/dto";
import { formatHeure, formatInstant } from "../../lib/dates";
import { nomDuGenre } from "../../lib/genres";
import { accord, compte } from "../../lib/nombres";
import { type Colonne, DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { Lien, LienExterne } from "../../ui/Lien";
import { useMessages } from "../../ui/Messages";
import { StatutBadge } from "../../ui/StatutBadge";
import { useSynchronisation } from "./api";
import { enumerer } from "./mixte";
import { BarreRegroupement, Case, type Selection, useSelection } from "./Regroupement";
import {
  attendUnChoix,
  HABITATS,
  type LigneFinancement,
  libelleCreation,
  lignesDesFinancements,
  quiALaMain,
  secondeVieFermee,
} from "./rules";
import { AppelSecondeVie } from "./SecondeVieAppel";

type Props = { operation: Operation; onActualiser: () => void; actualisation: boolean };

export function OperationVue({ operation, onActualiser, actualisation }: Props) {
  const rows = lignesDesFinancements(operation);
  const selection = useSelection(operation);
  return (
    <>
      <Fiche operation={operation} onActualiser={onActualiser} actualisation={actualisation} />
      <MessagesOperation messages={operation.messages.filter(({ code }) => code !== "SECONDE_VIE_CHOIX")} />
      <AppelSecondeVie operation={operation} />
      <section aria-labelledby="financements" className="fr-mt-4w">
        <div className="ap-operation__tete">
          <h2 id="financements" className="fr-h4 fr-mb-0">
            Conventions par financement
          </h2>
          {operation.peut_creer &&
          operation.conventions_manquantes.length > 0 &&
          !attendUnChoix(operation) &&
          !secondeVieFermee(operation) ? (
            <Creation operation={operation} />
          ) : null}
        </div>
        <DataTable
          legende="Conventions par financement"
          colonnes={colonnes(selection)}
          lignes={rows}
          cleDe={(row) => row.cle}
          carte={(row) => <Carte row={row} selection={selection} />}
          vide={
            <EmptyState titre="Aucun financement à conventionner" icone="fr-icon-folder-2-line">
              <p>Aucun financement de cette opération ne demande de convention.</p>
            </EmptyState>
          }
        />
        <BarreRegroupement operation={operation} selection={selection} />
      </section>
      {operation.avenants.length > 0 ? (
        <section aria-labelledby="avenants" className="fr-mt-4w">
          <h2 id="avenants" className="fr-h4">
            Avenants
          </h2>
          <DataTable
            legende="Avenants de l’opération"
            colonnes={COLONNES_AVENANT}
            lignes={operation.avenants}
            cleDe={(row) => row.uuid}
          />
        </section>
      ) : null}
    </>
  );
}

function nomDuBailleur(bailleur: Operation["bailleur"]): string {
  if (!bailleur) return "Non renseigné dans le SIAP";
  return bailleur.siren ? `${bailleur.nom} (SIREN ${bailleur.siren})` : bailleur.nom;
}

function Fiche({ operation, onActualiser, actualisation }: Props) {
  const { bailleur, administration } = operation;
  const facts: [string, string][] = [
    ["Bailleur", nomDuBailleur(bailleur)],
    ["Adresse", [operation.adresse, `${operation.code_postal} ${operation.ville}`.trim()].filter(Boolean).join(", ")],
    ["Nature", [operation.nature_logement_libelle, operation.type_operation_libelle].filter(Boolean).join(", ")],
    ["Service instructeur", administration ? administration.nom : "Non renseigné dans le SIAP"],
    [
      "Zones",
      [operation.zone_abc && `ABC : ${operation.zone_abc}`, operation.zone_123 && `1, 2, 3 : ${operation.zone_123}`]
        .filter(Boolean)
        .join(" ; "),
    ],
  ];
  return (
    <div className="ap-fiche">
      <dl className="ap-fiche__termes">
        {facts
          .filter(([, value]) => value)
          .map(([term, value]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <div className="ap-fiche__source">
        <p>
          {operation.source === "siap" ? "Lu dans le SIAP à " : "Copie locale du "}
          <time dateTime={operation.lu_le} title={formatInstant(operation.lu_le)}>
            {operation.source === "siap" ? formatHeure(operation.lu_le) : formatInstant(operation.lu_le)}
          </time>
        </p>
        <Button
          size="small"
          priority="tertiary"
          iconId="fr-icon-refresh-line"
          onClick={onActualiser}
          nativeButtonProps={{ "aria-busy": actualisation || undefined }}
        >
          {actualisation ? "Actualisation…" : "Actualiser"}
        </Button>
        {operation.lien_siap ? (
          <LienExterne className="fr-link fr-link--sm" href={operation.lien_siap}>
            Financement dans le SIAP
          </LienExterne>
        ) : null}
      </div>
    </div>
  );
}

const CLASSES: Record<MessageOperation["niveau"], string> = { info: "info", warning: "warning", error: "error" };

/** Messages of the operation: duplicates, seconde vie, SIAP unknown or down. */
export function MessagesOperation({ messages }: { messages: readonly MessageOperation[] }) {
  return (
    <>
      {messages.map(({ code, niveau, detail }) => (
        <div key={`${code}${detail}`} className={`fr-alert fr-alert--sm fr-alert--${CLASSES[niveau]} fr-mt-2w`}>
          <p>{detail}</p>
        </div>
      ))}
    </>
  );
}

/** Explicit and idempotent: one key for the intention, kept until it succeeds. */
function Creation({ operation }: { operation: Operation }) {
  const intention = useIntention();
  const { mutate, isPending, error } = useSynchronisation(operation.numero);
  const { afficher } = useMessages();
  const navigate = useNavigate();

  const create = () => {
    if (isPending) return;
    mutate(intention.cle(operation.numero), {
      onSuccess: ({ creees, messages }) => {
        intention.faite();
        const [only] = creees;
        const details = messages.map(({ detail }) => detail).join(" ");
        if (creees.length === 0) {
          afficher({
            severite: "info",
            titre: "Aucune convention à créer",
            detail: details || "Les conventions de cette opération existent déjà.",
          });
          return;
        }
        afficher({
          severite: "success",
          titre: `${compte(creees.length, "convention")} ${accord(creees.length, "créée")} : ${creees.map((c) => c.financement).join(", ")}`,
          detail: details || undefined,
        });
        if (creees.length === 1 && only) navigate(`/conventions/${only.uuid}`);
      },
    });
  };

  return (
    <div className="ap-operation__creation">
      <Button
        iconId="fr-icon-add-line"
        onClick={create}
        nativeButtonProps={{ "aria-busy": isPending || undefined, "aria-disabled": isPending || undefined }}
      >
        {isPending ? "Création…" : libelleCreation(operation)}
      </Button>
      {error ? <ErrorState compact titre="La création n’a pas abouti" erreur={error} onReessayer={create} /> : null}
    </div>
  );
}

function Etat({ row }: { row: LigneFinancement }) {
  const { convention } = row;
  if (!convention) return <span className="ap-mention">–</span>;
  return (
    <div className="ap-ligne__statut">
      <StatutBadge statut={convention.statut} libelle={convention.statut_libelle} />
      {row.doublon ? <span className="ap-ligne__a-moi">Convention en double</span> : null}
    </div>
  );
}

function Ouvrir({ convention, de }: { convention: ConventionLigne; de: string }) {
  return (
    <Lien to={convention.lien} className="fr-btn fr-btn--secondary fr-btn--sm">
      Ouvrir<span className="fr-sr-only"> la convention {de}</span>
    </Lien>
  );
}

/** A convention of several financements has one row for each: says that they are one. */
function Ensemble({ convention }: { convention: ConventionLigne }) {
  if (convention.financements.length < 2) return null;
  return (
    <span className="ap-ligne__detail ap-bloc-ligne">
      une seule convention pour {enumerer(convention.financements)}
    </span>
  );
}

const nomDeConvention = (row: ConventionLigne): string =>
  row.numero ?? (row.statut === "ANNULEE" ? "sans numéro" : "en préparation, sans numéro");

function colonnes(selection: Selection): Colonne<LigneFinancement>[] {
  const boxes: Colonne<LigneFinancement>[] =
    selection.possibles.length > 0
      ? [
          {
            cle: "case",
            titre: <span className="fr-sr-only">Sélection</span>,
            className: "ap-colonne--case",
            rendu: ({ convention }) => <Case selection={selection} convention={convention} />,
          },
        ]
      : [];
  return [
    ...boxes,
    {
      cle: "financement",
      titre: "Financement",
      enTete: true,
      rendu: (row) => (
        <>
          <strong>{row.libelle}</strong>
          <span className="ap-ligne__detail ap-bloc-ligne">
            {compte(row.nbLogements, "logement")}
            {`, ${HABITATS[row.typeHabitat]}`}
          </span>
        </>
      ),
    },
    {
      cle: "convention",
      titre: "Convention",
      rendu: ({ convention }) =>
        convention ? (
          <>
            {nomDeConvention(convention)}
            <Ensemble convention={convention} />
          </>
        ) : (
          <span className="ap-mention">aucune</span>
        ),
    },
    { cle: "etat", titre: "État", rendu: (row) => <Etat row={row} /> },
    {
      cle: "main",
      titre: "Qui a la main",
      rendu: ({ convention }) => (convention ? quiALaMain(convention) : <span className="ap-mention">–</span>),
    },
    {
      cle: "ouvrir",
      titre: <span className="fr-sr-only">Action</span>,
      className: "ap-colonne--action",
      rendu: ({ convention, libelle }) =>
        convention ? <Ouvrir convention={convention} de={libelle} /> : <span className="ap-mention">À créer</span>,
    },
  ];
}

function Carte({ row, selection }: { row: LigneFinancement; selection: Selection }) {
  const { convention } = row;
  return (
    <div className="ap-ligne__carte">
      <div className="ap-ligne__choix">
        <Case selection={selection} convention={convention} />
        <p className="fr-mb-0">
          <strong>{row.libelle}</strong>, {compte(row.nbLogements, "logement")}
        </p>
      </div>
      {convention ? (
        <>
          <Etat row={row} />
          <Ensemble convention={convention} />
          <p className="ap-ligne__faits">
            {nomDeConvention(convention)} · Main : {quiALaMain(convention).toLowerCase()}
          </p>
          <Ouvrir convention={convention} de={row.libelle} />
        </>
      ) : (
        <p className="ap-ligne__faits ap-mention">Aucune convention : à créer</p>
      )}
    </div>
  );
}

const COLONNES_AVENANT: Colonne<ConventionLigne>[] = [
  {
    cle: "genre",
    titre: "Nature",
    enTete: true,
    rendu: (row) => (
      <Lien to={row.lien}>
        {nomDuGenre(row.genre)} ({row.financements.join(", ")})
      </Lien>
    ),
  },
  { cle: "numero", titre: "Numéro", rendu: (row) => row.numero ?? "–" },
  { cle: "statut", titre: "État", rendu: (row) => <StatutBadge statut={row.statut} libelle={row.statut_libelle} /> },
  { cle: "main", titre: "Qui a la main", rendu: quiALaMain },
];
