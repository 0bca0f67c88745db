/** Several values among a short list: a disclosure button that says what is chosen, and a group of checkboxes. */
import { useId, useRef, useState } from "react";
import { cx } from "../lib/cx";

export type OptionMultiple = { valeur: string; libelle: string };

type Props = {
  libelle: string;
  options: readonly OptionMultiple[];
  valeurs: readonly string[];
  onChange: (values: string[]) => void;
  /** Shown when nothing is chosen. */
  aucun?: string;
  /** « statuts choisis », for the count. */
  nomPluriel?: string;
};

export function MultiSelect({ libelle, options, valeurs, onChange, aucun = "Tous", nomPluriel = "valeurs" }: Props) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const chosen = options.filter((option) => valeurs.includes(option.valeur));
  const text =
    chosen.length === 0 ? aucun : chosen.length === 1 ? chosen[0]?.libelle : `${chosen.length} ${nomPluriel}`;
  const toggle = (value: string, checked: boolean) => {
    const kept = new Set(valeurs);
    if (checked) kept.add(value);
    else kept.delete(value);
    onChange(options.map((option) => option.valeur).filter((option) => kept.has(option)));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: leaving or escaping the group closes the panel; its button stays the control
    <div
      ref={box}
      className="fr-select-group ap-multi"
      onBlur={(event) => {
        if (!box.current?.contains(event.relatedTarget as Node | null)) setOpen(false);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        setOpen(false);
        button.current?.focus();
      }}
    >
      <span id={`${id}-label`} className="fr-label">
        {libelle}
      </span>
      <button
        ref={button}
        id={`${id}-button`}
        type="button"
        className="fr-select ap-multi__bouton"
        aria-expanded={open}
        aria-controls={`${id}-panel`}
        aria-labelledby={`${id}-label ${id}-button`}
        onClick={() => setOpen(!open)}
      >
        {text}
      </button>
      {/* tabIndex: a press on the text of the panel must not count as leaving it */}
      <div id={`${id}-panel`} className={cx("ap-multi__panneau", !open && "fr-hidden")} tabIndex={-1}>
        <fieldset className="fr-fieldset fr-mb-0" aria-labelledby={`${id}-label`}>
          {options.map((option, index) => (
            <div key={option.valeur} className="fr-fieldset__element fr-mb-1w">
              <div className="fr-checkbox-group fr-checkbox-group--sm">
                <input
                  type="checkbox"
                  id={`${id}-${index}`}
                  checked={valeurs.includes(option.valeur)}
                  onChange={(event) => toggle(option.valeur, event.target.checked)}
                />
                <label className="fr-label" htmlFor={`${id}-${index}`}>
                  {option.libelle}
                </label>
              </div>
            </div>
          ))}
        </fieldset>
        {chosen.length > 0 ? (
          <button type="button" className="fr-btn fr-btn--tertiary-no-outline fr-btn--sm" onClick={() => onChange([])}>
            Tout décocher
          </button>
        ) : null}
      </div>
    </div>
  );
}
