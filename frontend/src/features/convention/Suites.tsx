/**
 * What may follow a signed convention: an avenant, its publication, its end. The list comes from the actions that the
 * server allows and from its flags; each entry is a link to the page that does it. What is refused for now says why.
 */
import type { ReactNode } from "react";
import type { Convention } from "../../api/convention";
import { Lien } from "../../ui/Lien";
import { suitesDe } from "./suites";

type Props = {
  convention: Convention;
  /** The avenant in progress, when the reader sees it. */
  avenantEnCours: { uuid: string; libelle: string } | null;
  /** More entries, made by the pages that start something (avenant, dénonciation, résiliation). */
  children?: ReactNode;
};

export function Suites({ convention, avenantEnCours, children }: Props) {
  const suites = suitesDe(convention, avenantEnCours);
  if (suites.length === 0 && !children) return null;
  return (
    <section className="ap-suites ap-encadre" aria-labelledby="ap-suites-titre">
      <h2 id="ap-suites-titre" className="fr-h6">
        Et maintenant
      </h2>
      <ul className="fr-raw-list ap-suites__liste">
        {suites.map(({ cle, libelle, aide, lien }) => (
          <li key={cle}>
            {lien ? (
              <Lien className="fr-link fr-link--icon-right fr-icon-arrow-right-line" to={lien}>
                {libelle}
              </Lien>
            ) : (
              <strong>{libelle}</strong>
            )}
            {aide ? <p className="ap-mention fr-mb-0">{aide}</p> : null}
          </li>
        ))}
        {children}
      </ul>
    </section>
  );
}
