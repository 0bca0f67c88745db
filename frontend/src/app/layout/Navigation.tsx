/**
 * Main navigation (fr-nav). The script of the DSFR opens and closes the menus; React only writes the markup.
 */
import { useId } from "react";
import { useLocation } from "react-router";
import type { Session } from "../../api/dto";
import { cx } from "../../lib/cx";
import { Lien } from "../../ui/Lien";
import { HabilitationMenu } from "./HabilitationMenu";
import { type EntreeNavigation, entreesDeNavigation } from "./menu";

export function Navigation({ session }: { session: Session }) {
  const { pathname, search } = useLocation();
  const entries = entreesDeNavigation(session, pathname, search);
  return (
    <nav className="fr-nav ap-nav" id="header-navigation" aria-label="Menu principal" tabIndex={-1}>
      <ul className="fr-nav__list">
        {entries.map((entry) => (
          <li key={entry.libelle} className="fr-nav__item">
            {entry.enfants ? <Groupe entry={entry} /> : <EntreeLien entry={entry} />}
          </li>
        ))}
        <HabilitationMenu session={session} />
      </ul>
    </nav>
  );
}

function EntreeLien({ entry }: { entry: EntreeNavigation }) {
  const { libelle, lien, nouvelleFenetre, courante, inactive } = entry;
  if (inactive || !lien) {
    return (
      <span className="fr-nav__link ap-nav__inactif">
        {libelle}
        <span className="fr-sr-only"> (indisponible)</span>
      </span>
    );
  }
  return (
    <Lien
      className="fr-nav__link"
      to={lien}
      aria-current={courante ? "page" : undefined}
      {...(nouvelleFenetre
        ? { target: "_blank", rel: "noopener noreferrer", title: `${libelle} (nouvelle fenêtre)` }
        : {})}
    >
      {libelle}
    </Lien>
  );
}

function Groupe({ entry }: { entry: EntreeNavigation }) {
  const id = `menu-${useId().replace(/[^a-zA-Z0-9]/g, "")}`;
  return (
    <>
      <button className="fr-nav__btn" type="button" aria-expanded="false" aria-controls={id}>
        {entry.libelle}
      </button>
      <div className="fr-collapse fr-menu" id={id}>
        <ul className="fr-menu__list">
          {(entry.enfants ?? []).map((child) => (
            <li key={child.libelle} className={cx(child.enfants && "ap-nav__sous-groupe")}>
              <EntreeLien entry={child.enfants ? { ...child, courante: false } : child} />
              {child.enfants ? (
                <ul>
                  {child.enfants.map((leaf) => (
                    <li key={leaf.libelle}>
                      <EntreeLien entry={leaf} />
                    </li>
                  ))}
                </ul>
              ) : null}
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
