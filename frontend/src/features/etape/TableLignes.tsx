/**
 * Table of rows to type in: one input per cell, one card per row on a phone. Rows are added, duplicated, deleted (with a
 * way back), pasted from a spreadsheet. In a mixte convention the rows are shared out between the lots.
 *
 * The rows belong to the form: this component only asks for changes, and keeps the last deletion to undo it.
 */
import { type ClipboardEvent, useEffect, useRef, useState } from "react";
import type { LigneSaisie, SaisieSimple } from "../../api/brouillon";
import { cx } from "../../lib/cx";
import { accord, compte, formatDecimal } from "../../lib/nombres";
import { useEstPetitEcran } from "../../lib/useMediaQuery";
import { useAnnonce } from "../../ui/Annonces";
import { allerAuChamp } from "../../ui/ErrorSummary";
import type { ChampEtape } from "./api";
import { CelluleSaisie } from "./CelluleSaisie";
import { idDuChamp } from "./champs";
import {
  ajouterLigne,
  changerCellule,
  cleCellule,
  collerBloc,
  colonneAffichee,
  dupliquerLigne,
  estUnBloc,
  retirerLigne,
  tableDe,
  totalColonne,
} from "./lignes";
import { enMotsSimple } from "./valeurs";

type Props = {
  champ: ChampEtape;
  lignes: LigneSaisie[];
  modifie: boolean;
  /** About the whole table. */
  erreur?: string;
  /** By address of cell. */
  erreurs: Readonly<Record<string, string>>;
  onChange: (lignes: LigneSaisie[]) => void;
  onFocus: () => void;
  mention: string | null;
  idFil?: string;
  /** Version of the step: what was deleted before a save cannot come back after it. */
  version: number;
};

/** What a change has replaced, as long as nothing else has moved. */
type Retour = { avant: LigneSaisie[]; cles: string; version: number; phrase: string };
const clesDe = (rows: readonly LigneSaisie[]): string => rows.map(({ cle }) => cle).join();

/** A block of rows: the whole table, or those of one lot. */
type Groupe = { cle: string; titre: string | null; lignes: LigneSaisie[]; valeurs: Record<string, string> };

