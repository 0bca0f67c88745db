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

const ICONES: Record<EvenementHistorique["categorie"], string> = {
  statut: "fr-icon-information-line",
  champs: "fr-icon-edit-line",
  document: "fr-icon-file-line",
  commentaire: "fr-icon-question-answer-line",
  evenement: "fr-icon-booklet-line",
};

/** How the change was made, when it was not by hand on its page. */
const MODES: Partial<Record<EvenementHistorique["mode"], string>> = {
  EXPERT: "Modification en mode expert.",
  LOT: "Traitement par lot.",
  SIAP: "Demande reçue du SIAP.",
  FORCAGE: "Intervention de l’assistance.",
  IMPORT: "Reprise de l’ancien système.",
};

const majuscule = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function HistoriqueVue({ evenements, libelleDuStatut }: Props) {
  return (
    <Timeline
      libelle="Historique de la convention, du plus récent au plus ancien"
      evenements={evenements.map((event) => {
        const moved = event.categorie === "statut" && event.statut_precedent !== event.statut;
        return {
          id: event.uuid,
          le: event.cree_le,
          fort: moved,
          icone: event.statut ? apparenceStatut(event.statut).icone : ICONES[event.categorie],
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
  const {
    statut,
    statut_precedent,
    commentaire,
    elements_incomplets,
    categorie,
    changements,
    mode,
    origine_regroupement,
  } = event;
  return (
    <>
      {origine_regroupement ? (
        <p className="ap-mention fr-mb-1v">
          Vécu par la convention {origine_regroupement}, regroupée depuis avec celle-ci.
        </p>
      ) : null}
      {moved && statut ? (
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
      ) : categorie === "statut" ? (
        <p className="ap-mention fr-mb-1v">Le statut n’a pas changé.</p>
      ) : null}
      {MODES[mode] ? <p className="ap-mention fr-mb-1v">{MODES[mode]}</p> : null}
      {changements.length > 0 ? <Changements changements={changements} /> : null}
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

/** « Nom de l’opération : Les Tilleuls devient Les Érables », one line per value. */
function Changements({ changements }: { changements: EvenementHistorique["changements"] }) {
  return (
    <dl className="ap-changements">
      {changements.map(({ cle, libelle, avant, apres }) => (
        <div key={cle}>
          <dt>{libelle}</dt>
          <dd>
            {avant ? (
              <>
                <del>{avant}</del> <span className="fr-icon-arrow-right-line fr-icon--sm" aria-hidden="true" />
                <span className="fr-sr-only">devient</span>{" "}
              </>
            ) : null}
            <ins>{apres || "vide"}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
