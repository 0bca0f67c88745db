/**
 * One field of a step, drawn from its description: an input when the reader may change it, its value as text otherwise.
 * The comments of the field are described to screen readers with it.
 */
import type { ReactNode } from "react";
import type { Saisie } from "../../api/brouillon";
import { cx } from "../../lib/cx";
import { jourDeParis } from "../../lib/dates";
import type { ChampEtape, ValeurChamp } from "./api";
import { enMots, estTable, idDuChamp, resteAEcrire } from "./champs";
import { lignesDe } from "./lignes";
import { TableLignes } from "./TableLignes";

type Props = {
  champ: ChampEtape;
  saisie: Saisie;
  /** Value of the server, for a field that is only read. */
  valeur: ValeurChamp | undefined;
  modifie: boolean;
  erreur?: string;
  onChange: (saisie: Saisie) => void;
  onFocus: () => void;
  /** Why this field is closed while others are open. */
  mention?: string | null;
  /** Thread of the field, beside it on a large screen, under it on a phone. */
  fil?: ReactNode;
  /** Id of the thread, read with the field. */
  idFil?: string;
  /** Errors of the step: a table finds those of its cells there. */
  erreurs?: Readonly<Record<string, string>>;
  version?: number;
  /** Command beside a value that is only read. */
  commande?: ReactNode;
};

export function Champ(props: Props) {
  const { champ, fil } = props;
  if (estTable(champ)) return <ChampTable {...props} />;
  return (
    <div className={cx("ap-saisie", fil ? "ap-saisie--commente" : null)}>
      <div className="ap-saisie__principal">{champ.modifiable ? <Entree {...props} /> : <Lecture {...props} />}</div>
      {fil ? <div className="ap-saisie__fil">{fil}</div> : null}
    </div>
  );
}

/** A table takes the whole width: its comments stand above it. */
function ChampTable(props: Props) {
  const { champ, saisie, modifie, erreur, erreurs, onChange, onFocus, mention, fil, idFil, version = 0 } = props;
  return (
    <div className={cx("ap-saisie ap-saisie--table", fil ? "ap-saisie--commente" : null)}>
      {fil ? <div className="ap-saisie__fil">{fil}</div> : null}
      <TableLignes
        champ={champ}
        lignes={lignesDe(champ, saisie)}
        modifie={modifie}
        erreur={erreur}
        erreurs={erreurs ?? {}}
        onChange={onChange}
        onFocus={onFocus}
        mention={mention ?? null}
        idFil={idFil}
        version={version}
      />
    </div>
  );
}

/** Value as text: never a greyed input. Still a target for links. */
export function Lecture({
  champ,
  valeur,
  mention,
  idFil,
  commande,
}: Pick<Props, "champ" | "valeur" | "mention" | "idFil" | "commande">) {
  const text = enMots(champ, valeur);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a value to read, not the fields of a form, which fieldset would announce
    <div
      id={idDuChamp(champ.cle)}
      tabIndex={-1}
      role="group"
      aria-label={champ.libelle}
      aria-describedby={idFil}
      className="ap-saisie__lecture"
    >
      <p className="ap-saisie__libelle">{champ.libelle}</p>
      {text ? (
        <p className="ap-saisie__valeur">{text}</p>
      ) : (
        <p className="ap-saisie__valeur ap-mention">Non renseigné</p>
      )}
      {mention ? (
        <p className="ap-saisie__mention">
          <span className="fr-icon-lock-line fr-icon--sm" aria-hidden="true" />
          {mention}
        </p>
      ) : null}
      {commande ? <div className="ap-saisie__commande">{commande}</div> : null}
    </div>
  );
}

function Entree(props: Props) {
  const { champ, erreur } = props;
  const id = idDuChamp(champ.cle);
  if (champ.type === "booleen") return <Coche {...props} />;
  const description = [aideDe(champ) ? `${id}-aide` : "", erreur ? `${id}-erreur` : "", props.idFil ?? ""]
    .filter(Boolean)
    .join(" ");
  return (
    <div
      className={cx(
        champ.type === "choix" ? "fr-select-group" : "fr-input-group",
        erreur && (champ.type === "choix" ? "fr-select-group--error" : "fr-input-group--error"),
      )}
    >
      <label className="fr-label" htmlFor={id}>
        {champ.libelle}
        {champ.requis ? <Requis /> : null}
        {aideDe(champ) ? (
          <span id={`${id}-aide`} className="fr-hint-text">
            {aideDe(champ)}
          </span>
        ) : null}
      </label>
      <Controle {...props} description={description} />
      <Dessous {...props} />
    </div>
  );
}

