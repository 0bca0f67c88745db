/** For the side that corrects: the first commented field one press away, what remains, then the way back to the service. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import type { Commentaire, Convention } from "../../api/convention";
import { accord, compte } from "../../lib/nombres";
import { Lien } from "../../ui/Lien";

type Props = {
  convention: Convention;
  /** Comments that are not closed, in the order of the page; undefined while they are read. */
  commentaires: readonly Commentaire[] | undefined;
  onRenvoyer?: () => void;
};

export function Correction({ convention, commentaires = [], onRenvoyer }: Props) {
  const { ouverts, resolus: traites, premier: first } = convention.commentaires_resume;
  const open = commentaires.filter(({ statut }) => statut === "OUVERT");
  const done = commentaires.filter(({ statut }) => statut === "RESOLU");
  const total = ouverts + traites;
  if (total === 0) {
    return (
      <section className="ap-correction" aria-labelledby="correction">
        <h2 id="correction" className="fr-h5 fr-mb-1w">
          Aucun champ n’est ouvert à la correction
        </h2>
        <p className="fr-mb-0">
          Le service a demandé des corrections sans commenter de champ : son message est dans l’
          <Lien to={`/conventions/${convention.uuid}/historique`}>historique</Lien>. Répondez-lui en renvoyant le
          dossier.
        </p>
      </section>
    );
  }
  return (
    <section className="ap-correction" aria-labelledby="correction">
      <div className="ap-correction__tete">
        <div>
          <h2 id="correction" className="fr-h5 fr-mb-1v">
            {ouverts > 0 ? `${compte(ouverts, "commentaire")} à traiter` : "Toutes les corrections sont faites"}
          </h2>
          <p className="ap-correction__avancement">
            <span>
              {traites} sur {total} {accord(total, "traité")}.
            </span>{" "}
            {ouverts > 0
              ? "Seuls les champs commentés par le service sont ouverts à la correction."
              : "Il ne reste qu’à renvoyer le dossier au service."}
          </p>
          <progress className="ap-completude__jauge" max={total} value={traites} aria-label="Commentaires traités" />
        </div>
        {ouverts > 0 && first ? (
          <Button iconId="fr-icon-edit-line" linkProps={{ to: first.lien }}>
            Corriger le premier champ commenté
          </Button>
        ) : null}
        {ouverts === 0 && onRenvoyer ? (
          <Button iconId="fr-icon-send-plane-line" onClick={onRenvoyer}>
            Renvoyer au service
          </Button>
        ) : null}
      </div>
      {open.length > 0 ? <Liste commentaires={open} /> : null}
      {done.length > 0 ? (
        <details className="ap-fil__clos">
          <summary>{compte(done.length, "commentaire traité", "commentaires traités")}</summary>
          <Liste commentaires={done} />
        </details>
      ) : null}
    </section>
  );
}

function Liste({ commentaires }: { commentaires: readonly Commentaire[] }) {
  return (
    <ul className="fr-raw-list ap-correction__liste">
      {commentaires.map(({ uuid, libelle_cible, message, auteur, lien }) => (
        <li key={uuid}>
          <Lien to={lien}>{libelle_cible}</Lien>
          <span className="ap-correction__message">
            « {message} » <span className="ap-mention">{auteur.moi ? "Vous" : auteur.nom}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