export function TableLignes(props: Props) {
  const { champ, lignes, modifie, erreur, onChange, idFil, mention, version } = props;
  const table = tableDe(champ);
  const small = useEstPetitEcran();
  const annoncer = useAnnonce();
  const id = idDuChamp(champ.cle);
  const [retour, setRetour] = useState<Retour | null>(null);
  const viser = useFocusApresDessin();
  const first = (cle: string) => idDuChamp(cleCellule(champ.cle, cle, table.colonnes[0]?.cle ?? ""));
  const noun = table.ligne.toLowerCase();

  const changer = (next: LigneSaisie[], phrase: string | null = null) => {
    setRetour(phrase === null ? null : { avant: lignes, cles: clesDe(next), version, phrase });
    onChange(next);
  };
  const ajouter = (valeurs: Record<string, string>) => {
    const { lignes: next, cle } = ajouterLigne(champ, lignes, valeurs);
    changer(next);
    viser(first(cle));
    annoncer(`Ligne ${next.length} ajoutée.`);
  };
  const dupliquer = (cle: string) => {
    const { lignes: next, cle: copy } = dupliquerLigne(champ, lignes, cle);
    changer(next);
    viser(first(copy));
    annoncer("Ligne dupliquée.");
  };
  const retirer = (cle: string) => {
    const rank = lignes.findIndex((row) => row.cle === cle);
    const next = retirerLigne(lignes, cle);
    changer(next, `Ligne ${rank + 1} supprimée. Elle le sera vraiment à l’enregistrement.`);
    viser(`${id}-annuler`);
    annoncer(`Ligne ${rank + 1} supprimée. Vous pouvez annuler.`);
  };
  const coller = (event: ClipboardEvent, cle: string, colonne: string) => {
    const text = event.clipboardData.getData("text/plain");
    if (!estUnBloc(text)) return;
    event.preventDefault();
    const { lignes: next, collees, laissees } = collerBloc(champ, lignes, { cle, colonne }, text);
    const left =
      laissees > 0
        ? ` ${compte(laissees, "cellule")} hors du tableau ${accord(laissees, "n’a", "n’ont")} pas de place.`
        : "";
    const phrase = `${compte(collees, "cellule")} ${accord(collees, "collée")}.${left}`;
    changer(next, phrase);
    annoncer(phrase);
  };
  const undoable = retour !== null && retour.version === version && retour.cles === clesDe(lignes) ? retour : null;
  const annuler = () => {
    if (!undoable) return;
    const back = undoable.avant.find((row) => !lignes.some(({ cle }) => cle === row.cle));
    onChange(undoable.avant);
    setRetour(null);
    viser(back ? first(back.cle) : id);
    annoncer("Changement annulé.");
  };

  const blocProps = {
    ...props,
    small,
    onCellule: (cle: string, colonne: string, saisie: SaisieSimple) => {
      changer(changerCellule(lignes, cle, colonne, saisie));
      if (colonne === table.groupe) viser(idDuChamp(cleCellule(champ.cle, cle, colonne)));
    },
    onColler: coller,
    onDupliquer: dupliquer,
    onRetirer: retirer,
    onAjouter: ajouter,
    numeroDe: (cle: string) => lignes.findIndex((row) => row.cle === cle) + 1,
    pleine: lignes.length >= table.max,
  };
  return (
    <section
      id={id}
      tabIndex={-1}
      className={cx("ap-lignes", erreur && "ap-lignes--erreur")}
      aria-label={champ.libelle}
      aria-describedby={[erreur ? `${id}-erreur` : "", idFil ?? ""].filter(Boolean).join(" ") || undefined}
    >
      <h3 className="ap-lignes__titre fr-h6">
        {champ.libelle} <span className="ap-lignes__compte">{compte(lignes.length, "ligne")}</span>
      </h3>
      {champ.aide ? <p className="fr-hint-text">{champ.aide}</p> : null}
      {mention && !champ.modifiable ? (
        <p className="ap-saisie__mention">
          <span className="fr-icon-lock-line fr-icon--sm" aria-hidden="true" />
          {mention}
        </p>
      ) : null}
      {erreur ? (
        <p id={`${id}-erreur`} className="fr-error-text fr-mb-2w">
          {erreur}
        </p>
      ) : null}
      {groupesDe(champ, lignes).map((groupe) =>
        groupe.titre === null ? (
          <Bloc key={groupe.cle} groupe={groupe} {...blocProps} />
        ) : (
          <details key={groupe.cle} open className="ap-lignes__lot">
            <summary>
              <span className="ap-lignes__lot-titre">{groupe.titre}</span>
              <span className="ap-lignes__compte">{compte(groupe.lignes.length, "ligne")}</span>
            </summary>
            <Bloc groupe={groupe} {...blocProps} />
          </details>
        ),
      )}
      {undoable ? (
        <p className="ap-lignes__annuler">
          <span>{undoable.phrase}</span>
          <button id={`${id}-annuler`} type="button" className="fr-btn fr-btn--sm fr-btn--tertiary" onClick={annuler}>
            Annuler
          </button>
        </p>
      ) : null}
      {champ.modifiable && lignes.length > 0 && !small ? (
        <p className="fr-hint-text ap-lignes__collage">
          Vous pouvez coller un bloc de cellules copié depuis un tableur : placez-vous dans la première cellule.
        </p>
      ) : null}
      {lignes.length >= table.max && champ.modifiable ? (
        <p className="fr-hint-text">
          Le tableau compte au plus {compte(table.max, "ligne")} : supprimez-en pour ajouter un autre {noun}.
        </p>
      ) : null}
      {modifie && !erreur ? <p className="ap-saisie__modifie">Modifié, pas encore enregistré</p> : null}
    </section>
  );
}

/** One block per lot when there are several, in the order of the lots; rows without a lot come last. */
function groupesDe(champ: ChampEtape, lignes: LigneSaisie[]): Groupe[] {
  const { groupe, colonnes } = tableDe(champ);
  const column = colonnes.find(({ cle }) => cle === groupe);
  if (!groupe || !column || column.choix.length < 2) return [{ cle: "toutes", titre: null, lignes, valeurs: {} }];
  const lots = column.choix.map(({ valeur, libelle }) => ({
    cle: valeur,
    titre: libelle,
    lignes: lignes.filter((row) => row.valeurs[groupe] === valeur),
    valeurs: { [groupe]: valeur },
  }));
  const known = new Set(column.choix.map(({ valeur }) => valeur));
  const others = lignes.filter((row) => !known.has(String(row.valeurs[groupe])));
  return others.length > 0
    ? [...lots, { cle: "", titre: `Sans ${column.libelle.toLowerCase()}`, lignes: others, valeurs: {} }]
    : lots;
}

