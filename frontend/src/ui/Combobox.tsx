/**
 * Text field with server suggestions (ARIA 1.2 combobox with a listbox). Typing searches after 200 ms of calm;
 * arrows move, Enter chooses, Escape closes then empties. The chosen value is shown as the text of the field.
 */
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { cx } from "../lib/cx";
import { compte } from "../lib/nombres";
import { useValeurCalme } from "../lib/useDelai";
import { useAnnonce } from "./Annonces";

export type OptionCombobox = { valeur: string; libelle: string; detail?: string };

type Props = {
  libelle: string;
  aide?: string;
  valeur: OptionCombobox | null;
  onChange: (option: OptionCombobox | null) => void;
  chercher: (text: string, signal: AbortSignal) => Promise<OptionCombobox[]>;
  /** Characters before the first search. */
  minimum?: number;
  placeholder?: string;
  erreur?: string;
  id?: string;
};

type Resultat = { texte: string; options: OptionCombobox[]; echec: boolean };

export function Combobox({
  libelle,
  aide,
  valeur,
  onChange,
  chercher,
  minimum = 2,
  placeholder,
  erreur,
  id: givenId,
}: Props) {
  const ownId = useId();
  const id = givenId ?? ownId;
  const [text, setText] = useState(valeur?.libelle ?? "");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [found, setFound] = useState<Resultat>({ texte: "", options: [], echec: false });
  const wanted = useValeurCalme(text.trim(), 200);
  const search = useRef(chercher);
  search.current = chercher;
  const annoncer = useAnnonce();

  useEffect(() => setText(valeur?.libelle ?? ""), [valeur]);

  useEffect(() => {
    if (!open || wanted.length < minimum || wanted === valeur?.libelle) return undefined;
    const abort = new AbortController();
    search.current(wanted, abort.signal).then(
      (options) => {
        if (abort.signal.aborted) return;
        setFound({ texte: wanted, options, echec: false });
        setActive(-1);
        annoncer(
          options.length === 0
            ? "Aucune proposition"
            : `${compte(options.length, "proposition")}, flèches haut et bas pour parcourir`,
        );
      },
      () => {
        if (!abort.signal.aborted) setFound({ texte: wanted, options: [], echec: true });
      },
    );
    return () => abort.abort();
  }, [wanted, open, minimum, valeur, annoncer]);

  const ready = found.texte === wanted && wanted.length >= minimum;
  const options = ready && !found.echec ? found.options : [];
  const choose = (option: OptionCombobox) => {
    onChange(option);
    setText(option.libelle);
    setOpen(false);
    setActive(-1);
  };
  const change = (next: string) => {
    setText(next);
    setOpen(true);
    if (next === "" && valeur) onChange(null);
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      if (options.length === 0) return;
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((before) => (before + step + options.length + (before === -1 && step === -1 ? 1 : 0)) % options.length);
    } else if (event.key === "Enter" && open) {
      const option = options[active];
      if (!option) return;
      event.preventDefault();
      choose(option);
    } else if (event.key === "Escape") {
      if (open) setOpen(false);
      else change("");
    }
  };
  const leave = () => {
    setOpen(false);
    setText(valeur?.libelle ?? "");
  };
  const showList = open && wanted.length >= minimum && ready;

  return (
    <div className={cx("fr-input-group ap-combobox", erreur && "fr-input-group--error")}>
      <label className="fr-label" htmlFor={id}>
        {libelle}
        {aide ? <span className="fr-hint-text">{aide}</span> : null}
      </label>
      <div className="ap-combobox__boite">
        <input
          id={id}
          className="fr-input"
          type="text"
          role="combobox"
          autoComplete="off"
          aria-autocomplete="list"
          aria-expanded={showList && options.length > 0}
          aria-controls={`${id}-liste`}
          aria-activedescendant={active >= 0 ? `${id}-option-${active}` : undefined}
          aria-describedby={erreur ? `${id}-erreur` : undefined}
          aria-invalid={erreur ? true : undefined}
          placeholder={placeholder}
          value={text}
          onChange={(event) => change(event.target.value)}
          onKeyDown={keyDown}
          onFocus={(event) => event.target.select()}
          onBlur={leave}
        />
        {valeur ? (
          <button
            type="button"
            className="ap-combobox__vider fr-btn fr-btn--tertiary-no-outline fr-btn--sm fr-icon-close-line"
            title={`Effacer ${libelle}`}
            onClick={() => onChange(null)}
          >
            Effacer {libelle}
          </button>
        ) : null}
        <div
          id={`${id}-liste`}
          role="listbox"
          aria-label={libelle}
          className="ap-combobox__liste"
          hidden={!showList || options.length === 0}
        >
          {options.map((option, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard is handled by the input (aria-activedescendant)
            <div
              key={option.valeur}
              id={`${id}-option-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              className={cx("ap-combobox__option", index === active && "ap-combobox__option--active")}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(option)}
            >
              <span>{option.libelle}</span>
              {option.detail ? <span className="ap-combobox__detail">{option.detail}</span> : null}
            </div>
          ))}
        </div>
        {showList && options.length === 0 ? (
          <p className="ap-combobox__liste ap-combobox__rien">
            {found.echec
              ? "La recherche n’a pas abouti. Modifiez le texte pour réessayer."
              : `Aucune proposition pour « ${wanted} ».`}
          </p>
        ) : null}
      </div>
      {erreur ? (
        <p id={`${id}-erreur`} className="fr-error-text">
          {erreur}
        </p>
      ) : null}
    </div>
  );
}
