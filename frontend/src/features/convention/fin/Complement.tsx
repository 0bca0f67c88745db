/** What a dialog asks beside its message: the number of the convention that ends, or the corrected day. */
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { type ActionDemandee, type Convention, useAvenants } from "../../../api/convention";
import { cx } from "../../../lib/cx";
import { formatDate, jourDeParis } from "../../../lib/dates";
import { ErrorState } from "../../../ui/ErrorState";
import {
  boutonTerminaison,
  CORRECTIONS,
  corpsDeCorrection,
  estTerminaison,
  lignesTouchees,
  memeNumero,
  numeroAConfirmer,
  refusDuJour,
} from "./rules";

export type Complement = {
  rendu: ReactNode;
  /** Button of the dialog; null: the one of the action. */
  bouton: string | null;
  corps: Partial<ActionDemandee>;
  /** True when nothing is missing; otherwise shows why and gives the focus to the field. */
  verifier: () => boolean;
};

const RIEN: Complement = { rendu: null, bouton: null, corps: {}, verifier: () => true };

export function useComplement(code: string, convention: Convention, opened: boolean): Complement {
  const ends = estTerminaison(code);
  const correction = CORRECTIONS[code];
  const stored = correction?.jour(convention) ?? "";
  const [saisie, setSaisie] = useState("");
  const [refus, setRefus] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a dialog that opens starts from what is stored
  useEffect(() => {
    setSaisie(stored);
    setRefus(null);
  }, [opened, code]);
  if (!ends && !correction) return RIEN;

  const wanted = ends ? numeroAConfirmer(convention) : null;
  const why = correction
    ? refusDuJour(correction, saisie, jourDeParis(new Date()))
    : wanted && !memeNumero(saisie, wanted)
      ? `Saisissez le numéro de la convention pour confirmer : ${wanted}.`
      : null;
  const change = (text: string) => {
    setRefus(null);
    setSaisie(text);
  };
  return {
    rendu: (
      <>
        {ends ? <Famille convention={convention} opened={opened} /> : null}
        {correction ? (
          <Champ
            ref={field}
            libelle={correction.libelle}
            aide={stored ? `Date enregistrée : ${formatDate(stored)}.` : ""}
            type="date"
            max={correction.futur ? undefined : jourDeParis(new Date())}
            {...{ saisie, refus, onSaisie: change }}
          />
        ) : wanted ? (
          <Champ
            ref={field}
            libelle="Numéro de la convention"
            aide={`Saisissez ${wanted} pour confirmer.`}
            type="text"
            {...{ saisie, refus, onSaisie: change }}
          />
        ) : null}
      </>
    ),
    bouton: ends ? boutonTerminaison(convention) : null,
    corps: correction ? corpsDeCorrection(correction, saisie) : {},
    verifier: () => {
      setRefus(why);
      if (why) field.current?.focus();
      return why === null;
    },
  };
}

/** Every row that ends, named, and the day. */
function Famille({ convention, opened }: { convention: Convention; opened: boolean }) {
  const family = useAvenants(convention.parent?.uuid ?? convention.uuid, opened);
  const day = formatDate(convention.fin?.date);
  const past = (convention.fin?.date ?? "") < jourDeParis(new Date());
  return (
    <div className="ap-partants">
      <p className="fr-mb-1w">
        <strong>{past ? `Prennent fin, avec effet au ${day} :` : `Prendront fin le ${day} :`}</strong>
      </p>
      {family.data ? (
        <ul className="ap-partants__liste" aria-label="Ce qui prend fin">
          {lignesTouchees(convention, family.data).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ) : family.error ? (
        <ErrorState compact titre="Les avenants n’ont pas pu être lus" erreur={family.error} />
      ) : (
        <p className="ap-mention fr-mb-0">Lecture des avenants…</p>
      )}
      {convention.fin?.avertissements.map(({ code, detail }) => (
        <p key={code} className="fr-message fr-message--warning fr-mt-1w fr-mb-0">
          {detail}
        </p>
      ))}
    </div>
  );
}

type ChampProps = {
  ref: React.Ref<HTMLInputElement>;
  libelle: string;
  aide: string;
  type: "date" | "text";
  max?: string;
  saisie: string;
  refus: string | null;
  onSaisie: (text: string) => void;
};

function Champ({ ref, libelle, aide, type, max, saisie, refus, onSaisie }: ChampProps) {
  const id = useId();
  return (
    <div className={cx("fr-input-group", refus && "fr-input-group--error")}>
      <label className="fr-label" htmlFor={id}>
        {libelle} (obligatoire)
        {aide ? <span className="fr-hint-text">{aide}</span> : null}
      </label>
      <input
        ref={ref}
        id={id}
        type={type}
        max={max}
        autoComplete="off"
        className={cx("fr-input", type === "date" && "ap-saisie__court", refus && "fr-input--error")}
        value={saisie}
        required
        aria-invalid={refus ? true : undefined}
        aria-describedby={refus ? `${id}-refus` : undefined}
        onChange={(event) => onSaisie(event.target.value)}
      />
      {refus ? (
        <p id={`${id}-refus`} className="fr-error-text" role="alert">
          {refus}
        </p>
      ) : null}
    </div>
  );
}
