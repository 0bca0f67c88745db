/** Sending lost messages again: one, after its detail or from the list, or all those of the criteria. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Input } from "@codegouvfr/react-dsfr/Input";
import { useEffect, useRef, useState } from "react";
import { nouvelleCle } from "../../../api/client";
import { formatDate } from "../../../lib/dates";
import { compte } from "../../../lib/nombres";
import { ConfirmDialog } from "../../../ui/ConfirmDialog";
import { useMessages } from "../../../ui/Messages";
import { Skeleton } from "../../../ui/Skeleton";
import { type DemandeRelances, useRelance, useRelances } from "./api";
import { criteres, type FiltresAlertes } from "./filtres";
import { type Alerte, CANAUX, destinataireDe, titreDe } from "./rules";

const MOTIF_MIN = 5;
const MOTIF_MAX = 500;

function Motif({ valeur, refus, onChange }: { valeur: string; refus: string | null; onChange: (v: string) => void }) {
  return (
    <Input
      textArea
      label="Raison de la relance"
      hintText="Gardée au journal, de 5 à 500 caractères."
      state={refus ? "error" : "default"}
      stateRelatedMessage={refus ?? undefined}
      nativeTextAreaProps={{ value: valeur, rows: 2, maxLength: MOTIF_MAX, onChange: (e) => onChange(e.target.value) }}
    />
  );
}

type UneProps = { alerte: Alerte | null; onFermer: () => void };

/** Confirmation for one message. */
export function RelanceDialogue({ alerte, onFermer }: UneProps) {
  const { mutate, isPending, error, reset } = useRelance();
  const { afficher } = useMessages();
  const cle = useRef("");
  const last = useRef<Alerte | null>(null);
  useEffect(() => {
    if (!alerte) return;
    cle.current = nouvelleCle();
    reset();
  }, [alerte, reset]);
  if (alerte) last.current = alerte;
  const shown = alerte ?? last.current;
  if (!shown) return null;
  const confirm = () =>
    mutate(
      { uuid: shown.uuid, motif: "", cle: cle.current },
      {
        onSuccess: () => {
          onFermer();
          afficher({ severite: "success", titre: `Message relancé : ${titreDe(shown)}.` });
        },
      },
    );
  return (
    <ConfirmDialog
      ouvert={alerte !== null}
      titre="Relancer ce message"
      libelleConfirmer="Relancer"
      libelleOccupe="Relance…"
      occupe={isPending}
      erreur={error}
      onConfirmer={confirm}
      onFermer={onFermer}
      icone="fr-icon-arrow-right-line"
    >
      <p>
        « {titreDe(shown)} », pour {destinataireDe(shown).toLowerCase()}, repart avec de nouveaux essais pendant 24
        heures.
      </p>
      {shown.canal === "ALERTE_SIAP" ? (
        <p>
          Si le SIAP l’a déjà reçue, elle n’est pas envoyée une deuxième fois. Si le statut de la convention a changé
          depuis, une alerte dépassée est écartée.
        </p>
      ) : null}
    </ConfirmDialog>
  );
}

const perdus = (filtres: FiltresAlertes): DemandeRelances => {
  const { canal, operation, depuis, jusqua } = criteres({ ...filtres, etat: "" });
  return { canal, operation, depuis, jusqua };
};

const periode = ({ depuis, jusqua }: FiltresAlertes): string => {
  if (depuis && jusqua) return `du ${formatDate(depuis)} au ${formatDate(jusqua)}`;
  if (depuis) return `depuis le ${formatDate(depuis)}`;
  return jusqua ? `jusqu’au ${formatDate(jusqua)}` : "de toutes les périodes";
};

/** Button and dialog for all the lost messages of the criteria: counted first, then sent with a reason. */
export function RelanceTout({ filtres }: { filtres: FiltresAlertes }) {
  const [opened, setOpened] = useState(false);
  const [motif, setMotif] = useState("");
  const [refus, setRefus] = useState<string | null>(null);
  const { mutate: count, data: preview, error: failure, isPending: counting, reset: forget } = useRelances();
  const { mutate: send, isPending, error, reset } = useRelances();
  const { afficher } = useMessages();
  const cle = useRef("");
  const open = () => {
    cle.current = nouvelleCle();
    forget();
    reset();
    setMotif("");
    setRefus(null);
    setOpened(true);
    count({ demande: { ...perdus(filtres), simulation: true }, cle: nouvelleCle() });
  };
  const confirm = () => {
    const text = motif.trim();
    const why = [...text].length < MOTIF_MIN ? "Donnez la raison de la relance, 5 caractères au moins." : null;
    setRefus(why);
    if (why) return;
    send(
      { demande: { ...perdus(filtres), motif: text }, cle: cle.current },
      {
        onSuccess: ({ relances, restants }) => {
          setOpened(false);
          afficher({
            severite: restants > 0 ? "warning" : "success",
            titre: `${compte(relances, "message relancé", "messages relancés")}.`,
            detail: restants > 0 ? `Il en reste ${restants} en échec : relancez à nouveau pour continuer.` : undefined,
          });
        },
      },
    );
  };
  const total = preview?.concernes ?? 0;
  const quoi = filtres.canal === "tous" ? "Tous les messages" : CANAUX[filtres.canal];
  return (
    <>
      <Button priority="secondary" iconId="fr-icon-refresh-line" onClick={open}>
        Relancer tous les échecs
      </Button>
      <ConfirmDialog
        ouvert={opened}
        titre="Relancer tous les échecs"
        libelleConfirmer="Relancer"
        libelleOccupe="Relance…"
        occupe={isPending}
        confirmable={total > 0}
        erreur={error ?? failure}
        onConfirmer={confirm}
        onFermer={() => setOpened(false)}
        icone="fr-icon-warning-line"
      >
        <p>
          {quoi} en échec {periode(filtres)}
          {filtres.operation ? `, opération ${filtres.operation}` : ""}.
        </p>
        {counting ? <Skeleton forme="lignes" nombre={1} libelle="Comptage des messages en échec" /> : null}
        {preview ? (
          <p role="status">
            <strong>{total === 0 ? "Aucun message à relancer." : `${compte(total, "message")} à relancer.`}</strong>
          </p>
        ) : null}
        {total > 0 ? <Motif valeur={motif} refus={refus} onChange={setMotif} /> : null}
      </ConfirmDialog>
    </>
  );
}
