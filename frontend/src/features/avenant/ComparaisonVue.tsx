/** Differences between two versions, block by block: before and after side by side, one under the other on a phone. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useState } from "react";
import { cx } from "../../lib/cx";
import { compte } from "../../lib/nombres";
import { type Colonne, DataTable } from "../../ui/DataTable";
import type { BlocCompare, Comparaison, LigneComparee, TableauCompare } from "./api";
import { resumeTableau, sortEnMots } from "./rules";

type Champ = BlocCompare["champs"][number];

/** Rows shown before the reader asks for the others. */
const LIGNES = 100;

type Props = {
  comparaison: Comparaison;
  complet: boolean;
  /** The blocks are types of an avenant, checked or not; otherwise a file is compared with itself. */
  types?: boolean;
};

export function ComparaisonVue({ comparaison, complet, types = true }: Props) {
  const blocks = comparaison.blocs.filter((bloc) => complet || bloc.change || (types && bloc.coche));
  return (
    <>
      {blocks.map((bloc) => (
        <Bloc key={bloc.type} bloc={bloc} types={types} />
      ))}
    </>
  );
}

function Bloc({ bloc, types }: { bloc: BlocCompare; types: boolean }) {
  const tables = bloc.tableaux.filter(({ lignes }) => lignes.length > 0);
  const id = `bloc-${bloc.type}`;
  return (
    <section id={id} tabIndex={-1} aria-labelledby={`${id}-titre`} className="ap-bloc-compare">
      <header className="ap-bloc-compare__tete">
        <h2 id={`${id}-titre`} className="fr-h5 fr-mb-0">
          {bloc.libelle}
        </h2>
        <p className="fr-mb-0 ap-mention">
          {types ? (bloc.coche ? "Coché, " : "Non coché, ") : ""}
          {bloc.nb_changements === 0 ? "aucun changement" : compte(bloc.nb_changements, "changement")}
        </p>
      </header>
      {bloc.champs.length > 0 ? (
        <DataTable
          legende={`${bloc.libelle}, champs`}
          colonnes={COLONNES_CHAMPS}
          lignes={bloc.champs}
          cleDe={(champ) => `${champ.cle}/${champ.lot}`}
          compact
        />
      ) : null}
      {tables.map((table) => (
        <Tableau key={table.table} tableau={table} />
      ))}
      {bloc.champs.length + tables.length === 0 ? (
        <p className="ap-mention fr-mb-0">Rien ne change dans cette rubrique.</p>
      ) : null}
    </section>
  );
}

/** The versions are named above: in a card of a phone the name would take the place of the value. */
const COLONNES_CHAMPS: Colonne<Champ>[] = [
  {
    cle: "champ",
    titre: "Champ",
    enTete: true,
    rendu: ({ libelle, lot, change }) => (
      <>
        {libelle}
        {lot ? ` (${lot})` : ""}
        {change ? null : <span className="ap-mention">, inchangé</span>}
      </>
    ),
  },
  { cle: "avant", titre: "Avant", rendu: ({ avant: value, change }) => <Valeur texte={value} barre={change} /> },
  { cle: "apres", titre: "Après", rendu: ({ apres: value, change }) => <Valeur texte={value} neuf={change} /> },
];

/** A value, struck or emphasised: an empty one is said. */
function Valeur({ texte, barre = false, neuf = false }: { texte: string; barre?: boolean; neuf?: boolean }) {
  if (texte.trim() === "") return <span className="ap-champ__vide">Non renseigné</span>;
  if (barre) return <del className="ap-compare__avant">{texte}</del>;
  if (neuf) return <ins className="ap-compare__apres">{texte}</ins>;
  return <span className="ap-compare__texte">{texte}</span>;
}

function Tableau({ tableau }: { tableau: TableauCompare }) {
  const [all, setAll] = useState(false);
  const shown = all ? tableau.lignes : tableau.lignes.slice(0, LIGNES);
  const rest = tableau.lignes.length - shown.length;
  const summary = [
    resumeTableau(tableau),
    tableau.inchangees > 0 ? compte(tableau.inchangees, "ligne inchangée", "lignes inchangées") : "",
  ]
    .filter(Boolean)
    .join(", ");
  return (
    <>
      <DataTable
        legende={`${tableau.titre}${summary ? ` : ${summary}` : ""}`}
        legendeVisible
        colonnes={colonnesDesLignes(tableau.table)}
        lignes={shown.map((ligne, rang) => ({ ...ligne, rang }))}
        cleDe={({ rang }) => String(rang)}
        classeLigne={({ sort }) => cx("ap-compare__ligne", `ap-compare__ligne--${sort}`)}
        compact
      />
      {rest > 0 ? (
        <Button priority="secondary" size="small" onClick={() => setAll(true)}>
          Afficher les {rest} autres lignes
        </Button>
      ) : null}
    </>
  );
}

const colonnesDesLignes = (table: string): Colonne<LigneComparee & { rang: number }>[] => [
  {
    cle: "ligne",
    titre: "Ligne",
    enTete: true,
    rendu: ({ nom, lot }) => (
      <>
        {nom || "Sans nom"}
        {lot ? <span className="ap-mention"> ({lot})</span> : null}
      </>
    ),
  },
  { cle: "sort", titre: "Changement", rendu: ({ sort }) => <Sort sort={sort} table={table} /> },
  {
    cle: "avant",
    titre: "Avant",
    rendu: (ligne) =>
      ligne.sort === "ajoutee" ? (
        <Absent />
      ) : ligne.sort === "inchangee" ? (
        <span className="ap-mention">Identique</span>
      ) : (
        <Cellule ligne={ligne} cote="avant" />
      ),
  },
  {
    cle: "apres",
    titre: "Après",
    rendu: (ligne) => (ligne.sort === "supprimee" ? <Absent /> : <Cellule ligne={ligne} cote="apres" />),
  },
];

const Absent = () => (
  <>
    <span aria-hidden="true">–</span>
    <span className="fr-sr-only">Absent</span>
  </>
);

function Sort({ sort, table }: { sort: LigneComparee["sort"]; table: string }) {
  const { mot, signe } = sortEnMots(sort, table);
  return (
    <span className={cx("ap-compare__sort", `ap-compare__sort--${sort}`)}>
      <span aria-hidden="true">{signe}</span> {mot}
    </span>
  );
}

/** Values of one side of a row: those that differ, or all of them when the row is on one side only. */
function Cellule({ ligne, cote }: { ligne: LigneComparee; cote: "avant" | "apres" }) {
  const changed = ligne.sort === "modifiee";
  return (
    <ul className={cx("fr-raw-list ap-compare__valeurs", !changed && "ap-compare__valeurs--suite")}>
      {ligne.champs
        .filter((champ) => changed || champ[cote].trim() !== "")
        .map((champ) => (
          <li key={champ.cle}>
            <span className="ap-mention">{champ.libelle}</span>{" "}
            <Valeur
              texte={champ[cote]}
              barre={cote === "avant" && ligne.sort !== "inchangee"}
              neuf={cote === "apres" && ligne.sort !== "inchangee"}
            />
          </li>
        ))}
    </ul>
  );
}
