/** After the publication: what is now in force, and where it can be seen. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useEffect, useRef } from "react";
import { formatInstant } from "../../lib/dates";
import { compte } from "../../lib/nombres";
import { adresseDuFichier } from "./api";
import { useReglages } from "./chemin";
import type { Commune, Comparaison, Revision } from "./contrat";
import { bilanDe, phraseBilan, phraseChangements } from "./rules";

type Props = {
  revision: Revision;
  comparaison: Comparaison | null;
  commune: Pick<Commune, "code" | "nom"> | null;
  onAutre: () => void;
};

export function Publiee({ revision, comparaison, commune, onAutre }: Props) {
  const { base } = useReglages();
  const title = useRef<HTMLDivElement>(null);
  useEffect(() => title.current?.focus(), []);
  const name = commune?.nom ?? revision.codeCommune;
  return (
    <div className="ap-bal-publiee">
      <div ref={title} tabIndex={-1} className="fr-alert fr-alert--success">
        <h2 className="fr-alert__title">Les adresses de {name} sont publiées</h2>
        <p>
          {compte(revision.validation.rowsCount ?? 0, "adresse")} en vigueur depuis le{" "}
          {formatInstant(revision.publishedAt ?? revision.updatedAt)}.
        </p>
      </div>
      {comparaison ? (
        <p className="fr-mt-3w">
          {comparaison.currentRevisionId
            ? `${phraseBilan(bilanDe(comparaison)).replace("en vigueur", "précédente")} `
            : ""}
          {comparaison.currentRevisionId
            ? phraseChangements(bilanDe(comparaison))
            : "C’est la première publication de la commune."}
        </p>
      ) : null}
      <ul className="fr-btns-group fr-btns-group--inline fr-mt-3w">
        <li>
          <Button linkProps={{ to: `/bal/communes/${revision.codeCommune}` }}>Voir la page de la commune</Button>
        </li>
        <li>
          <a className="fr-btn fr-btn--secondary" href={adresseDuFichier(base, revision.id)} download>
            Télécharger le fichier publié
          </a>
        </li>
        <li>
          <Button priority="tertiary" onClick={onAutre}>
            Déposer un autre fichier
          </Button>
        </li>
      </ul>
    </div>
  );
}
