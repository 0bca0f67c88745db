/**
 * The door to the thread of a field or a table: hidden until hover or focus when there is nothing to read (always there
 * on a touch screen), permanent and in words as soon as a comment exists.
 */
import type { Commentaire } from "../../api/convention";
import { cx } from "../../lib/cx";
import { accord } from "../../lib/nombres";
import { compter, type EtatDuFil, etatDuFil } from "./rules";

type Props = {
  cible: string;
  libelle: string;
  fil: readonly Commentaire[];
  /** The reader may write a comment here. */
  possible: boolean;
  ouvert: boolean;
  onOuvrir: (cible: string) => void;
};

const APPARENCE: Record<EtatDuFil, { icone: string; classe: string }> = {
  ouvert: { icone: "fr-icon-chat-3-fill", classe: "ap-bulle--ouvert" },
  resolu: { icone: "fr-icon-chat-check-line", classe: "ap-bulle--resolu" },
  clos: { icone: "fr-icon-chat-3-line", classe: "ap-bulle--clos" },
  aucun: { icone: "fr-icon-chat-new-line", classe: "ap-bulle--aucun" },
};

/** « 2 ouverts », « 1 résolu », « 3 clos »: what the button shows. */
function texteCourt(thread: readonly Commentaire[]): string {
  const { ouverts, resolus, clos } = compter(thread);
  if (ouverts > 0) return `${ouverts} ${accord(ouverts, "ouvert")}`;
  if (resolus > 0) return `${resolus} ${accord(resolus, "résolu")}`;
  return `${clos} clos`;
}

/** Id of the button of a field: focus comes back to it when its thread closes. */
export const idBouton = (cible: string): string => `commenter-${cible}`;

export function BoutonCommentaire({ cible, libelle, fil, possible, ouvert, onOuvrir }: Props) {
  const state = etatDuFil(fil);
  if (state === "aucun" && !possible) return null;
  const { icone, classe } = APPARENCE[state];
  const none = state === "aucun";
  return (
    <button
      type="button"
      id={idBouton(cible)}
      className={cx("ap-bulle", classe, ouvert && "ap-bulle--selection")}
      aria-expanded={ouvert}
      title={none ? `Commenter « ${libelle} »` : `Lire les commentaires de « ${libelle} »`}
      onClick={() => onOuvrir(cible)}
    >
      <span className={cx(icone, "fr-icon--sm")} aria-hidden="true" />
      {none ? (
        <span className="fr-sr-only">Commenter « {libelle} »</span>
      ) : (
        <span>
          <span className="fr-sr-only">Commentaires de « {libelle} » : </span>
          {texteCourt(fil)}
        </span>
      )}
    </button>
  );
}
