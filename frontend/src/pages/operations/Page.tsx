/** P13: one operation, its conventions, the creation of the missing ones. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useParams } from "react-router";
import { hasStatus } from "../../api/problem";
import { useOperation, useRechercheOperation } from "../../features/operation/api";
import { OperationVue } from "../../features/operation/OperationVue";
import { Proches } from "../../features/operation/Proches";
import { FilAriane } from "../../ui/FilAriane";
import { NotFound } from "../../ui/NotFound";
import { CadrePage, TitrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";

const PARENTS = [{ libelle: "Opérations", lien: "/operations" }];

export function Component() {
  const numero = useParams()["*"] ?? "";
  const requete = useOperation(numero);
  if (hasStatus(requete.error, 404)) return <Inconnue numero={numero} />;
  if (hasStatus(requete.error, 403)) {
    return (
      <NotFound
        titre={`Opération ${numero} inaccessible`}
        detail={requete.error.detail}
        reference={requete.error.requestId}
      />
    );
  }
  return (
    <CadrePage>
      <FilAriane parents={PARENTS} page={`Opération ${numero}`} />
      <TitrePage
        titre={requete.data ? requete.data.nom || `Opération ${numero}` : `Opération ${numero}`}
        onglet={`Opération ${numero}`}
        chapeau={requete.data?.nom ? <p>Opération n° {numero}</p> : null}
      />
      <Requete
        requete={requete}
        bloc
        squelette={
          <>
            <Skeleton forme="fiche" nombre={4} />
            <div className="fr-mt-4w">
              <Skeleton forme="tableau" nombre={4} libelle="Lecture de l’opération" />
            </div>
          </>
        }
        titreErreur="L’opération n’a pas pu être lue"
      >
        {(operation) => (
          <OperationVue
            operation={operation}
            actualisation={requete.isFetching}
            onActualiser={() => void requete.refetch()}
          />
        )}
      </Requete>
    </CadrePage>
  );
}

function Inconnue({ numero }: { numero: string }) {
  const near = useRechercheOperation(numero);
  return (
    <CadrePage>
      <FilAriane parents={PARENTS} page={`Opération ${numero}`} />
      <TitrePage titre={`L’opération ${numero} n’existe pas dans le SIAP`} onglet="Opération inconnue" />
      <p>
        Elle n’existe pas, ou elle n’est pas dans le périmètre de votre habilitation. Vérifiez le numéro, ou cherchez
        les conventions qui le portent déjà.
      </p>
      {near.data && near.data.length > 0 ? (
        <>
          <h2 className="fr-h5">Opérations au numéro proche</h2>
          <Proches operations={near.data} />
        </>
      ) : null}
      <ul className="fr-btns-group fr-btns-group--inline">
        <li>
          <Button linkProps={{ to: "/operations" }}>Chercher une autre opération</Button>
        </li>
        <li>
          <Button priority="secondary" linkProps={{ to: `/conventions?numero=${encodeURIComponent(numero)}` }}>
            Chercher dans les conventions
          </Button>
        </li>
      </ul>
    </CadrePage>
  );
}
