/**
 * What may follow a signed convention: its publication, the correction of its signature. The list comes from the actions that the
 * server allows and from its flags; each entry is a link to the page that does it. What is refused for now says why.
 */
import type { Convention } from "../../api/convention";
import { Lien } from "../../ui/Lien";
import { suitesDe } from "./suites";

export function Suites({ convention }: { convention: Convention }) {
  const suites = suitesDe(convention);
  if (suites.length === 0) return null;
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
      </ul>
    </section>
  );
}
