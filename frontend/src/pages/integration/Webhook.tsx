/** /admin/webhooks/:id, and « nouveau »: one webhook and its deliveries. */
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useWebhook } from "../../features/integration/api";
import { WebhookFiche } from "../../features/integration/Fiche";
import { Livraisons } from "../../features/integration/Livraisons";
import { Secret } from "../../features/integration/Secret";
import { ActionsWebhook } from "../../features/integration/WebhookActions";
import { NouveauWebhook, ReglagesWebhook } from "../../features/integration/WebhookForm";
import { useMessages } from "../../ui/Messages";
import { NotFound } from "../../ui/NotFound";
import { TitrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { CadreIntegration } from "./Cadre";

const NOUVEAU = "nouveau";
const CHEMIN = "/admin/webhooks";

/** A secret just given lives here only, until the page is left. */
export function Component() {
  const { id = NOUVEAU } = useParams();
  const [remis, setRemis] = useState<{ uuid: string; secret: string } | null>(null);
  const navigate = useNavigate();
  const { afficher } = useMessages();
  const requete = useWebhook(id === NOUVEAU ? null : id);
  if (id === NOUVEAU) {
    return (
      <CadreIntegration chemin={CHEMIN} page="Nouveau webhook">
        {(lectureSeule) =>
          lectureSeule ? (
            <NotFound />
          ) : (
            <>
              <TitrePage titre="Créer un webhook" />
              <NouveauWebhook
                onCree={({ webhook, secret }) => {
                  setRemis({ uuid: webhook.uuid, secret });
                  afficher({ severite: "success", titre: "Le webhook est créé." });
                  navigate(`${CHEMIN}/${webhook.uuid}`, { replace: true });
                }}
              />
            </>
          )
        }
      </CadreIntegration>
    );
  }
  return (
    <CadreIntegration chemin={CHEMIN} page={requete.data?.description || "Webhook"}>
      {(lectureSeule) => (
        <Requete requete={requete}>
          {(webhook) => (
            <>
              <TitrePage titre={webhook.description || "Webhook"} page={`webhook-${webhook.uuid}`} />
              {remis?.uuid === webhook.uuid ? (
                <Secret
                  titre="Secret de signature"
                  valeur={remis.secret}
                  libelleCopier="Copier le secret"
                  libelleCopie="Secret copié"
                >
                  <p>
                    Copiez-le maintenant : il ne sera plus jamais affiché. Le destinataire en a besoin pour vérifier.
                  </p>
                </Secret>
              ) : null}
              {lectureSeule ? (
                <WebhookFiche webhook={webhook} />
              ) : (
                <ReglagesWebhook
                  key={webhook.version}
                  webhook={webhook}
                  onEnregistre={() => afficher({ severite: "success", titre: "Le webhook est enregistré." })}
                />
              )}
              <Livraisons webhook={webhook.uuid} lectureSeule={lectureSeule} />
              {lectureSeule ? null : (
                <ActionsWebhook
                  webhook={webhook}
                  onSecret={(secret) => setRemis({ uuid: webhook.uuid, secret })}
                  onSupprime={() => {
                    afficher({ severite: "success", titre: "Le webhook est supprimé." });
                    navigate(CHEMIN, { replace: true });
                  }}
                />
              )}
            </>
          )}
        </Requete>
      )}
    </CadreIntegration>
  );
}