const Requis = () => (
  <>
    <span aria-hidden="true" className="ap-saisie__requis">
      {" "}
      *
    </span>
    <span className="fr-sr-only"> (obligatoire)</span>
  </>
);

/** Help and example, in one sentence under the label. */
function aideDe({ aide, exemple }: ChampEtape): string {
  return [aide, exemple ? `Exemple : ${exemple}` : ""].filter(Boolean).join(" ");
}

type ControleProps = Props & { description: string };

function Controle({ champ, saisie, erreur, onChange, onFocus, description }: ControleProps) {
  const common = {
    id: idDuChamp(champ.cle),
    name: champ.cle,
    onFocus,
    "aria-describedby": description || undefined,
    "aria-invalid": erreur ? (true as const) : undefined,
    "aria-required": champ.requis || undefined,
    value: String(saisie),
  };
  switch (champ.type) {
    case "texte_long":
      return (
        <textarea
          {...common}
          className="fr-input ap-saisie__texte"
          rows={lignes(String(saisie))}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case "choix":
      return (
        <select {...common} className="fr-select" onChange={(event) => onChange(event.target.value)}>
          {/* Nothing chosen yet: once a value is saved it can be replaced, not removed. */}
          {saisie === "" || !champ.choix.some(({ valeur }) => valeur === saisie) ? (
            <option value={String(saisie)}>Choisir une valeur</option>
          ) : null}
          {champ.choix.map(({ valeur, libelle }) => (
            <option key={valeur} value={valeur}>
              {libelle}
            </option>
          ))}
        </select>
      );
    case "date":
      return (
        <input
          {...common}
          className="fr-input ap-saisie__court"
          type="date"
          max={`${Number(jourDeParis(new Date()).slice(0, 4)) + 200}-12-31`}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case "entier":
    case "annee":
    case "decimal":
      return (
        <input
          {...common}
          className="fr-input ap-saisie__court"
          type="text"
          inputMode={champ.type === "decimal" ? "decimal" : "numeric"}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
        />
      );
    default:
      return (
        <input
          {...common}
          className={cx("fr-input", court(champ) && "ap-saisie__court")}
          type="text"
          autoComplete="off"
          inputMode={chiffres(champ) ? "numeric" : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

const court = ({ max }: ChampEtape): boolean => max !== undefined && max <= 20;
const chiffres = ({ motif }: ChampEtape): boolean =>
  motif !== undefined && /^\^?(\[0-9\]|\\d)(\{\d+(,\d*)?\}|[+*])\$?$/.test(motif);
const lignes = (text: string): number => Math.min(12, Math.max(3, text.split("\n").length + 1));

function Dessous({ champ, saisie, erreur, modifie }: Props) {
  const id = idDuChamp(champ.cle);
  const counter = resteAEcrire(champ, saisie);
  return (
    <div className="ap-saisie__dessous" aria-live="off">
      {erreur ? (
        <p id={`${id}-erreur`} className="fr-error-text">
          {erreur}
        </p>
      ) : null}
      {modifie && !erreur ? <p className="ap-saisie__modifie">Modifié, pas encore enregistré</p> : null}
      {counter ? <p className="ap-saisie__compteur">{counter}</p> : null}
    </div>
  );
}

function Coche({ champ, saisie, erreur, modifie, onChange, onFocus, idFil }: Props) {
  const id = idDuChamp(champ.cle);
  const description = [erreur ? `${id}-erreur` : "", idFil ?? ""].filter(Boolean).join(" ");
  return (
    <div className={cx("fr-checkbox-group", erreur && "fr-checkbox-group--error")}>
      <input
        id={id}
        name={champ.cle}
        type="checkbox"
        checked={saisie === true}
        onFocus={onFocus}
        aria-describedby={description || undefined}
        aria-invalid={erreur ? true : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label className="fr-label" htmlFor={id}>
        {champ.libelle}
        {aideDe(champ) ? <span className="fr-hint-text">{aideDe(champ)}</span> : null}
      </label>
      {erreur ? (
        <p id={`${id}-erreur`} className="fr-error-text">
          {erreur}
        </p>
      ) : null}
      {modifie && !erreur ? <p className="ap-saisie__modifie">Modifié, pas encore enregistré</p> : null}
    </div>
  );
}
