import type { Operation } from "../../api/dto";
import { Lien } from "../../ui/Lien";
import { attendUnChoix, lienSecondeVie, secondeVieFermee } from "./rules";

/** Way to the choice of the origins, on the page of a seconde vie operation. */
export function AppelSecondeVie({ operation }: { operation: Operation }) {
  if (!operation.seconde_vie || secondeVieFermee(operation)) return null;
  const first = attendUnChoix(operation);
  return (
    <div className="fr-callout fr-icon-recycle-line fr-mt-3w fr-mb-0">
      <h2 className="fr-callout__title">Seconde vie</h2>
      <p className="fr-callout__text">
        {first
          ? "Dites quelles conventions cette opération remplace, ou qu’elle n’a jamais été conventionnée. Rien n’est créé avant."
          : "Cette opération peut remplacer des conventions plus anciennes."}
      </p>
      <Lien to={lienSecondeVie(operation.numero)} className={first ? "fr-btn" : "fr-btn fr-btn--secondary"}>
        {first && operation.peut_creer ? "Choisir les conventions d’origine" : "Voir les conventions d’origine"}
      </Lien>
    </div>
  );
}
