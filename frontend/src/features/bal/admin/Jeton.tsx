/** The token of a client: shown once, in full, with what to do with it; then only where it begins and since when. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useEffect, useRef, useState } from "react";
import { formatInstant } from "../../../lib/dates";
import { useAnnonce } from "../../../ui/Annonces";
import { ConfirmDialog } from "../../../ui/ConfirmDialog";
import { useNouveauJeton } from "./api";
import type { Client } from "./contrat";

export function JetonRemis({ jeton, nom }: { jeton: string; nom: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [copie, setCopie] = useState(false);
  const annoncer = useAnnonce();
  useEffect(() => box.current?.focus(), []);
  const copy = async () => {
    // Refused on an insecure origin: the token stays readable and selectable.
    await navigator.clipboard?.writeText(jeton).then(
      () => {
        setCopie(true);
        annoncer("Jeton copié");
      },
      () => undefined,
    );
  };
  return (
    <div ref={box} tabIndex={-1} className="fr-alert fr-alert--success ap-bal-jeton">
      <h2 className="fr-alert__title">Jeton du client {nom}</h2>
      <p>Copiez-le maintenant : il ne sera plus jamais affiché. Son mandataire l’utilise pour déposer.</p>
      <p className="ap-bal-jeton__valeur">
        <code>{jeton}</code>
      </p>
      <Button size="small" iconId="fr-icon-clipboard-line" onClick={() => void copy()}>
        {copie ? "Jeton copié" : "Copier le jeton"}
      </Button>
    </div>
  );
}

type Props = { client: Client; lectureSeule: boolean; onJeton: (jeton: string) => void };

export function JetonEnService({ client, lectureSeule, onJeton }: Props) {
  const [asked, setAsked] = useState(false);
  const { mutate, isPending, error, reset } = useNouveauJeton(client.id);
  const renew = () =>
    mutate(undefined, {
      onSuccess: ({ jeton }) => {
        setAsked(false);
        if (jeton) onJeton(jeton);
      },
    });
  return (
    <section className="ap-bal-section" aria-labelledby="jeton">
      <h2 id="jeton" className="fr-h5">
        Jeton
      </h2>
      <p>
        Commence par <code>{client.jeton_prefixe}</code>, remis le {formatInstant(client.jeton_cree_le)}.
      </p>
      {lectureSeule ? null : (
        <>
          <Button
            priority="secondary"
            iconId="fr-icon-refresh-line"
            onClick={() => {
              reset();
              setAsked(true);
            }}
          >
            Remplacer le jeton
          </Button>
          <ConfirmDialog
            ouvert={asked}
            titre={`Remplacer le jeton du client ${client.nom}`}
            libelleConfirmer="Remplacer le jeton"
            libelleOccupe="Remplacement…"
            occupe={isPending}
            erreur={error}
            icone="fr-icon-warning-line"
            onConfirmer={renew}
            onFermer={() => setAsked(false)}
          >
            <p>
              Le jeton actuel cessera de fonctionner aussitôt : les dépôts de ce client seront refusés jusqu’à ce que le
              nouveau jeton soit installé. Le nouveau s’affichera une seule fois.
            </p>
          </ConfirmDialog>
        </>
      )}
    </section>
  );
}
