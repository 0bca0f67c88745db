/** Current habilitation in the navigation, with the other validated ones and the page that manages them in SIAP. */
import { useState } from "react";
import { useNavigate } from "react-router";
import type { Session } from "../../api/dto";
import { phraseErreur } from "../../ui/ErrorState";
import { Lien } from "../../ui/Lien";
import { useMessages } from "../../ui/Messages";
import { useContratSession } from "../session/contexte";

const MENU = "menu-habilitations";
/** The menu shows this many; the page of habilitations shows them all. */
const MAX_DANS_LE_MENU = 6;

export function HabilitationMenu({ session }: { session: Session }) {
  const { changerHabilitation } = useContratSession();
  const { afficher } = useMessages();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const current = session.habilitation;
  const others = session.habilitations.filter((h) => h.utilisable && !h.courante);
  const title = current ? current.entete || current.role_libelle : "Aucune habilitation";

  const change = async (id: number, label: string) => {
    if (busy) return;
    setBusy(true);
    try {
      await changerHabilitation(id);
      afficher({ severite: "success", titre: `Vous travaillez maintenant pour ${label}.` });
      navigate("/conventions");
    } catch (error) {
      afficher({ severite: "error", titre: "L’habilitation n’a pas pu être changée", detail: phraseErreur(error) });
    } finally {
      setBusy(false);
    }
  };

  return (
    <li className="fr-nav__item fr-nav__item--align-right ap-habilitation">
      <button className="fr-nav__btn ap-habilitation__bouton" type="button" aria-expanded="false" aria-controls={MENU}>
        <span className="fr-icon-building-line fr-icon--sm" aria-hidden="true" />
        <span className="ap-habilitation__nom">
          <span className="fr-sr-only">Habilitation : </span>
          {title}
          {current?.sous_titre1 ? <span className="ap-habilitation__detail">{current.sous_titre1}</span> : null}
        </span>
      </button>
      <div className="fr-collapse fr-menu" id={MENU}>
        <ul className="fr-menu__list">
          {others.slice(0, MAX_DANS_LE_MENU).map((h) => (
            <li key={h.id}>
              <button
                type="button"
                className="fr-nav__link ap-habilitation__choix"
                aria-disabled={busy || undefined}
                onClick={() => void change(h.id, h.entete)}
              >
                <span>{h.entete}</span>
                <span className="ap-habilitation__detail">
                  {[h.sous_titre1, h.sous_titre2].filter(Boolean).join(", ")}
                  {h.lecture_seule ? " (lecture seule)" : ""}
                </span>
              </button>
            </li>
          ))}
          <li>
            <Lien className="fr-nav__link" to="/habilitations">
              {others.length > 0 ? "Toutes mes habilitations" : "Mon habilitation"}
            </Lien>
          </li>
          {session.liens.gestion_habilitations ? (
            <li>
              <a
                className="fr-nav__link"
                href={session.liens.gestion_habilitations}
                target="_blank"
                rel="noopener noreferrer"
                title="Gérer mes habilitations dans le SIAP (nouvelle fenêtre)"
              >
                Gérer mes habilitations
              </a>
            </li>
          ) : null}
        </ul>
      </div>
    </li>
  );
}
