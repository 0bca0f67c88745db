/** Comments of the whole convention, in the order of the page: what remains first, what is closed folded (CO-09). */
import { useId } from "react";
import type { Commentaire } from "../../api/convention";
import { cx } from "../../lib/cx";
import { formatInstant, ilYA } from "../../lib/dates";
import { compte } from "../../lib/nombres";
import { useRaccourcisActifs } from "./raccourcis";
import { compter, phraseNombres } from "./rules";

type Props = {
  /** Already in the order of the page. */
  commentaires: readonly Commentaire[];
  possible: boolean;
  /** The reader's side verifies what the other one says resolved. */
  verifie: boolean;
  onOuvrir: (uuid: string) => void;
  className?: string;
};

const GROUPES: { statut: Commentaire["statut"]; titre: string; aVerifier: string }[] = [
  { statut: "RESOLU", titre: "Résolus", aVerifier: "Résolus, à vérifier" },
  { statut: "OUVERT", titre: "Ouverts", aVerifier: "Ouverts" },
];

export function Resume({ commentaires, possible, verifie, onOuvrir, className }: Props) {
  const id = useId();
  const numbers = compter(commentaires);
  const groups = verifie ? GROUPES : [...GROUPES].reverse();
  const closed = commentaires.filter(({ statut }) => statut === "CLOS");
  return (
    <section aria-labelledby={id} className={cx("ap-resume", className)}>
      <h2 id={id} className="fr-h6 fr-mb-1v">
        Commentaires de relecture
      </h2>
      {numbers.ouverts + numbers.resolus === 0 ? (
        <p className="ap-resume__phrase">
          {commentaires.length === 0 && possible
            ? "Aucun commentaire. Le bouton à droite de chaque champ permet d’en écrire un."
            : phraseNombres(numbers, verifie)}
        </p>
      ) : null}
      {groups.map(({ statut, titre, aVerifier }) => {
        const rows = commentaires.filter((comment) => comment.statut === statut);
        if (rows.length === 0) return null;
        return (
          <div key={statut}>
            <h3 className="ap-resume__groupe">
              {verifie ? aVerifier : titre} ({rows.length})
            </h3>
            <Liste commentaires={rows} onOuvrir={onOuvrir} />
          </div>
        );
      })}
      {closed.length > 0 ? (
        <details className="ap-fil__clos">
          <summary>{compte(closed.length, "commentaire clos", "commentaires clos")}</summary>
          <Liste commentaires={closed} onOuvrir={onOuvrir} />
        </details>
      ) : null}
      {numbers.ouverts + numbers.resolus > 1 ? <Raccourcis /> : null}
    </section>
  );
}

function Liste({ commentaires, onOuvrir }: { commentaires: readonly Commentaire[]; onOuvrir: (uuid: string) => void }) {
  return (
    <ul className="fr-raw-list ap-resume__liste">
      {commentaires.map(({ uuid, libelle_cible, message, auteur, cree_le, statut }) => (
        <li key={uuid}>
          <button
            type="button"
            className={`ap-resume__ligne ap-resume__ligne--${statut.toLowerCase()}`}
            onClick={() => onOuvrir(uuid)}
          >
            <strong>{libelle_cible}</strong>
            <span className="ap-resume__message">{message}</span>
            <span className="ap-resume__meta">
              {auteur.moi ? "Vous" : auteur.nom},{" "}
              <time dateTime={cree_le} title={formatInstant(cree_le)}>
                {ilYA(cree_le)}
              </time>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Raccourcis() {
  const [on, set] = useRaccourcisActifs();
  const id = useId();
  return (
    <div className="ap-raccourcis fr-checkbox-group fr-checkbox-group--sm">
      <input type="checkbox" id={id} checked={on} onChange={(event) => set(event.target.checked)} />
      <label className="fr-label" htmlFor={id}>
        <span>
          Touches <kbd>n</kbd> (suivant) et <kbd>p</kbd> (précédent)
        </span>
      </label>
    </div>
  );
}
