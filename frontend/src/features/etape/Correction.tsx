/**
 * The correction loop of the bailleur: how many comments are treated, where the next one is, and once all are, the way
 * back to the service.
 */
import { Button } from "@codegouvfr/react-dsfr/Button";
import type { Ref } from "react";
import type { Convention } from "../../api/convention";
import { ESPACE_INSECABLE } from "../../lib/nombres";
import { Lien } from "../../ui/Lien";
import { progression } from "./rules";

type Props = {
  convention: Convention;
  /** Label of the next commented field of this step; null when none is left here. */
  prochain: string | null;
  onProchain: () => void;
  /** Fields typed and not saved: they would not leave with the file. */
  nonEnregistres: number;
  onRenvoyer: (() => void) | null;
  /** Heading, focused when everything is treated. */
  titre: Ref<HTMLHeadingElement>;
};

export function Correction({ convention, prochain, onProchain, nonEnregistres, onRenvoyer, titre }: Props) {
  const { traites, total, restants } = progression(convention.commentaires_resume);
  if (total === 0) return null;
  const ailleurs = convention.commentaires_resume.premier;
  const fini = restants === 0;
  return (
    <section className={fini ? "ap-boucle ap-boucle--finie" : "ap-boucle"} aria-labelledby="ap-correction-titre">
      <div className="ap-boucle__texte">
        <h3 id="ap-correction-titre" ref={titre} tabIndex={-1} className="fr-h6 fr-mb-1v">
          <span
            className={`${fini ? "fr-icon-success-line" : "fr-icon-question-answer-line"} fr-icon--sm`}
            aria-hidden="true"
          />
          {phraseProgression(traites, total)}
        </h3>
        <progress className="ap-completude__jauge" max={total} value={traites} aria-label="Commentaires traités" />
        <p className="fr-text--sm fr-mb-0">
          {fini
            ? `Tout est traité. ${nonEnregistres > 0 ? "Enregistrez vos dernières modifications, puis renvoyez" : "Il reste à renvoyer"} le dossier au service, qui relira vos corrections.`
            : "Corrigez chaque champ commenté, puis choisissez « Enregistrer et marquer résolu »."}
        </p>
      </div>
      <div className="ap-boucle__suite">
        {fini && onRenvoyer && nonEnregistres === 0 ? (
          <Button priority="secondary" onClick={onRenvoyer}>
            Renvoyer au service
          </Button>
        ) : null}
        {!fini && prochain !== null ? (
          <Button
            size="small"
            priority="secondary"
            iconId="fr-icon-arrow-down-line"
            iconPosition="right"
            onClick={onProchain}
          >
            {traites === 0 ? "Aller au premier commentaire" : "Commentaire suivant"}
          </Button>
        ) : null}
        {!fini && prochain === null && ailleurs ? (
          <Lien className="fr-btn fr-btn--secondary fr-btn--sm" to={ailleurs.lien}>
            Commentaire suivant, dans une autre étape
          </Lien>
        ) : null}
      </div>
    </section>
  );
}

/** « 3 sur 5 commentaires traités » */
export const phraseProgression = (traites: number, total: number): string =>
  `${traites} sur ${total}${ESPACE_INSECABLE}${total > 1 ? "commentaires traités" : "commentaire traité"}`;
