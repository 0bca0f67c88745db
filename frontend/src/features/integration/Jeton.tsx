/** The token in force: where it begins, since when; a new one, or the end of the client. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { RadioButtons } from "@codegouvfr/react-dsfr/RadioButtons";
import { useState } from "react";
import { formatInstant, ilYA } from "../../lib/dates";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { useMessages } from "../../ui/Messages";
import { useRevocation, useRotation } from "./api";
import type { ClientAPI } from "./contrat";

const DELAIS = [
  { heures: 24, libelle: "Pendant 24 heures" },
  { heures: 168, libelle: "Pendant 7 jours" },
  { heures: 0, libelle: "Non, il s’arrête aussitôt" },
] as const;

type Props = { client: ClientAPI; lectureSeule: boolean; onJeton: (jeton: string) => void };

export function JetonEnService({ client, lectureSeule, onJeton }: Props) {
  return (
    <section className="ap-int-section" aria-labelledby="jeton">
      <h2 id="jeton" className="fr-h5">
        Jeton
      </h2>
      <p>
        Commence par <code>{client.prefixe}</code>, remis le {formatInstant(client.jeton_cree_le)}.{" "}
        {client.derniere_utilisation_le
          ? `Dernière utilisation ${ilYA(client.derniere_utilisation_le)}.`
          : "Il n’a jamais servi."}
      </p>
      {client.ancien_jeton_jusqu_au ? (
        <p className="fr-message fr-message--info">
          Le jeton précédent fonctionne encore jusqu’au {formatInstant(client.ancien_jeton_jusqu_au)}.
        </p>
      ) : null}
      {lectureSeule || client.etat === "REVOQUE" ? null : (
        <div className="ap-int-actions">
          <Rotation client={client} onJeton={onJeton} />
          <Revocation client={client} />
        </div>
      )}
    </section>
  );
}

function Rotation({ client, onJeton }: Pick<Props, "client" | "onJeton">) {
  const [asked, setAsked] = useState(false);
  const [grace, setGrace] = useState<number>(DELAIS[0].heures);
  const { mutate, isPending, error, reset } = useRotation(client);
  const renew = () =>
    mutate(grace, {
      onSuccess: ({ jeton }) => {
        setAsked(false);
        onJeton(jeton);
      },
    });
  return (
    <>
      <Button
        priority="secondary"
        iconId="fr-icon-refresh-line"
        onClick={() => {
          reset();
          setAsked(true);
        }}
      >
        Donner un nouveau jeton
      </Button>
      <ConfirmDialog
        ouvert={asked}
        titre={`Nouveau jeton pour ${client.nom}`}
        libelleConfirmer="Donner un nouveau jeton"
        libelleOccupe="Remplacement…"
        occupe={isPending}
        erreur={error}
        icone="fr-icon-warning-line"
        onConfirmer={renew}
        onFermer={() => setAsked(false)}
      >
        <p>Le nouveau jeton s’affichera une seule fois.</p>
        <RadioButtons
          legend="Le jeton actuel doit-il encore fonctionner ?"
          options={DELAIS.map(({ heures, libelle }) => ({
            label: libelle,
            nativeInputProps: { value: heures, checked: grace === heures, onChange: () => setGrace(heures) },
          }))}
        />
      </ConfirmDialog>
    </>
  );
}

function Revocation({ client }: { client: ClientAPI }) {
  const [asked, setAsked] = useState(false);
  const { mutate, isPending, error, reset } = useRevocation(client);
  const { afficher } = useMessages();
  const revoke = () =>
    mutate(undefined, {
      onSuccess: () => {
        setAsked(false);
        afficher({ severite: "success", titre: `Le client ${client.nom} est révoqué.` });
      },
    });
  return (
    <>
      <Button
        priority="tertiary"
        iconId="fr-icon-close-circle-line"
        onClick={() => {
          reset();
          setAsked(true);
        }}
      >
        Révoquer le client
      </Button>
      <ConfirmDialog
        ouvert={asked}
        titre={`Révoquer le client ${client.nom}`}
        libelleConfirmer="Révoquer le client"
        libelleOccupe="Révocation…"
        occupe={isPending}
        erreur={error}
        icone="fr-icon-warning-line"
        onConfirmer={revoke}
        onFermer={() => setAsked(false)}
      >
        <p>
          C’est définitif : ses jetons seront refusés et ses webhooks ne recevront plus rien. Ce qu’il a fait garde son
          nom dans l’historique.
        </p>
      </ConfirmDialog>
    </>
  );
}
