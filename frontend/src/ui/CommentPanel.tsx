/**
 * Shell of the comments: a column in the margin from 992 px on, a sheet at the bottom of the screen below, low enough
 * for the commented field to stay visible. It is not modal: the field can be typed in while the thread is read.
 */
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useAMarge } from "../lib/useMediaQuery";

type Props = {
  titre: ReactNode;
  ouvert: boolean;
  onFermer: () => void;
  children: ReactNode;
  /** Stays visible under the thread: the field to write a comment. */
  pied?: ReactNode;
  /** Moves focus to the panel when it opens (opened by a command, not by the page). */
  prendreLeFocus?: boolean;
};

export function CommentPanel({ titre, ouvert, onFermer, children, pied, prendreLeFocus = true }: Props) {
  const margin = useAMarge();
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const opener = useRef<HTMLElement | null>(null);

  useEffect(() => {
    if (!ouvert) return undefined;
    opener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    if (prendreLeFocus) heading.current?.focus({ preventScroll: true });
    return undefined;
  }, [ouvert, prendreLeFocus]);

  useEffect(() => {
    document.documentElement.classList.toggle("ap-feuille-ouverte", ouvert && !margin);
    return () => document.documentElement.classList.remove("ap-feuille-ouverte");
  }, [ouvert, margin]);

  if (!ouvert) return null;
  const close = () => {
    const target = opener.current;
    onFermer();
    if (target?.isConnected) target.focus();
  };
  return (
    <aside
      className={margin ? "ap-commentaires ap-commentaires--marge" : "ap-commentaires ap-commentaires--feuille"}
      aria-labelledby={id}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        close();
      }}
    >
      <header className="ap-commentaires__tete">
        <h2 id={id} ref={heading} tabIndex={-1} className="fr-h6 fr-mb-0">
          {titre}
        </h2>
        <button
          type="button"
          className="fr-btn fr-btn--tertiary-no-outline fr-btn--sm fr-icon-close-line"
          title="Fermer les commentaires"
          onClick={close}
        >
          Fermer
        </button>
      </header>
      <div className="ap-commentaires__fil">{children}</div>
      {pied ? <div className="ap-commentaires__pied">{pied}</div> : null}
    </aside>
  );
}
