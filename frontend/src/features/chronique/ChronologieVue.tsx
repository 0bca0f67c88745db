/** What happened to a convention and its avenants, on a line, the latest first, with the documents that say so (JO-13). */

import { EmptyState } from "../../ui/EmptyState";
import { Lien } from "../../ui/Lien";
import { Pages } from "../../ui/Pages";
import { Timeline } from "../../ui/Timeline";
import type { Chronologie } from "./api";
import { Pieces } from "./Pieces";
import { iconeDe, libelleLien, quandDe } from "./rules";

type Props = { uuid: string; chronologie: Chronologie; adresse: (page: number) => string };

export function ChronologieVue({ uuid, chronologie, adresse }: Props) {
  const { resultats, page, par_page, total } = chronologie;
  if (resultats.length === 0) {
    return (
      <EmptyState titre="Rien à raconter pour l’instant" niveau={3} icone="fr-icon-time-line">
        <p>La signature, les avenants et la publication s’inscriront ici.</p>
      </EmptyState>
    );
  }
  return (
    <>
      <Timeline
        libelle="Vie de la convention, du plus récent au plus ancien"
        evenements={resultats.map((element, index) => {
          const link = libelleLien(element, uuid);
          return {
            id: `${element.nature}${element.evenement_uuid ?? element.convention_uuid}${element.jour ?? ""}${index}`,
            le: element.jour ?? "",
            quand: quandDe(element),
            fort: element.nature !== "EVENEMENT",
            icone: iconeDe(element),
            titre: element.titre,
            contenu: (
              <>
                {element.detail ? <p className="ap-texte-long fr-mb-1v">{element.detail}</p> : null}
                <Pieces pieces={element.documents} libelle={`Documents : ${element.titre}`} />
                {link ? (
                  <Lien className="fr-link fr-link--sm" to={element.lien}>
                    {link}
                    <span className="fr-sr-only"> : {element.titre}</span>
                  </Lien>
                ) : null}
              </>
            ),
          };
        })}
      />
      <Pages total={total} parPage={par_page} page={page} adresse={adresse} />
    </>
  );
}
