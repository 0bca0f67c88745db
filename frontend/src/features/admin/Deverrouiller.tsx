/** A sign-in that too many failures locked: until when, and the button that unlocks it, with a reason. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Input } from "@codegouvfr/react-dsfr/Input";
import { useState } from "react";
import { formatInstant } from "../../lib/dates";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { useMessages } from "../../ui/Messages";
import { useDeverrouillage } from "./api";

export function Deverrouiller({ uuid, jusqua, onFait }: { uuid: string; jusqua: string; onFait: () => void }) {
  const [open, setOpen] = useState(false);
  const [motif, setMotif] = useState("");
  const [sent, setSent] = useState(false);
  const { mutate, isPending, error, reset } = useDeverrouillage();
  const { afficher } = useMessages();
  const short = motif.trim().length < 5;
  const confirm = () => {
    setSent(true);
    if (short) return;
    mutate(
      { uuid, motif: motif.trim() },
      {
        onSuccess: () => {
          setOpen(false);
          afficher({ severite: "success", titre: "La connexion de ce compte est débloquée." });
          onFait();
        },
      },
    );
  };
  return (
    <div className="fr-mt-2w">
      <p className="fr-mb-1w">Connexion bloquée jusqu’au {formatInstant(jusqua)}, après trop d’échecs.</p>
      <Button
        type="button"
        size="small"
        priority="secondary"
        onClick={() => {
          reset();
          setSent(false);
          setOpen(true);
        }}
      >
        Débloquer
      </Button>
      <ConfirmDialog
        ouvert={open}
        titre="Débloquer la connexion ?"
        libelleConfirmer="Débloquer"
        libelleOccupe="Déblocage…"
        occupe={isPending}
        erreur={error}
        onConfirmer={confirm}
        onFermer={() => setOpen(false)}
      >
        <p>Vérifiez d’abord que c’est bien la personne qui vous appelle.</p>
        <Input
          label="Motif"
          hintText="5 caractères au moins, gardés dans le journal"
          state={sent && short ? "error" : "default"}
          stateRelatedMessage="Dites pourquoi, en 5 caractères au moins."
          nativeInputProps={{ value: motif, maxLength: 500, onChange: (event) => setMotif(event.target.value) }}
        />
      </ConfirmDialog>
    </div>
  );
}
