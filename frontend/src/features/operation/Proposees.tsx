/** « Vos opérations dans le SIAP »: pick one instead of typing its number. The page works without this list. */
import { Input } from "@codegouvfr/react-dsfr/Input";
import { useMemo, useState } from "react";
import type { OperationsProposees } from "../../api/dto";
import { lienOperation } from "../../lib/liens";
import { compte } from "../../lib/nombres";
import { Lien } from "../../ui/Lien";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { useOperationsProposees } from "./api";
import { filtrerProposees } from "./rules";

/** Shown at once; the filter finds the others. */
const AFFICHEES = 20;

export function Proposees() {
  const requete = useOperationsProposees(true);
  return (
    <section aria-labelledby="operations-siap" className="fr-mt-6w">
      <h2 id="operations-siap" className="fr-h5">
        Vos opérations dans le SIAP
      </h2>
      <Requete
        requete={requete}
        bloc
        squelette={<Skeleton forme="cartes" nombre={3} libelle="Lecture de vos opérations" />}
        titreErreur="La liste de vos opérations n’a pas pu être lue"
      >
        {(liste) =>
          liste.message ? (
            <p className="fr-hint-text">{liste.message.detail}</p>
          ) : liste.resultats.length === 0 ? (
            <p>Le SIAP ne donne aucune opération à votre habilitation.</p>
          ) : (
            <Choix liste={liste} />
          )
        }
      </Requete>
    </section>
  );
}

function Choix({ liste }: { liste: OperationsProposees }) {
  const [q, setQ] = useState("");
  const [toutes, setToutes] = useState(false);
  const found = useMemo(() => filtrerProposees(liste.resultats, q), [liste, q]);
  const shown = toutes ? found : found.slice(0, AFFICHEES);
  return (
    <>
      {liste.resultats.length > 5 ? (
        <Input
          className="ap-proposees__filtre"
          label="Filtrer par numéro, nom ou adresse"
          nativeInputProps={{ value: q, autoComplete: "off", onChange: (event) => setQ(event.target.value) }}
        />
      ) : null}
      <p role="status">
        {compte(found.length, "opération")}
        {liste.total > liste.resultats.length ? `, parmi les ${liste.resultats.length} plus récentes` : ""}
      </p>
      <ul className="fr-raw-list ap-resultats-operation">
        {shown.map(({ numero, nom, adresse, aides, connue }) => (
          <li key={numero} className="ap-carte-ligne">
            <Lien to={lienOperation(numero)} className="ap-ligne__lien">
              {nom || `Opération ${numero}`}
            </Lien>
            {connue ? <span className="fr-badge fr-badge--sm fr-badge--info fr-ml-1w">Déjà dans APiLos</span> : null}
            <p className="ap-ligne__faits">{[`N° ${numero}`, adresse, aides.join(", ")].filter(Boolean).join(" · ")}</p>
          </li>
        ))}
      </ul>
      {found.length > shown.length ? (
        <button type="button" className="fr-btn fr-btn--secondary fr-mt-2w" onClick={() => setToutes(true)}>
          Afficher les {found.length} opérations
        </button>
      ) : null}
    </>
  );
}
