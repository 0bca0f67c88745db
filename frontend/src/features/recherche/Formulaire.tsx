/**
 * Search form. Lists act at once; texts act on Enter or with the button, so that nothing changes under the reader
 * while he types. On a phone the criteria are folded behind « Filtres (2) ».
 */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Input } from "@codegouvfr/react-dsfr/Input";
import { type FormEvent, useEffect, useId, useState } from "react";
import { useEstPetitEcran } from "../../lib/useMediaQuery";
import { Combobox, type OptionCombobox } from "../../ui/Combobox";
import { MultiSelect, type OptionMultiple } from "../../ui/MultiSelect";
import { chercherBailleurs } from "./api";
import { type Filtres, modifier, nombreDeCriteres } from "./filtres";

type Props = {
  filtres: Filtres;
  onChange: (filters: Filtres) => void;
  bailleur: OptionCombobox | null;
  onBailleur: (option: OptionCombobox | null) => void;
  statuts: readonly OptionMultiple[];
  financements: readonly OptionMultiple[];
};

export function Formulaire({ filtres, onChange, bailleur, onBailleur, statuts, financements }: Props) {
  const [texts, setTexts] = useState({ q: filtres.q, numero: filtres.numero, lieu: filtres.lieu });
  const [open, setOpen] = useState(false);
  const small = useEstPetitEcran();
  const id = useId();
  const count = nombreDeCriteres(filtres);

  useEffect(
    () => setTexts({ q: filtres.q, numero: filtres.numero, lieu: filtres.lieu }),
    [filtres.q, filtres.numero, filtres.lieu],
  );

  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange(modifier(filtres, texts));
  };
  const field = (name: keyof typeof texts, label: string, placeholder: string) => (
    <Input
      label={label}
      nativeInputProps={{
        name,
        value: texts[name],
        autoComplete: "off",
        placeholder,
        onChange: (event) => setTexts({ ...texts, [name]: event.target.value }),
      }}
    />
  );

  return (
    // biome-ignore lint/a11y/useSemanticElements: the search element is unknown to the oldest browsers we serve
    <div role="search" className="ap-recherche">
      <form onSubmit={submit} aria-label="Rechercher une convention ou un avenant">
        <div className="ap-recherche__barre">
          <div className="fr-search-bar ap-recherche__texte">
            <label className="fr-label" htmlFor={`${id}-q`}>
              Rechercher par nom d’opération, numéro, commune ou bailleur
            </label>
            <input
              id={`${id}-q`}
              className="fr-input"
              type="search"
              name="q"
              autoComplete="off"
              placeholder="Nom d’opération, numéro, commune…"
              value={texts.q}
              onChange={(event) => setTexts({ ...texts, q: event.target.value })}
            />
            <button className="fr-btn" type="submit" title="Rechercher">
              Rechercher
            </button>
          </div>
          {small ? (
            <Button
              priority="secondary"
              iconId="fr-icon-filter-line"
              type="button"
              onClick={() => setOpen(!open)}
              nativeButtonProps={{ "aria-expanded": open, "aria-controls": `${id}-criteres` }}
            >
              {count > 0 ? `Filtres (${count})` : "Filtres"}
            </Button>
          ) : null}
        </div>
        <div id={`${id}-criteres`} className="ap-recherche__criteres" hidden={small && !open}>
          {field("numero", "Numéro", "Opération ou convention")}
          {field("lieu", "Lieu", "Commune ou code postal")}
          <Combobox
            libelle="Bailleur"
            valeur={bailleur}
            onChange={onBailleur}
            chercher={chercherBailleurs}
            placeholder="Nom ou SIREN"
          />
          <MultiSelect
            libelle="Statut"
            options={statuts}
            valeurs={filtres.statut}
            nomPluriel="statuts"
            onChange={(statut) => onChange(modifier(filtres, { statut }))}
          />
          <MultiSelect
            libelle="Financement"
            options={financements}
            valeurs={filtres.financement}
            nomPluriel="financements"
            onChange={(financement) => onChange(modifier(filtres, { financement }))}
          />
          {small ? <Button type="submit">Appliquer les filtres</Button> : null}
        </div>
      </form>
    </div>
  );
}
