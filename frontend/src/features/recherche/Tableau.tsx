/** Rows of the list: one link per row, status in words, what waits for the reader marked in words too. */
import type { ConventionLigne } from "../../api/dto";
import { useModifiees } from "../../api/lectures";
import { formatDate } from "../../lib/dates";
import { nomDuGenre } from "../../lib/genres";
import { accord, compte } from "../../lib/nombres";
import { type Colonne, DataTable, type Tri } from "../../ui/DataTable";
import { Lien } from "../../ui/Lien";
import { StatutBadge } from "../../ui/StatutBadge";
import { Surligne } from "../../ui/Surligne";

type Props = {
  lignes: readonly ConventionLigne[];
  /** What was searched, to mark it in the rows. */
  recherche: string;
  /** Instructeurs see the bailleur, bailleurs see their service. */
  coteBailleur: boolean;
  compact: boolean;
  occupe: boolean;
  tri: string;
  onTri: (tri: string) => void;
};

/** « -ville » ↔ {cle: "ville", sens: "desc"} */
function sensDuTri(text: string): Tri {
  return text.startsWith("-") ? { cle: text.slice(1), sens: "desc" } : { cle: text, sens: "asc" };
}

function Statut({ row }: { row: ConventionLigne }) {
  return (
    <div className="ap-ligne__statut">
      <StatutBadge statut={row.statut} libelle={row.statut_libelle} />
      {row.a_moi ? <span className="ap-ligne__a-moi">À traiter par vous</span> : null}
    </div>
  );
}

function Nom({ row, search }: { row: ConventionLigne; search: string }) {
  return (
    <Lien to={row.lien} className="ap-ligne__lien">
      <Surligne texte={row.operation.nom} recherche={search} />
      {row.genre === "convention" ? null : <>, {nomDuGenre(row.genre).toLowerCase()}</>}
      <span className="fr-sr-only"> ({row.financements.join(", ")})</span>
    </Lien>
  );
}

function Operation({ row, search, modifiee }: { row: ConventionLigne; search: string; modifiee: boolean }) {
  return (
    <div className="ap-ligne__operation">
      <Nom row={row} search={search} />
      <span className="ap-ligne__detail">
        Op. <Surligne texte={row.operation.numero} recherche={search} />
        {row.numero ? (
          <>
            {" "}
            · Conv. <Surligne texte={row.numero} recherche={search} />
          </>
        ) : null}
      </span>
      {row.nb_commentaires_ouverts > 0 ? (
        <span className="ap-ligne__detail">
          {compte(row.nb_commentaires_ouverts, "commentaire")} {accord(row.nb_commentaires_ouverts, "ouvert")}
        </span>
      ) : null}
      {modifiee ? <span className="ap-ligne__detail ap-ligne__modifiee">Modifié depuis votre visite</span> : null}
    </div>
  );
}

export function Tableau({ lignes, recherche, coteBailleur, compact, occupe, tri, onTri }: Props) {
  const changed = useModifiees(lignes.map(({ uuid }) => uuid));
  const columns: Colonne<ConventionLigne>[] = [
    { cle: "statut", titre: "Statut", triable: true, rendu: (row) => <Statut row={row} /> },
    {
      cle: "operation",
      titre: "Opération",
      enTete: true,
      className: "ap-colonne--large",
      rendu: (row) => <Operation row={row} search={recherche} modifiee={changed.has(row.uuid)} />,
    },
    coteBailleur
      ? {
          cle: "administration",
          titre: "Instructeur",
          className: "ap-colonne--moyenne",
          rendu: (row) => row.administration?.nom ?? "–",
        }
      : {
          cle: "bailleur",
          titre: "Bailleur",
          triable: true,
          className: "ap-colonne--moyenne",
          rendu: (row) => <Surligne texte={row.bailleur.nom} recherche={recherche} />,
        },
    { cle: "financement", titre: "Financement", rendu: (row) => row.financements.join(", ") },
    {
      cle: "ville",
      titre: "Commune",
      triable: true,
      rendu: (row) => (
        <>
          <Surligne texte={row.ville} recherche={recherche} />{" "}
          <span className="ap-mention ap-nombre">{row.code_postal}</span>
        </>
      ),
    },
    {
      cle: "nb_logements",
      titre: <abbr title="Nombre de logements">Logts</abbr>,
      triable: true,
      numerique: true,
      rendu: (row) => row.nb_logements,
    },
    {
      cle: "date_signature",
      titre: "Signature",
      triable: true,
      className: "ap-cellule--serree",
      rendu: (row) => formatDate(row.date_signature) || "–",
    },
  ];
  return (
    <DataTable
      legende="Conventions et avenants"
      colonnes={columns}
      lignes={lignes}
      cleDe={(row) => row.uuid}
      compact={compact}
      occupe={occupe}
      tri={sensDuTri(tri)}
      onTri={({ cle, sens }) => onTri(sens === "desc" ? `-${cle}` : cle)}
      carte={(row) => (
        <Carte row={row} search={recherche} coteBailleur={coteBailleur} modifiee={changed.has(row.uuid)} />
      )}
    />
  );
}

type CarteProps = { row: ConventionLigne; search: string; coteBailleur: boolean; modifiee: boolean };

function Carte({ row, search, coteBailleur, modifiee }: CarteProps) {
  const facts = [
    row.financements.join(", "),
    `${row.ville} (${row.code_postal})`,
    compte(row.nb_logements, "logement"),
    coteBailleur ? row.administration?.nom : row.bailleur.nom,
    row.date_signature ? `signée le ${formatDate(row.date_signature)}` : null,
  ].filter(Boolean);
  return (
    <div className="ap-ligne__carte">
      <Statut row={row} />
      <Operation row={row} search={search} modifiee={modifiee} />
      <p className="ap-ligne__faits">{facts.join(" · ")}</p>
    </div>
  );
}
