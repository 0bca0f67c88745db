/** Publication of a convention or avenant at the land registry. */
import "../../styles/etape.css";
import "../../styles/signature.css";
import { useState } from "react";
import { useParams } from "react-router";
import { type Convention, useConvention } from "../../api/convention";
import { useConfiguration } from "../../app/configuration";
import { useSession } from "../../app/session/contexte";
import { DialogueAction } from "../../features/convention/DialogueAction";
import { EnTete } from "../../features/convention/EnTete";
import { type ActionPresentee, motsDe } from "../../features/convention/rules";
import { useDocuments } from "../../features/document/api";
import { PublicationVue } from "../../features/document/PublicationVue";
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
            <Skeleton forme="page" libelle="Chargement de la publication" />
          </div>
        </CadrePage>
      }
    >
      {(convention) => <Page key={uuid} convention={convention} />}
    </Requete>
  );
}

function Page({ convention }: { convention: Convention }) {
  const documents = useDocuments(convention.uuid);
  const session = useSession();
  const configuration = useConfiguration();
  const { afficher, effacer } = useMessages();
  const [demande, setDemande] = useState<ActionPresentee | null>(null);
  const fait = (code: string) => {
    setDemande(null);
    effacer();
    afficher({ severite: "success", titre: motsDe(code, "").fait });
    setTimeout(() => document.querySelector<HTMLElement>("main h1")?.focus(), 300);
  };
  return (
    <CadrePage className="ap-etape">
      <EnTete convention={convention} page="Publication" lectureSeule={session.habilitation?.lecture_seule ?? false} />
      <Requete
        requete={documents}
        bloc
        squelette={<Skeleton forme="fiche" libelle="Chargement des documents" />}
        titreErreur="Les documents n’ont pas pu être lus"
      >
        {(files) => (
          <PublicationVue
            convention={convention}
            documents={files}
            tailleMax={configuration.data?.limites.document_signe_octets ?? TAILLE_PAR_DEFAUT}
            onFait={fait}
            onDemander={(action) =>
              setDemande({ cle: action.code, action, libelle: action.libelle, lien: null, manques: [], malgre: false })
            }
          />
        )}
      </Requete>
      <DialogueAction
        convention={convention}
        demande={demande}
        commentaires={[]}
        brouillons={[]}
        message=""
        onMessage={() => undefined}
        onFermer={() => setDemande(null)}
        onFait={fait}
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