type BlocProps = Props & {
  groupe: Groupe;
  small: boolean;
  onCellule: (cle: string, colonne: string, saisie: SaisieSimple) => void;
  onColler: (event: ClipboardEvent, cle: string, colonne: string) => void;
  onDupliquer: (cle: string) => void;
  onRetirer: (cle: string) => void;
  onAjouter: (valeurs: Record<string, string>) => void;
  numeroDe: (cle: string) => number;
  pleine: boolean;
};

function Bloc(props: BlocProps) {
  const { champ, groupe, small, onAjouter, pleine } = props;
  const table = tableDe(champ);
  const where = groupe.titre ? `, ${groupe.titre}` : "";
  return (
    <>
      {groupe.lignes.length === 0 ? (
        <p className="ap-lignes__vide ap-mention">{champ.modifiable ? "Aucune ligne saisie." : "Non renseigné"}</p>
      ) : small ? (
        <Cartes {...props} />
      ) : (
        <Grille {...props} />
      )}
      {champ.modifiable && !pleine ? (
        <button
          type="button"
          className="fr-btn fr-btn--sm fr-btn--secondary fr-btn--icon-left fr-icon-add-line ap-lignes__ajouter"
          onClick={() => onAjouter(groupe.valeurs)}
        >
          Ajouter une ligne<span className="fr-sr-only"> : {table.ligne.toLowerCase() + where}</span>
        </button>
      ) : null}
    </>
  );
}

/** Columns with a place of their own; one that a condition shows stands under the column it depends on. */
const principales = (columns: readonly ChampEtape[]): ChampEtape[] => columns.filter(({ affiche_si }) => !affiche_si);
const sous = (columns: readonly ChampEtape[], column: ChampEtape, row: LigneSaisie): ChampEtape[] =>
  columns.filter((other) => other.affiche_si?.champ === column.cle && colonneAffichee(other, row));

const estNombre = ({ type }: ChampEtape): boolean => type === "entier" || type === "decimal";

