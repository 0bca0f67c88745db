/** What is done to a webhook besides its settings: another secret, its end. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useState } from "react";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { useNouveauSecret, useSuppression } from "./api";
import type { Webhook } from "./contrat";

type Props = { webhook: Webhook; onSecret: (secret: string) => void; onSupprime: () => void };

export function ActionsWebhook({ webhook, onSecret, onSupprime }: Props) {
  const [asked, setAsked] = useState<"secret" | "suppression" | null>(null);
  const secret = useNouveauSecret(webhook);
  const removal = useSuppression(webhook);
  return (
    <section className="ap-int-section" aria-labelledby="secret">
      <h2 id="secret" className="fr-h5">
        Secret de signature
      </h2>
      <p>
        L’en-tête <code>X-Apilos-Signature</code> de chaque livraison prouve qu’elle vient d’ici : le destinataire la
        vérifie avec le secret, remis à la création.
      </p>
      <div className="ap-int-actions">
        <Button
          priority="secondary"
          iconId="fr-icon-refresh-line"
          onClick={() => {
            secret.reset();
            setAsked("secret");
          }}
        >
          Renouveler le secret
        </Button>
        <Button
          priority="tertiary"
          iconId="fr-icon-delete-line"
          onClick={() => {
            removal.reset();
            setAsked("suppression");
          }}
        >
          Supprimer le webhook
        </Button>
      </div>
      <ConfirmDialog
        ouvert={asked === "secret"}
        titre="Renouveler le secret"
        libelleConfirmer="Renouveler le secret"
        libelleOccupe="Renouvellement…"
        occupe={secret.isPending}
        erreur={secret.error}
        icone="fr-icon-warning-line"
        onConfirmer={() =>
          secret.mutate(undefined, {
            onSuccess: (answer) => {
              setAsked(null);
              onSecret(answer.secret);
            },
          })
        }
        onFermer={() => setAsked(null)}
      >
        <p>
          Dès la prochaine livraison, l’ancien secret ne vérifiera plus rien. Le nouveau s’affichera une seule fois.
        </p>
      </ConfirmDialog>
      <ConfirmDialog
        ouvert={asked === "suppression"}
        titre="Supprimer le webhook"
        libelleConfirmer="Supprimer le webhook"
        libelleOccupe="Suppression…"
        occupe={removal.isPending}
        erreur={removal.error}
        icone="fr-icon-warning-line"
        onConfirmer={() => removal.mutate(undefined, { onSuccess: onSupprime })}
        onFermer={() => setAsked(null)}
      >
        <p>Ses livraisons et leur journal sont supprimés avec lui ; ce qui attendait ne partira pas.</p>
      </ConfirmDialog>
    </section>
  );
}
