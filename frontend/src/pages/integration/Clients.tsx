/** /admin/clients-api: programs that may call the API. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { ClientsListe } from "../../features/integration/Clients";
import { TitrePage } from "../../ui/Page";
import { CadreIntegration } from "./Cadre";

export function Component() {
  return (
    <CadreIntegration chemin="/admin/clients-api">
      {(lectureSeule) => (
        <>
          <TitrePage
            titre="Clients d’API"
            chapeau={<p>Logiciels et services autorisés à appeler l’API, chacun avec son jeton et son périmètre.</p>}
          >
            {lectureSeule ? null : (
              <Button iconId="fr-icon-add-line" linkProps={{ to: "/admin/clients-api/nouveau" }}>
                Créer un client
              </Button>
            )}
          </TitrePage>
          <ClientsListe lectureSeule={lectureSeule} />
        </>
      )}
    </CadreIntegration>
  );
}
