/**
 * The link given to react-dsfr: client-side navigation inside the application, plain navigation for the routes the
 * server answers (sign-in, files, documentation) and for other sites.
 */
import type { ComponentProps } from "react";
import { Link as RouterLink } from "react-router";

type AnchorProps = Omit<ComponentProps<"a">, "href">;
export type LienProps = AnchorProps & { to: string; replace?: boolean; state?: unknown };

const SERVED = /^\/(accounts|api|api-siap|api-depot|sante|healthz|readyz|version|metrics|problemes|cas|__\w+)(\/|$|\?)/;

/** True when the address is answered by the server and not by a page of the application. */
export const estServiParLeServeur = (address: string): boolean => SERVED.test(address);

export function Lien(props: LienProps & { href?: string }) {
  const { to, href, replace, state, children, ...rest } = props;
  const target = to ?? href ?? "";
  if (/^([a-z]+:|\/\/|#)/i.test(target) || estServiParLeServeur(target)) {
    return (
      <a {...rest} href={target}>
        {children}
      </a>
    );
  }
  return (
    <RouterLink {...rest} to={target} replace={replace} state={state}>
      {children}
    </RouterLink>
  );
}

type ExterneProps = AnchorProps & { href: string };

/** Link that opens a new window, and says so. */
export function LienExterne({ href, children, title, ...rest }: ExterneProps) {
  const name = title ?? (typeof children === "string" ? children : undefined);
  return (
    <a
      {...rest}
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      title={name ? `${name} (nouvelle fenêtre)` : "Nouvelle fenêtre"}
    >
      {children}
    </a>
  );
}
