/** /conventions/ajout/{numero} (P22, step 2). A number may hold slashes: the route takes the rest of the path. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useNavigate, useParams } from "react-router";
import { hasStatus } from "../../api/problem";
import { useOperationChoisie } from "../../features/creation/api";
import { AjoutSurOperation } from "../../features/creation/FormulaireConvention";
import { EmptyState } from "../../ui/EmptyState";
import { useMessages } from "../../ui/Messages";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { CadreCreation, EtapesAjout, NOUVELLE } from "./Cadre";

const AJOUT = { libelle: "Ajouter une convention existante", lien: "/conventions/ajout" };

export function Component() {
  const numero = useParams()["*"] ?? "";
  const requete = useOperationChoisie(numero);
  const navigate = useNavigate();
  const { afficher } = useMessages();
  return (
    <CadreCreation ajout titre="Convention déjà signée" parents={[NOUVELLE, AJOUT]}>
      <EtapesAjout courante={2} />
      {hasStatus(requete.error, 404) ? (
        <EmptyState
          titre={`L’opération ${numero} est introuvable`}
          icone="fr-icon-search-line"
          actions={<Button linkProps={{ to: "/conventions/ajout" }}>Chercher une autre opération</Button>}
        >
          <p>Vérifiez le numéro dans le SIAP. L’opération doit être dans le périmètre de votre habilitation.</p>
        </EmptyState>
      ) : (
        <Requete
          requete={requete}
          bloc
          squelette={<Skeleton forme="page" libelle="Chargement de l’opération" />}
          titreErreur="L’opération n’a pas pu être lue"
        >
          {(operation) => (
            <AjoutSurOperation
              operation={operation}
              onAjoutee={({ uuid, numero: attribue }) => {
                afficher({ severite: "success", titre: `Convention n° ${attribue} enregistrée` });
                navigate(`/conventions/ajout/${uuid}/avenants`);
              }}
            />
          )}
        </Requete>
      )}
    </CadreCreation>
  );
}
