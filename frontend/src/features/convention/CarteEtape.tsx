/** One step of the récapitulatif: fields as terms and values, tables with caption and totals, « Modifier » when allowed. */
import { type ReactNode, useId, useState } from "react";
import type { Carte, EtapeResumee, PointCompletude, Tableau } from "../../api/convention";
import { cx } from "../../lib/cx";
import { compte } from "../../lib/nombres";
import { type Colonne, DataTable } from "../../ui/DataTable";
import { Lien } from "../../ui/Lien";
import { TableauImprime, useImpression } from "./Impression";
import { commentairesDEtape, conseilles, estRepliable, etatDEtape, LIGNES_VISIBLES } from "./rules";

export type Emplacements = {
  /** Id of the row of a field or table. */
  ancre: (cible: string) => string;
  /** Button of the comments of a field or table; null when there is nothing to read nor to write. */
  bouton: (cible: string, libelle: string) => ReactNode;
  /** Field whose thread is open. */
  selection: string | null;
  /** Field kept by the filter. */
  garde: (cible: string) => boolean;
};

type Props = {
  carte: Carte;
  etape: EtapeResumee | undefined;
  points: readonly PointCompletude[];
  preparation: boolean;
  ouverte: boolean;
  onBasculer: () => void;
  emplacements: Emplacements;
  /** Commented fields of this step that the card does not show. */
  autres: readonly { cible: string; libelle: string }[];
};

export function CarteEtape({ carte, etape, points, preparation, ouverte, onBasculer, emplacements, autres }: Props) {
  const id = useId();
  const state = etape ? etatDEtape(etape, preparation, conseilles(points, etape.code)) : null;
  const comments = etape ? commentairesDEtape(etape) : "";
  const fields = carte.champs.filter(({ cle }) => emplacements.garde(cle));
  const tables = carte.tableaux.filter(({ cle }) => emplacements.garde(cle));
  return (
    <section
      id={carte.etape}
      tabIndex={-1}
      aria-labelledby={`${id}-titre`}
      className={cx("ap-carte-etape", ouverte && "ap-carte-etape--ouverte")}
    >
      <header className="ap-carte-etape__tete">
        <h2 id={`${id}-titre`} className="ap-carte-etape__titre">
          <button type="button" aria-expanded={ouverte} aria-controls={`${id}-corps`} onClick={onBasculer}>
            <span className="fr-icon-arrow-right-s-line ap-carte-etape__chevron" aria-hidden="true" />
            {carte.titre}
          </button>
        </h2>
        {state || comments ? (
          <p className={cx("ap-carte-etape__etat", etape && etape.nb_points > 0 && "ap-carte-etape__etat--manque")}>
            {[state, comments].filter(Boolean).join(" · ")}
          </p>
        ) : null}
        {etape?.disponible && etape.modifiable ? (
          <Lien
            to={etape.lien}
            className="fr-btn fr-btn--sm fr-btn--tertiary fr-btn--icon-left fr-icon-edit-line ap-ecran"
          >
            Modifier<span className="fr-sr-only"> l’étape {carte.titre}</span>
          </Lien>
        ) : null}
      </header>
      <div id={`${id}-corps`} className="ap-carte-etape__corps">
        {points.length > 0 ? <Points points={points} /> : null}
        {fields.length > 0 ? <Champs champs={fields} emplacements={emplacements} /> : null}
        {tables.map((table) => (
          <TableauCarte key={table.cle} tableau={table} emplacements={emplacements} />
        ))}
        {autres.length > 0 ? (
          <Champs
            champs={autres.map(({ cible, libelle }) => ({
              cle: cible,
              libelle,
              valeur: "",
              commentable: true,
              absent: true,
            }))}
            emplacements={emplacements}
          />
        ) : null}
        {fields.length + tables.length + autres.length === 0 ? (
          <p className="ap-mention fr-mb-0">Rien à afficher dans cette étape.</p>
        ) : null}
      </div>
    </section>
  );
}

function Points({ points }: { points: readonly PointCompletude[] }) {
  return (
    <ul className="fr-raw-list ap-carte-etape__points">
      {points.map((point) => (
        <li key={`${point.code}${point.libelle}`}>
          <span
            className={cx(
              "fr-icon--sm",
              point.niveau === "B" ? "fr-icon-error-warning-line" : "fr-icon-information-line",
            )}
            aria-hidden="true"
          />
          <span>
            {point.libelle}
            {point.niveau === "C" ? <span className="ap-mention"> (conseillé)</span> : null}
          </span>
        </li>
      ))}
    </ul>
  );
}

type ChampAffiche = Carte["champs"][number] & { absent?: boolean };

function Champs({ champs, emplacements }: { champs: readonly ChampAffiche[]; emplacements: Emplacements }) {
  return (
    <dl className="ap-champs">
      {champs.map(({ cle, libelle, valeur, commentable, absent }, index) => {
        const first = cle !== "" && champs.findIndex((field) => field.cle === cle) === index;
        return (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: the same target may be shown once per lot, its position is part of its identity
            key={`${cle}${libelle}${index}`}
            id={first ? emplacements.ancre(cle) : undefined}
            className={cx("ap-champ", cle !== "" && cle === emplacements.selection && "ap-champ--selection")}
          >
            <dt>{libelle}</dt>
            <dd className="ap-champ__valeur">
              {valeur || (
                <span className="ap-champ__vide">{absent ? "Non affiché dans le récapitulatif" : "Non renseigné"}</span>
              )}
            </dd>
            <dd className="ap-champ__commentaire ap-ecran">
              {commentable && first ? emplacements.bouton(cle, libelle) : null}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

type Ligne = Tableau["lignes"][number];

function TableauCarte({ tableau, emplacements }: { tableau: Tableau; emplacements: Emplacements }) {
  const { cle, titre, colonnes, lignes, total } = tableau;
  const [open, setOpen] = useState(false);
  const printing = useImpression();
  const folded = estRepliable(lignes.length) && !open;
  const columns: Colonne<Ligne>[] = colonnes.map((column, index) => ({
    cle: column.cle,
    titre: column.libelle,
    numerique: column.numerique,
    enTete: index === 0,
    rendu: (row) => row.cellules[index] || <span className="ap-mention">–</span>,
  }));
  return (
    <div
      id={emplacements.ancre(cle)}
      className={cx(
        "ap-tableau-carte",
        folded && "ap-tableau-carte--replie",
        cle === emplacements.selection && "ap-champ--selection",
      )}
    >
      <div className="ap-tableau-carte__tete">
        <h3 className="fr-text--md fr-mb-0">
          {titre}
          {lignes.length > 0 ? <span className="ap-mention"> ({compte(lignes.length, "ligne")})</span> : null}
        </h3>
        <span className="ap-ecran">{emplacements.bouton(cle, titre)}</span>
      </div>
      {printing && lignes.length > 0 ? (
        <TableauImprime tableau={tableau} />
      ) : (
        <DataTable
          compact
          legende={titre}
          colonnes={columns}
          lignes={lignes}
          cleDe={(row) => row.uuid}
          total={total && total.length > 0 ? total : undefined}
          vide={<p className="ap-champ__vide">Aucune ligne.</p>}
        />
      )}
      {estRepliable(lignes.length) ? (
        <button
          type="button"
          className="fr-btn fr-btn--sm fr-btn--tertiary-no-outline ap-ecran"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? `N’afficher que ${LIGNES_VISIBLES} lignes` : `Afficher les ${lignes.length} lignes`}
        </button>
      ) : null}
    </div>
  );
}