function Grille(props: BlocProps) {
  const { champ, groupe, erreurs, numeroDe } = props;
  const { colonnes } = tableDe(champ);
  const columns = principales(colonnes);
  return (
    <div className="ap-lignes__defilement">
      <table className="ap-lignes__table">
        <caption className="fr-sr-only">{groupe.titre ? `${champ.libelle}, ${groupe.titre}` : champ.libelle}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="fr-sr-only">Ligne</span>
            </th>
            {columns.map((column) => (
              <th
                key={column.cle}
                scope="col"
                className={cx(`ap-lignes__col--${column.type}`, estNombre(column) && "ap-lignes__nombre")}
              >
                {column.libelle}
                {column.requis && champ.modifiable ? (
                  <span className="ap-saisie__requis" aria-hidden="true">
                    {" *"}
                  </span>
                ) : null}
              </th>
            ))}
            {champ.modifiable ? (
              <th scope="col">
                <span className="fr-sr-only">Commandes</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {groupe.lignes.map((row) => {
            const messages = messagesDe(champ, row, erreurs);
            return (
              <tr key={row.cle} className={messages.length > 0 ? "ap-lignes__ligne--erreur" : undefined}>
                <th scope="row">
                  <span className="fr-sr-only">Ligne </span>
                  {numeroDe(row.cle)}
                </th>
                {columns.map((column) => (
                  <td key={column.cle} className={estNombre(column) ? "ap-lignes__nombre" : undefined}>
                    {[column, ...sous(colonnes, column, row)].map((shown) => (
                      <UneCellule key={shown.cle} {...props} colonne={shown} ligne={row} visible={shown !== column} />
                    ))}
                  </td>
                ))}
                {champ.modifiable ? (
                  <td className="ap-lignes__commandes">
                    <Commandes {...props} ligne={row} />
                  </td>
                ) : null}
              </tr>
            );
          })}
        </tbody>
        <Total champ={champ} colonnes={columns} lignes={groupe.lignes} />
      </table>
    </div>
  );
}

function Total({ champ, colonnes, lignes }: { champ: ChampEtape; colonnes: ChampEtape[]; lignes: LigneSaisie[] }) {
  if (!colonnes.some(({ total }) => total)) return null;
  return (
    <tfoot>
      <tr>
        <th scope="row" colSpan={2}>
          Total
        </th>
        {colonnes.slice(1).map((column) => {
          const sum = column.total ? totalColonne(column, lignes) : null;
          return (
            <td key={column.cle} className={estNombre(column) ? "ap-lignes__nombre" : undefined}>
              {sum === null ? "" : formatDecimal(sum, 2)}
            </td>
          );
        })}
        {champ.modifiable ? <td /> : null}
      </tr>
    </tfoot>
  );
}

function Cartes(props: BlocProps) {
  const { champ, groupe, numeroDe } = props;
  const { colonnes, ligne: noun } = tableDe(champ);
  return (
    <>
      <ul className="ap-lignes__cartes fr-raw-list" aria-label={groupe.titre ?? champ.libelle}>
        {groupe.lignes.map((row) => (
          <li key={row.cle} className="ap-lignes__carte">
            <p className="ap-lignes__carte-titre">
              {noun} {numeroDe(row.cle)}
            </p>
            {colonnes
              .filter((column) => colonneAffichee(column, row))
              .map((column) => (
                <UneCellule key={column.cle} {...props} colonne={column} ligne={row} visible />
              ))}
            {champ.modifiable ? <Commandes {...props} ligne={row} enMots /> : null}
          </li>
        ))}
      </ul>
      {colonnes
        .filter(({ total }) => total)
        .map((column) => {
          const sum = totalColonne(column, groupe.lignes);
          return sum === null ? null : (
            <p key={column.cle} className="ap-lignes__total">
              Total {column.libelle} : <strong>{formatDecimal(sum, 2)}</strong>
            </p>
          );
        })}
    </>
  );
}

function messagesDe(champ: ChampEtape, row: LigneSaisie, erreurs: Readonly<Record<string, string>>): string[] {
  return tableDe(champ).colonnes.flatMap(({ cle }) => erreurs[cleCellule(champ.cle, row.cle, cle)] ?? []);
}

type UneCelluleProps = BlocProps & { colonne: ChampEtape; ligne: LigneSaisie; visible: boolean };

function UneCellule(props: UneCelluleProps) {
  const { champ, colonne, ligne, visible, erreurs, onFocus, onCellule, onColler, numeroDe } = props;
  const address = cleCellule(champ.cle, ligne.cle, colonne.cle);
  if (!champ.modifiable) {
    const text = enMotsSimple(colonne, ligne.valeurs[colonne.cle] ?? "");
    if (!visible) return <>{text || <span className="ap-mention">Non renseigné</span>}</>;
    return (
      <p className="ap-lignes__lecture">
        <span className="ap-saisie__libelle">{colonne.libelle}</span> {text || "Non renseigné"}
      </p>
    );
  }
  return (
    <CelluleSaisie
      id={idDuChamp(address)}
      colonne={colonne}
      ligne={ligne}
      numero={numeroDe(ligne.cle)}
      libelleVisible={visible}
      erreur={erreurs[address]}
      onFocus={onFocus}
      onChange={(saisie) => onCellule(ligne.cle, colonne.cle, saisie)}
      onColler={(event) => onColler(event, ligne.cle, colonne.cle)}
    />
  );
}

function Commandes(props: BlocProps & { ligne: LigneSaisie; enMots?: boolean }) {
  const { ligne, enMots = false, numeroDe, onDupliquer, onRetirer, pleine } = props;
  const number = numeroDe(ligne.cle);
  const style = (icon: string) =>
    cx(`fr-btn fr-btn--sm fr-btn--tertiary-no-outline ${icon}`, enMots && "fr-btn--icon-left");
  return (
    <div className="ap-lignes__boutons">
      {pleine ? null : (
        <button
          type="button"
          className={style("fr-icon-clipboard-line")}
          title={`Dupliquer la ligne ${number}`}
          onClick={() => onDupliquer(ligne.cle)}
        >
          Dupliquer<span className="fr-sr-only"> la ligne {number}</span>
        </button>
      )}
      <button
        type="button"
        className={style("fr-icon-delete-line")}
        title={`Supprimer la ligne ${number}`}
        onClick={() => onRetirer(ligne.cle)}
      >
        Supprimer<span className="fr-sr-only"> la ligne {number}</span>
      </button>
    </div>
  );
}

/** Focus on an element that the next drawing brings, or moves. */
function useFocusApresDessin(): (id: string) => void {
  const wanted = useRef<string | null>(null);
  const [, redraw] = useState(0);
  useEffect(() => {
    if (wanted.current === null) return;
    allerAuChamp(wanted.current);
    wanted.current = null;
  });
  return (id) => {
    wanted.current = id;
    redraw((n) => n + 1);
  };
}
