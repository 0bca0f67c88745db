/** « Dossier 3 sur 12 », and the way to the previous and next files of the reader's queue. */
import { Lien } from "../../ui/Lien";
import { useFile } from "./api";
import { rangDansLaFile } from "./rules";

export function FileDossiers({ uuid }: { uuid: string }) {
  const { data: queue } = useFile(true);
  if (!queue || queue.length === 0) return null;
  const { numero, total, precedent, suivant } = rangDansLaFile(queue, uuid);
  if (numero === 0 && suivant) {
    return (
      <Lien
        to={suivant.lien}
        className="fr-btn fr-btn--sm fr-btn--tertiary fr-btn--icon-right fr-icon-arrow-right-line ap-ecran"
        title={`Dossier suivant : ${suivant.nom}`}
      >
        Dossier suivant ({total})
      </Lien>
    );
  }
  if (total < 2) return null;
  return (
    <nav className="ap-dossiers ap-ecran" aria-label="Dossiers qui attendent une action de votre part">
      {precedent ? (
        <Lien
          to={precedent.lien}
          className="fr-btn fr-btn--sm fr-btn--tertiary fr-icon-arrow-left-s-line"
          title={`Dossier précédent : ${precedent.nom}`}
        >
          Dossier précédent
        </Lien>
      ) : null}
      <span>
        Dossier {numero} sur {total}
      </span>
      {suivant ? (
        <Lien
          to={suivant.lien}
          className="fr-btn fr-btn--sm fr-btn--tertiary fr-icon-arrow-right-s-line"
          title={`Dossier suivant : ${suivant.nom}`}
        >
          Dossier suivant
        </Lien>
      ) : null}
    </nav>
  );
}
