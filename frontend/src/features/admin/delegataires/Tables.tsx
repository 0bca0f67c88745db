/** Tables of a run: former administrations, ten conventions, refused lines, what was left. */
import { Alert } from "@codegouvfr/react-dsfr/Alert";
import { Button } from "@codegouvfr/react-dsfr/Button";
import { compte, formatEntier } from "../../../lib/nombres";
import { type Colonne, DataTable } from "../../../ui/DataTable";
import { Lien } from "../../../ui/Lien";
import { StatutBadge } from "../../../ui/StatutBadge";
import type { Reassignation } from "./api";
import { csvDesRejets } from "./rules";

type Origine = Reassignation["origines"][number];
type Exemple = Reassignation["exemples"][number];
type Rejet = Reassignation["rejets"][number];
type Restee = Reassignation["restees"][number];

const nomOrigine = ({ administration }: Origine) => administration?.nom ?? "Sans administration";

const ORIGINES: Colonne<Origine>[] = [
  { cle: "nom", titre: "Administration", enTete: true, rendu: nomOrigine },
  { cle: "code", titre: "Code", rendu: ({ administration }) => administration?.code ?? "—" },
  { cle: "operations", titre: "Opérations", numerique: true, rendu: ({ operations }) => formatEntier(operations) },
  { cle: "conventions", titre: "Conventions", numerique: true, rendu: ({ conventions }) => formatEntier(conventions) },
];

export function Origines({ run }: { run: Reassignation }) {
  return (
    <section className="fr-mb-3w" aria-labelledby="origines">
      <h2 id="origines" className="fr-h5">
        {run.etat === "SIMULATION" ? "Administrations actuelles" : "Administrations d’origine"}
      </h2>
      <DataTable
        legende="Administrations d’origine et nombre de conventions"
        colonnes={ORIGINES}
        lignes={run.origines}
        cleDe={(one) => one.administration?.uuid ?? "aucune"}
      />
    </section>
  );
}

const lieu = ({ ville, code_postal }: { ville: string; code_postal: string }) =>
  `${ville} ${code_postal}`.trim() || "—";

const EXEMPLES: Colonne<Exemple>[] = [
  {
    cle: "operation",
    titre: "Convention",
    enTete: true,
    rendu: (x) => (
      <>
        <Lien to={`/conventions/${x.uuid}`}>{x.operation_nom}</Lien>
        <span className="ap-alertes__suite">
          Op. {x.numero_operation || "sans numéro"}
          {x.numero ? ` · Conv. ${x.numero}` : ""}
        </span>
      </>
    ),
  },
  { cle: "statut", titre: "Statut", rendu: (x) => <StatutBadge statut={x.statut} libelle={x.statut_libelle} /> },
  { cle: "lieu", titre: "Commune", rendu: lieu },
  { cle: "bailleur", titre: "Bailleur", rendu: (x) => x.bailleur },
  { cle: "administration", titre: "Administration", rendu: (x) => x.administration || "Sans administration" },
];

export function Exemples({ run: { exemples, conventions, etat } }: { run: Reassignation }) {
  if (exemples.length === 0) return null;
  return (
    <section className="fr-mb-3w" aria-labelledby="exemples">
      <h2 id="exemples" className="fr-h5">
        {exemples.length < conventions ? `${exemples.length} conventions parmi elles` : "Conventions concernées"}
      </h2>
      {etat === "SIMULATION" ? null : <p className="ap-mention">Administration avant la réassignation.</p>}
      <DataTable legende="Exemples de conventions" colonnes={EXEMPLES} lignes={exemples} cleDe={(x) => x.uuid} />
    </section>
  );
}

const REJETS: Colonne<Rejet>[] = [
  { cle: "ligne", titre: "Fichier", enTete: true, rendu: ({ ligne }) => `Ligne ${formatEntier(ligne)}` },
  { cle: "code_postal", titre: "Code postal", rendu: ({ code_postal }) => code_postal || "—" },
  { cle: "commune", titre: "Commune", rendu: ({ commune }) => commune || "—" },
  { cle: "detail", titre: "Motif", rendu: ({ detail }) => detail, className: "ap-cellule-texte" },
];

/** Lines shown on the page; the file has them all. */
const MAX_REJETS = 50;

function telecharger(rejets: readonly Rejet[]) {
  const href = URL.createObjectURL(new Blob([csvDesRejets(rejets)], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = href;
  link.download = "lignes-refusees.csv";
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the address after this task.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

export function Rejets({ rejets, etat }: Pick<Reassignation, "rejets" | "etat">) {
  if (rejets.length === 0) return null;
  return (
    <section className="fr-mb-3w" aria-labelledby="rejets">
      <h2 id="rejets" className="fr-h5">
        Lignes du fichier qui ne sont pas prises
      </h2>
      <Alert
        small
        severity="warning"
        className="fr-mb-2w"
        description={`${compte(rejets.length, "ligne")} sans commune reconnue, ou en double.${etat === "SIMULATION" ? " Corrigez-les dans le fichier puis envoyez-le à nouveau, ou continuez sans elles." : ""}`}
      />
      <DataTable
        legende="Lignes refusées"
        colonnes={REJETS}
        lignes={rejets.slice(0, MAX_REJETS)}
        cleDe={({ ligne }) => String(ligne)}
      />
      {rejets.length > MAX_REJETS ? (
        <p className="ap-mention">Les {MAX_REJETS} premières sont affichées ; le fichier les contient toutes.</p>
      ) : null}
      <Button
        type="button"
        size="small"
        priority="tertiary"
        iconId="fr-icon-download-line"
        onClick={() => telecharger(rejets)}
      >
        Télécharger les lignes refusées (CSV)
      </Button>
    </section>
  );
}

const RESTEES: Colonne<Restee>[] = [
  {
    cle: "operation",
    titre: "Opération",
    enTete: true,
    rendu: (x) => (
      <>
        {x.convention_uuid ? <Lien to={`/conventions/${x.convention_uuid}`}>{x.operation_nom}</Lien> : x.operation_nom}
        <span className="ap-alertes__suite">Op. {x.numero_operation || "sans numéro"}</span>
      </>
    ),
  },
  { cle: "ville", titre: "Commune", rendu: ({ ville }) => ville || "—" },
  {
    cle: "administration",
    titre: "Administration aujourd’hui",
    rendu: ({ administration }) => administration || "Sans administration",
  },
  {
    cle: "quand",
    titre: "Laissée par",
    rendu: ({ annulation }) => (annulation ? "l’annulation" : "la réassignation"),
  },
];

export function Restees({ run: { restees, ignorees, laissees } }: { run: Reassignation }) {
  if (restees.length === 0) return null;
  return (
    <section className="fr-mb-3w" aria-labelledby="restees">
      <h2 id="restees" className="fr-h5">
        Opérations laissées où elles étaient
      </h2>
      <p>
        Leur administration avait changé entre-temps : y toucher aurait défait une autre décision.
        {ignorees + laissees > restees.length ? ` Les ${restees.length} premières sont affichées.` : ""}
      </p>
      <DataTable
        legende="Opérations laissées"
        colonnes={RESTEES}
        lignes={restees}
        cleDe={(x) => x.convention_uuid ?? `${x.numero_operation} ${x.operation_nom}`}
      />
    </section>
  );
}
