/** Input of one cell. Its label is read, and shown when no header of column says it. */
import type { ClipboardEvent } from "react";
import type { LigneSaisie, SaisieSimple } from "../../api/brouillon";
import { cx } from "../../lib/cx";
import type { ChampEtape } from "./api";
import { colonneRequise } from "./lignes";

type Props = {
  id: string;
  colonne: ChampEtape;
  ligne: LigneSaisie;
  /** Rank of the row, from 1. */
  numero: number;
  libelleVisible: boolean;
  erreur?: string;
  onChange: (saisie: SaisieSimple) => void;
  onFocus: () => void;
  onColler: (event: ClipboardEvent) => void;
};

export function CelluleSaisie(props: Props) {
  const { id, colonne, ligne, numero, libelleVisible, erreur } = props;
  const required = colonneRequise(colonne, ligne);
  return (
    <div className={cx("ap-cellule", erreur && "ap-cellule--erreur")}>
      <label className={libelleVisible ? "ap-cellule__libelle" : "fr-sr-only"} htmlFor={id}>
        {colonne.libelle}
        {required && libelleVisible ? (
          <span className="ap-saisie__requis" aria-hidden="true">
            {" *"}
          </span>
        ) : null}
        <span className="fr-sr-only">
          {required ? " (obligatoire)" : ""}, ligne {numero}
        </span>
      </label>
      <Entree {...props} required={required} />
      {erreur ? (
        <p id={`${id}-erreur`} className="ap-cellule__message fr-error-text">
          {sansLigne(erreur)}
        </p>
      ) : null}
    </div>
  );
}

/** Beside its cell, an error does not say its row nor its column again. */
const sansLigne = (message: string): string => {
  const [, rest = message] = /^Ligne \d+,[^:]*:\s*(.+)$/.exec(message) ?? [];
  const bare = rest.replace(/^Ligne \d+, /, "");
  return bare.charAt(0).toUpperCase() + bare.slice(1);
};

function Entree({ id, colonne, ligne, erreur, required, onChange, onFocus, onColler }: Props & { required: boolean }) {
  const value = ligne.valeurs[colonne.cle] ?? "";
  const common = {
    id,
    onFocus,
    onPaste: onColler,
    "aria-invalid": erreur ? (true as const) : undefined,
    "aria-describedby": erreur ? `${id}-erreur` : undefined,
  };
  if (colonne.type === "booleen") {
    return (
      <input
        {...common}
        type="checkbox"
        checked={value === true}
        onChange={(event) => onChange(event.target.checked)}
      />
    );
  }
  const text = { ...common, value: String(value), "aria-required": required || undefined };
  if (colonne.type === "choix") {
    return (
      <select {...text} className="fr-select" onChange={(event) => onChange(event.target.value)}>
        {String(value) === "" || !required || !colonne.choix.some(({ valeur }) => valeur === value) ? (
          <option value="">Choisir</option>
        ) : null}
        {colonne.choix.map(({ valeur, libelle }) => (
          <option key={valeur} value={valeur}>
            {libelle}
          </option>
        ))}
      </select>
    );
  }
  const number = colonne.type === "decimal" || colonne.type === "entier";
  return (
    <input
      {...text}
      className={cx("fr-input", number && "ap-cellule__nombre")}
      type={colonne.type === "date" ? "date" : "text"}
      inputMode={colonne.type === "decimal" ? "decimal" : number ? "numeric" : undefined}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
