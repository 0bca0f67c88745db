/** Where the reader is in the form: side menu of the steps with their state in words, and the DSFR stepper. */
import { SideMenu } from "@codegouvfr/react-dsfr/SideMenu";
import { Stepper } from "@codegouvfr/react-dsfr/Stepper";
import type { Convention, EtapeResumee } from "../../api/convention";
import { compte } from "../../lib/nombres";

/** « 2 points à compléter, 5 commentaires ouverts »: the state of a step, never by colour alone. */
export function etatEnMots(etape: EtapeResumee): string {
  const parts: string[] = [];
  if (etape.nb_points > 0) parts.push(`${compte(etape.nb_points, "point")} à compléter`);
  if (etape.nb_commentaires_ouverts > 0)
    parts.push(compte(etape.nb_commentaires_ouverts, "commentaire ouvert", "commentaires ouverts"));
  else if (etape.nb_commentaires_resolus > 0)
    parts.push(compte(etape.nb_commentaires_resolus, "commentaire résolu", "commentaires résolus"));
  if (parts.length > 0) return parts.join(", ");
  return etape.facultative && etape.etat === "vide" ? "facultatif" : ETATS[etape.etat];
}

const ETATS: Record<EtapeResumee["etat"], string> = {
  vide: "à remplir",
  partielle: "à compléter",
  complete: "complet",
};

const ICONES: Record<EtapeResumee["etat"], string> = {
  vide: "fr-icon-circle-line",
  partielle: "fr-icon-error-warning-line",
  complete: "fr-icon-checkbox-circle-line",
};

function Ligne({ etape }: { etape: EtapeResumee }) {
  const comments = etape.nb_commentaires_ouverts > 0;
  return (
    <span className="ap-menu-etapes__ligne">
      <span
        className={`fr-icon--sm ${comments ? "fr-icon-question-answer-line" : ICONES[etape.etat]} ap-menu-etapes__icone ap-menu-etapes__icone--${comments ? "commentee" : etape.etat}`}
        aria-hidden="true"
      />
      <span>
        {etape.libelle}
        <span className="ap-menu-etapes__etat">
          <span className="fr-sr-only"> : </span>
          {etatEnMots(etape)}
        </span>
      </span>
    </span>
  );
}

export function MenuEtapes({ convention, code }: { convention: Convention; code: string }) {
  return (
    <SideMenu
      align="left"
      className="ap-menu-etapes"
      burgerMenuButtonText="Étapes du dossier"
      title="Étapes du dossier"
      items={[
        ...convention.etapes.map((etape) => ({
          text: <Ligne etape={etape} />,
          linkProps: { to: etape.lien },
          isActive: etape.code === code,
        })),
        { text: "Récapitulatif", linkProps: { to: `/conventions/${convention.uuid}/recapitulatif` } },
      ]}
    />
  );
}

export function RangEtape({ convention, code }: { convention: Convention; code: string }) {
  const { etapes } = convention;
  const rank = etapes.findIndex((etape) => etape.code === code);
  const current = etapes[rank];
  if (!current) return null;
  const next = etapes.slice(rank + 1).find(({ disponible }) => disponible);
  return (
    <Stepper
      className="ap-menu-etapes__rang"
      currentStep={rank + 1}
      stepCount={etapes.length + 1}
      title={<span id="ap-etape-titre">{current.libelle}</span>}
      nextTitle={next?.libelle ?? "Récapitulatif"}
    />
  );
}
