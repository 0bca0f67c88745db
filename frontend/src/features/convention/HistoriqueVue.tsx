/** Changes of statut on a line, from the latest: who, in which role, with which message and which confirmed gaps. */
import type { EvenementHistorique } from "../../api/convention";
import { compte } from "../../lib/nombres";
import { apparenceStatut } from "../../lib/statuts";
import { StatutBadge } from "../../ui/StatutBadge";
import { Timeline } from "../../ui/Timeline";

type Props = { evenements: readonly EvenementHistorique[]; libelleDuStatut: (code: string) => string };

const ROLES: Record<string, string> = {
  BAILLEUR: "bailleur",
  INSTRUCTEUR: "service instructeur",
  ADMINISTRATEUR: "administration",
};

/** « Luc Martin, DDT de la Haute-Vienne (service instructeur) ». */
export function auteurDe({ auteur }: EvenementHistorique): string {
  if (!auteur) return "";
  const role = ROLES[auteur.role];
  const who = [auteur.nom, auteur.entite].filter(Boolean).join(", ");
  return `${who}${role ? ` (${role})` : ""}${auteur.assiste_par ? `, avec l’assistance de ${auteur.assiste_par}` : ""}`;
}

const majuscule = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function HistoriqueVue({ evenements, libelleDuStatut }: Props) {
  return (
    <Timeline
      libelle="Historique de la convention, du plus récent au plus ancien"
      evenements={evenements.map((event) => {
        const moved = event.statut_precedent !== event.statut;
        return {
          id: event.uuid,
          le: event.cree_le,
          fort: moved,
          icone: apparenceStatut(event.statut).icone,
          titre: majuscule(event.libelle),
          auteur: auteurDe(event),
          contenu: <Contenu event={event} moved={moved} libelleDuStatut={libelleDuStatut} />,
        };
      })}
    />
  );
}

function Contenu({
  event,
  moved,
  libelleDuStatut,
}: {
  event: EvenementHistorique;
  moved: boolean;
  libelleDuStatut: (code: string) => string;
}) {
  const { statut, statut_precedent, commentaire, elements_incomplets, origine_regroupement } = event;
  return (
    <>
      {origine_regroupement ? (
        <p className="ap-mention fr-mb-1v">
          Vécu par la convention {origine_regroupement}, regroupée depuis avec celle-ci.
        </p>
      ) : null}
      {moved ? (
        <p className="ap-historique__statuts">
          {statut_precedent ? (
            <>
              <StatutBadge statut={statut_precedent} libelle={libelleDuStatut(statut_precedent)} />
              <span className="fr-icon-arrow-right-line fr-icon--sm" aria-hidden="true" />
              <span className="fr-sr-only">devient</span>
            </>
          ) : null}
          <StatutBadge statut={statut} libelle={libelleDuStatut(statut)} />
        </p>
      ) : (
        <p className="ap-mention fr-mb-1v">Le statut n’a pas changé.</p>
      )}
      {commentaire ? <blockquote className="ap-historique__message">{commentaire}</blockquote> : null}
      {elements_incomplets.length > 0 ? (
        <details className="ap-fil__clos">
          <summary>
            {compte(elements_incomplets.length, "point manquant confirmé", "points manquants confirmés")}
          </summary>
          <ul className="fr-mb-0">
            {elements_incomplets.map(({ code, libelle }) => (
              <li key={`${code}${libelle}`}>{libelle}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  );
}
