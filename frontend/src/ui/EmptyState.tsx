import type { ReactNode } from "react";
import { cx } from "../lib/cx";

type Props = {
  titre: string;
  /** Level of the title in the page. */
  niveau?: 2 | 3;
  children?: ReactNode;
  /** Buttons and links: what can be done from here. */
  actions?: ReactNode;
  /** DSFR icon class, decorative. */
  icone?: string;
  className?: string;
};

/** Nothing to show, said calmly, with the way forward. */
export function EmptyState({ titre, niveau = 2, children, actions, icone = "fr-icon-inbox-line", className }: Props) {
  const Title = niveau === 2 ? "h2" : "h3";
  return (
    <div className={cx("ap-vide", className)}>
      <span className={cx("ap-vide__icone", icone)} aria-hidden="true" />
      <Title className="fr-h5 fr-mb-1w">{titre}</Title>
      {children ? <div className="ap-vide__texte">{children}</div> : null}
      {actions ? <div className="ap-vide__actions">{actions}</div> : null}
    </div>
  );
}
