/**
 * Title of the page: document title, h1, and focus on the h1 when the route has changed, so that keyboard and screen
 * reader users know that the page is another one. Every page renders exactly one `TitrePage`.
 */
import { createContext, type ReactNode, useContext, useEffect, useLayoutEffect, useRef } from "react";
import { useLocation } from "react-router";
import { cx } from "../lib/cx";

type Focus = { chemin: string | null; reprendre: boolean };

const Contexte = createContext<{ current: Focus }>({ current: { chemin: null, reprendre: false } });

/** True while the reader acts as somebody else: the browser tab says so. */
export const EnTantQue = createContext(false);

/** Remembers which path has already been announced; mounted once around the routes. */
export function SuiviDuFocus({ children }: { children: ReactNode }) {
  const focus = useRef<Focus>({ chemin: null, reprendre: false });
  return <Contexte.Provider value={focus}>{children}</Contexte.Provider>;
}

type Props = {
  /** Text of the h1. */
  titre: ReactNode;
  /** Text of the browser tab before « — APiLos »; the h1 when it is a plain text. */
  onglet?: string;
  className?: string;
  /** Identity of the page when one path shows several: a change of it moves the focus. The path unless told. */
  page?: string;
  /** Shown under the h1, as its introduction. */
  chapeau?: ReactNode;
  /** Badges or buttons at the right of the h1. */
  children?: ReactNode;
  /** Keeps the h1 for screen readers only (a page whose frame already shows the title). */
  masque?: boolean;
};

export function TitrePage({ titre, onglet, page, className, chapeau, children, masque = false }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const focus = useContext(Contexte);
  const { pathname } = useLocation();
  const acting = useContext(EnTantQue);
  const identity = page ?? pathname;
  const title = onglet ?? (typeof titre === "string" ? titre : "");

  useEffect(() => {
    const tab = title ? `${title} — APiLos` : "APiLos";
    document.title = acting ? `[En tant que] ${tab}` : tab;
  }, [title, acting]);

  useEffect(() => {
    const { chemin, reprendre } = focus.current;
    focus.current = { chemin: identity, reprendre: false };
    if (chemin === null || (chemin === identity && !reprendre)) return;
    heading.current?.focus({ preventScroll: true });
  }, [identity, focus]);

  // A skeleton's title replaced by the loaded one must not lose the focus it holds.
  useLayoutEffect(() => {
    const element = heading.current;
    return () => {
      if (element && document.activeElement === element) focus.current.reprendre = true;
    };
  }, [focus]);

  return (
    <div className={cx("ap-titre-page", masque && "fr-sr-only", className)}>
      <div className="ap-titre-page__ligne">
        <h1 ref={heading} tabIndex={-1} className="ap-titre-page__h1">
          {titre}
        </h1>
        {children ? <div className="ap-titre-page__cote">{children}</div> : null}
      </div>
      {chapeau ? <div className="ap-titre-page__chapeau">{chapeau}</div> : null}
    </div>
  );
}

/** Breadcrumb and content of a page, in the width of the site. */
export function CadrePage({
  children,
  large = false,
  className,
}: {
  children: ReactNode;
  large?: boolean;
  className?: string;
}) {
  return (
    <div className={cx(large ? "fr-container--fluid ap-cadre--large" : "fr-container", "ap-cadre", className)}>
      {children}
    </div>
  );
}
