/** /admin/webhooks: addresses told of what happens. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { WebhooksListe } from "../../features/integration/Webhooks";
import { TitrePage } from "../../ui/Page";
import { CadreIntegration } from "./Cadre";

export function Component() {
  return (
    <CadreIntegration chemin="/admin/webhooks">
      {(lectureSeule) => (
        <>
          <TitrePage
            titre="Webhooks"
            chapeau={<p>Adresses prévenues de ce qui se passe. Les clients d’API gèrent les leurs eux-mêmes.</p>}
          >
            {lectureSeule ? null : (
              <Button iconId="fr-icon-add-line" linkProps={{ to: "/admin/webhooks/nouveau" }}>
                Créer un webhook
              </Button>
            )}
          </TitrePage>
          <WebhooksListe lectureSeule={lectureSeule} />
        </>
      )}
    </CadreIntegration>
  );
}
