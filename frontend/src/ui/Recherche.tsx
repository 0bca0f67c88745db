/** Search of a list: what is typed is searched when it is sent, not at each key. */
import { type FormEvent, useEffect, useId, useState } from "react";

type Props = {
  libelle: string;
  valeur: string;
  onChercher: (q: string) => void;
};

export function Recherche({ libelle, valeur, onChercher }: Props) {
  const [text, setText] = useState(valeur);
  const id = useId();
  useEffect(() => setText(valeur), [valeur]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChercher(text.trim());
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: the search element is unknown to the oldest browsers we serve
    <div role="search">
      <form onSubmit={submit}>
        <label className="fr-label fr-mb-1w" htmlFor={id}>
          {libelle}
        </label>
        <div className="fr-search-bar">
          <input
            id={id}
            className="fr-input"
            type="search"
            autoComplete="off"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <button className="fr-btn" type="submit" title="Rechercher">
            Rechercher
          </button>
        </div>
      </form>
    </div>
  );
}
