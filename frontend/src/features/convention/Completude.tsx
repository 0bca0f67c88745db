/** Completeness of the file: what blocks in sight, what is only advised folded, each a link to its field. */
import type { Convention } from "../../api/convention";
import { compte } from "../../lib/nombres";
import { CompletenessMeter } from "../../ui/CompletenessMeter";
import { Lien } from "../../ui/Lien";

export function Completude({ completude }: { completude: Convention["completude"] }) {
  const { pourcentage, bloquants, conseilles, points } = completude;
  const blocking = points.filter(({ niveau }) => niveau === "B");
  const advised = points.filter(({ niveau }) => niveau === "C");
  return (
    <section className="ap-bloc-completude" aria-label="Complétude du dossier">
      <CompletenessMeter pourcentage={pourcentage} bloquants={bloquants} conseilles={conseilles} points={blocking} />
      {advised.length > 0 ? (
        <details className="ap-fil__clos" open={blocking.length === 0 && advised.length <= 4}>
          <summary>{compte(advised.length, "point conseillé", "points conseillés")}</summary>
          <ul className="fr-raw-list ap-completude__points">
            {advised.map(({ code, etape_libelle, libelle, lien }) => (
              <li key={`${code}${libelle}`}>
                <span className="fr-icon-information-line fr-icon--sm" aria-hidden="true" />
                <span>
                  <span className="ap-completude__etape">{etape_libelle} : </span>
                  <Lien to={lien}>{libelle}</Lien>
                </span>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}
