/** What the other side said when it sent the file here: its message, and the gaps it confirmed (00 decision 4, JO-02). */
import type { EvenementHistorique } from "../../api/convention";
import { useHistorique } from "../../api/convention";
import { formatInstant } from "../../lib/dates";
import { compte } from "../../lib/nombres";
import { Lien } from "../../ui/Lien";
import { dernierMessage } from "./rules";

type Props = { uuid: string; instructeur: boolean };

export function DernierMessage({ uuid, instructeur }: Props) {
  const { data } = useHistorique(uuid, true);
  const event = dernierMessage(data?.pages[0]?.evenements ?? [], instructeur);
  return event ? <Message event={event} uuid={uuid} /> : null;
}

function Message({ event, uuid }: { event: EvenementHistorique; uuid: string }) {
  const { auteur, cree_le, commentaire, elements_incomplets } = event;
  return (
    <section className="ap-dernier-message" aria-label="Dernier message reçu">
      <p className="ap-dernier-message__qui">
        <span className="fr-icon-chat-3-line fr-icon--sm" aria-hidden="true" />{" "}
        <strong>{auteur?.nom ?? "L’autre partie"}</strong>
        {auteur?.entite ? `, ${auteur.entite}` : ""} <span className="ap-mention">le {formatInstant(cree_le)}</span>
      </p>
      {commentaire ? <blockquote className="ap-historique__message">{commentaire}</blockquote> : null}
      {elements_incomplets.length > 0 ? (
        <div className="ap-dernier-message__manques">
          <p className="fr-mb-0">
            Envoyé malgré {compte(elements_incomplets.length, "point manquant", "points manquants")} :
          </p>
          <ul className="fr-mb-1v">
            {elements_incomplets.map(({ code, libelle }) => (
              <li key={`${code}${libelle}`}>{libelle}</li>
            ))}
          </ul>
        </div>
      ) : null}
      <Lien className="fr-link fr-link--sm ap-ecran" to={`/conventions/${uuid}/historique`}>
        Voir tout l’historique
      </Lien>
    </section>
  );
}
