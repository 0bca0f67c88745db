/** P22, step 1: the operation of a signed convention, by its number. */
import { SearchBar } from "@codegouvfr/react-dsfr/SearchBar";
import { useEffect } from "react";
import type { OperationTrouvee } from "../../api/dto";
import { compte } from "../../lib/nombres";
import { useAnnonce } from "../../ui/Annonces";
import { type Colonne, DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { Lien } from "../../ui/Lien";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { useOperationsTrouvees } from "./api";
import { NATURES, type NatureSaisie } from "./rules";

/** Address of the second step; a number may hold slashes, which stay in the path. */
export const lienAjout = (numero: string): string =>
  `/conventions/ajout/${numero.split("/").map(encodeURIComponent).join("/")}`;

const COLONNES: Colonne<OperationTrouvee>[] = [
  {
    cle: "numero",
    titre: "Numéro",
    enTete: true,
    rendu: ({ numero, correspondance_exacte }) => (
      <>
        <Lien to={lienAjout(numero)}>{numero}</Lien>
        {correspondance_exacte ? (
          <span className="fr-badge fr-badge--sm fr-badge--success fr-ml-1w">Numéro exact</span>
        ) : null}
      </>
    ),
  },
  { cle: "nom", titre: "Nom", rendu: ({ nom }) => nom || "Sans nom" },
  { cle: "bailleur", titre: "Bailleur", rendu: ({ bailleur }) => bailleur || "Non renseigné" },
  {
    cle: "nature",
    titre: "Nature",
    rendu: ({ nature_logement: nature }) => NATURES[nature as NatureSaisie] ?? nature,
  },
  { cle: "commune", titre: "Commune", rendu: ({ commune }) => commune },
];

export function RechercheOperation({ q, onChercher }: { q: string; onChercher: (q: string) => void }) {
  const requete = useOperationsTrouvees(q);
  const annoncer = useAnnonce();
  const operations = requete.data;
  useEffect(() => {
    if (operations) annoncer(compte(operations.length, "opération"));
  }, [operations, annoncer]);
  return (
    <>
      <div className="ap-recherche-operation">
        <SearchBar
          label="Numéro d’opération"
          big
          onButtonClick={(text) => onChercher(text.trim())}
          renderInput={({ id, className, type }) => (
            <input
              id={id}
              className={className}
              type={type}
              name="q"
              autoComplete="off"
              defaultValue={q}
              placeholder="Numéro d’opération, par exemple 20240100777"
            />
          )}
        />
      </div>
      {q.length > 0 && q.length < 3 ? <p className="fr-mt-2w">Saisissez au moins trois caractères.</p> : null}
      {q.length >= 3 ? (
        <section aria-labelledby="operations-trouvees" className="fr-mt-4w">
          <h2 id="operations-trouvees" className="fr-h5">
            {operations === undefined ? "Recherche en cours" : compte(operations.length, "opération")}
          </h2>
          <Requete
            requete={requete}
            bloc
            squelette={<Skeleton forme="tableau" nombre={3} libelle="Recherche de l’opération" />}
            titreErreur="La recherche n’a pas abouti"
          >
            {(trouvees) => (
              <>
                {trouvees.length > 0 && !trouvees[0]?.correspondance_exacte ? (
                  <p>Aucune opération n’a exactement ce numéro : voici celles dont le numéro lui ressemble.</p>
                ) : null}
                <DataTable
                  legende="Opérations trouvées"
                  colonnes={COLONNES}
                  lignes={trouvees}
                  cleDe={({ numero }) => numero}
                  vide={
                    <EmptyState titre={`Aucune opération pour « ${q} »`} niveau={3} icone="fr-icon-search-line">
                      <p>
                        Vérifiez le numéro dans le SIAP. L’opération doit être dans le périmètre de votre habilitation.
                      </p>
                    </EmptyState>
                  }
                />
              </>
            )}
          </Requete>
        </section>
      ) : null}
    </>
  );
}
