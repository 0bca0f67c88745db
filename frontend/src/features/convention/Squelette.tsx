import { Skeleton } from "../../ui/Skeleton";

/** The récapitulatif before its data: title, situation, steps, cards, in their final places. */
export function Squelette({ marge = false }: { marge?: boolean }) {
  return (
    <div className="fr-container ap-cadre" aria-busy="true">
      <div className="fr-mt-3w">
        <Skeleton forme="page" nombre={4} libelle="Chargement de la convention" />
      </div>
      <div className={marge ? "ap-recap ap-recap--marge fr-mt-4w" : "ap-recap fr-mt-4w"}>
        <div className="ap-recap__etapes">
          <Skeleton forme="lignes" nombre={9} />
        </div>
        <div className="ap-recap__cartes">
          <Skeleton forme="cartes" nombre={4} />
        </div>
        {marge ? (
          <div className="ap-marge">
            <Skeleton forme="lignes" nombre={5} />
          </div>
        ) : null}
      </div>
    </div>
  );
}
