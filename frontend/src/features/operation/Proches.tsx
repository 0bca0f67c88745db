/** Operations found for a number: the exact one first, then the near ones. */

import type { OperationTrouvee } from "../../api/dto";
import { lienOperation } from "../../lib/liens";
import { Lien } from "../../ui/Lien";

export function Proches({ operations }: { operations: readonly OperationTrouvee[] }) {
  return (
    <ul className="fr-raw-list ap-resultats-operation">
      {operations.map(({ numero, nom, bailleur, commune, nature_logement, correspondance_exacte }) => (
        <li key={numero} className="ap-carte-ligne">
          <Lien to={lienOperation(numero)} className="ap-ligne__lien">
            {nom || `Opération ${numero}`}
          </Lien>
          {correspondance_exacte ? (
            <span className="fr-badge fr-badge--sm fr-badge--success fr-ml-1w">Numéro exact</span>
          ) : null}
          <p className="ap-ligne__faits">
            N° {numero} · {[bailleur, commune, nature_logement].filter(Boolean).join(" · ")}
          </p>
        </li>
      ))}
    </ul>
  );
}
