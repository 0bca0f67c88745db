/** Way to an operation by its number: where the creation of a convention starts. */
import { SearchBar } from "@codegouvfr/react-dsfr/SearchBar";
import { useEffect } from "react";
import { useSearchParams } from "react-router";
import { useRechercheOperation } from "../../features/operation/api";
import { Proches } from "../../features/operation/Proches";
import { Proposees } from "../../features/operation/Proposees";
import { compte } from "../../lib/nombres";
import { useAnnonce } from "../../ui/Annonces";
import { EmptyState } from "../../ui/EmptyState";
import { FilAriane } from "../../ui/FilAriane";
import { CadrePage, TitrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";

export function Component() {
  const [params, setParams] = useSearchParams();
  const q = (params.get("q") ?? "").trim();
  const requete = useRechercheOperation(q);
  const annoncer = useAnnonce();
  const total = requete.data?.length;
  useEffect(() => {
    if (total !== undefined) annoncer(compte(total, "opération"));
  }, [total, annoncer]);

  return (
    <CadrePage>
      <FilAriane page="Opérations" />
      <TitrePage
        titre="Ouvrir une opération"
        chapeau={
          <p>
            Chaque convention part d’une opération du SIAP. Saisissez son numéro, ou choisissez-la dans votre liste :
            vous verrez ses financements, leurs conventions, et celles qu’il reste à créer.
          </p>
        }
      />
      <div className="ap-recherche-operation">
        <SearchBar
          label="Numéro d’opération"
          big
          onButtonClick={(text) => setParams(text.trim() ? { q: text.trim() } : {})}
          renderInput={({ id, className, type }) => (
            <input
              id={id}
              className={className}
              type={type}
              name="q"
              autoComplete="off"
              defaultValue={q}
              placeholder="Numéro d’opération, par exemple 20260400012345"
            />
          )}
        />
      </div>
      {q.length > 0 && q.length < 3 ? <p className="fr-mt-2w">Saisissez au moins trois caractères.</p> : null}
      {q.length >= 3 ? (
        <section aria-labelledby="resultats" className="fr-mt-4w">
          <h2 id="resultats" className="fr-h5">
            {total === undefined ? "Recherche en cours" : compte(total, "opération")}
          </h2>
          <Requete
            requete={requete}
            bloc
            squelette={<Skeleton forme="cartes" nombre={3} libelle="Recherche de l’opération" />}
            titreErreur="La recherche n’a pas abouti"
          >
            {(operations) =>
              operations.length > 0 ? (
                <Proches operations={operations} />
              ) : (
                <EmptyState titre={`Aucune opération pour « ${q} »`} niveau={3} icone="fr-icon-search-line">
                  <p>Vérifiez le numéro dans le SIAP. L’opération doit être dans le périmètre de votre habilitation.</p>
                </EmptyState>
              )
            }
          </Requete>
        </section>
      ) : (
        <Proposees />
      )}
    </CadrePage>
  );
}
