import { Button } from "@codegouvfr/react-dsfr/Button";
import { useEffect, useRef } from "react";
import { useLocation } from "react-router";
import type { BrouillonEnCours } from "../../api/convention";
import { formatInstant } from "../../lib/dates";
import { Lien } from "../../ui/Lien";
import type { Commandes } from "./useCommandes";

/** What changed under the reader, or why the last command did not leave; takes the focus when a command was refused. */
export function AvisDePage({ commandes: { avis, effacerAvis } }: { commandes: Commandes }) {
  const box = useRef<HTMLDivElement>(null);
  const titre = avis?.titre;
  const { search } = useLocation();
  useEffect(() => {
    if (titre) box.current?.scrollIntoView({ block: "nearest" });
  }, [titre]);
  if (!avis) return null;
  return (
    <div ref={box} role="alert" className="fr-alert fr-alert--warning ap-avis-page ap-ecran">
      <p className="fr-alert__title">{avis.titre}</p>
      <p>{avis.detail}</p>
      <ul className="fr-btns-group fr-btns-group--inline fr-btns-group--sm fr-mt-1w fr-mb-n2w">
        {avis.etape ? (
          <li>
            <Lien className="fr-btn fr-btn--secondary" to={`${search}#${avis.etape}`} onClick={effacerAvis}>
              Afficher
            </Lien>
          </li>
        ) : null}
        <li>
          <Button size="small" priority="tertiary" onClick={effacerAvis}>
            J’ai compris
          </Button>
        </li>
      </ul>
    </div>
  );
}

/** Drafts are private and leave with nothing: they are named before anything is sent. */
export function BrouillonsEnAttente({ brouillons }: { brouillons: readonly BrouillonEnCours[] }) {
  return (
    <div className="fr-alert fr-alert--info fr-alert--sm ap-avis-page ap-ecran">
      {brouillons.map(({ etape, libelle, cree_le, lien }) => (
        <p key={etape}>
          Vous avez un brouillon de l’étape « {libelle} » du {formatInstant(cree_le)}, pas encore enregistré.{" "}
          <Lien to={lien}>Reprendre le brouillon</Lien>
        </p>
      ))}
    </div>
  );
}
