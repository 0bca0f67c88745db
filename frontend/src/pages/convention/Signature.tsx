/** P60: deposit, preview and date of the signed document; afterwards, the signed document. */
import "../../styles/etape.css";
import "../../styles/signature.css";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { type Convention, useConvention } from "../../api/convention";
import { useConfiguration } from "../../app/configuration";
import { useSession } from "../../app/session/contexte";
import { DialogueAction } from "../../features/convention/DialogueAction";
import { EnTete } from "../../features/convention/EnTete";
import { type ActionPresentee, motsDe, presenterActions } from "../../features/convention/rules";
import { useDocuments } from "../../features/document/api";
import { SignatureVue } from "../../features/document/SignatureVue";
import { useEnLigne } from "../../lib/useEnLigne";
import { useMessages } from "../../ui/Messages";
import { CadrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";

/** Used until the limits of the API are known; the server has the last word. */
const TAILLE_PAR_DEFAUT = 500 * 1024 * 1024;

export function Component() {
  const { uuid = "" } = useParams();
  const requete = useConvention(uuid);
  return (
    <Requete
      requete={requete}
      squelette={
        <CadrePage>
          <div className="fr-pt-6w">
            <Skeleton forme="page" libelle="Chargement de la signature" />
          </div>
        </CadrePage>
      }
    >
      {(convention) => <Page key={uuid} convention={convention} />}
    </Requete>
  );
}

function Page({ convention }: { convention: Convention }) {
  const { uuid } = convention;
  const documents = useDocuments(uuid);
  const session = useSession();
  const configuration = useConfiguration();
  const online = useEnLigne();
  const navigate = useNavigate();
  const { afficher } = useMessages();
  const [demande, setDemande] = useState<ActionPresentee | null>(null);
  const [message, setMessage] = useState("");
  const retour = actionDeRetour(convention);
  return (
    <CadrePage className="ap-etape">
      <EnTete convention={convention} page="Signature" lectureSeule={session.habilitation?.lecture_seule ?? false} />
      <Requete
        requete={documents}
        bloc
        squelette={<Skeleton forme="fiche" libelle="Chargement des documents" />}
        titreErreur="Les documents n’ont pas pu être lus"
      >
        {(files) => (
          <SignatureVue
            convention={convention}
            documents={files}
            tailleMax={configuration.data?.limites.document_signe_octets ?? TAILLE_PAR_DEFAUT}
            retour={
              retour
                ? {
                    code: retour.cle,
                    libelle: retour.libelle,
                    onActiver: () => setDemande(retour),
                    indisponible: online ? null : "Indisponible hors connexion",
                  }
                : null
            }
          />
        )}
      </Requete>
      <DialogueAction
        convention={convention}
        demande={demande}
        commentaires={[]}
        brouillons={[]}
        message={message}
        onMessage={setMessage}
        onFermer={() => setDemande(null)}
        onFait={(code) => {
          afficher({
            severite: "success",
            titre: motsDe(code, "").fait,
            detail: "Le document signé déjà déposé a été archivé.",
          });
          navigate(`/conventions/${uuid}/recapitulatif`);
        }}
        onChange={() => {
          setDemande(null);
          afficher({
            severite: "warning",
            titre: "Le dossier a changé entre-temps",
            detail: "Il vient d’être relu et rien n’a été fait. Vérifiez-le, puis recommencez.",
          });
        }}
      />
    </CadrePage>
  );
}

/** T09, for the side that instructs. */
function actionDeRetour(convention: Convention): ActionPresentee | null {
  const { principale, courantes, rares } = presenterActions(convention, 0);
  return (
    [...(principale ? [principale] : []), ...courantes, ...rares].find(
      ({ action }) => action.code === "revenir_instruction",
    ) ?? null
  );
}
