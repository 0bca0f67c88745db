import { cx } from "../lib/cx";
import { apparenceStatut } from "../lib/statuts";

type Props = {
  statut: string;
  /** Label for the reader's side, as the API gives it. */
  libelle: string;
  /** Second line: « Résiliation programmée »… */
  complement?: string;
  petit?: boolean;
};

/** Status of a convention: words first, then icon and colour. */
export function StatutBadge({ statut, libelle, complement, petit = true }: Props) {
  const { icone, couleur } = apparenceStatut(statut);
  return (
    <span className="ap-statut">
      <span className={cx("fr-badge", petit && "fr-badge--sm", `fr-badge--${couleur}`, "fr-badge--icon-left", icone)}>
        {libelle}
      </span>
      {complement ? <span className="ap-statut__complement fr-text--xs">{complement}</span> : null}
    </span>
  );
}
