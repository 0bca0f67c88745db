/** Dialog that launches a run or takes it back: what will happen, and why. */
import { Input } from "@codegouvfr/react-dsfr/Input";
import { type ReactNode, useState } from "react";
import { errorsByPointer } from "../../../api/problem";
import { ConfirmDialog } from "../../../ui/ConfirmDialog";
import { type Decision, useDecision } from "./api";
import { motifRefuse } from "./rules";

type Props = {
  uuid: string;
  decision: Decision;
  titre: string;
  verbe: string;
  children: ReactNode;
  onFermer: () => void;
};

export function Decider({ uuid, decision, titre, verbe, children, onFermer }: Props) {
  const [open, setOpen] = useState(true);
  const [motif, setMotif] = useState("");
  const [sent, setSent] = useState(false);
  const { mutate, isPending, error } = useDecision(uuid);
  const fermer = () => {
    setOpen(false);
    onFermer();
  };
  const refus = errorsByPointer(error)["/motif"] ?? (sent ? motifRefuse(motif) : undefined);
  return (
    <ConfirmDialog
      ouvert={open}
      titre={titre}
      libelleConfirmer={verbe}
      libelleOccupe="Lancement…"
      occupe={isPending}
      erreur={error}
      onConfirmer={() => {
        setSent(true);
        if (!motifRefuse(motif)) mutate({ decision, motif: motif.trim() }, { onSuccess: fermer });
      }}
      onFermer={fermer}
    >
      {children}
      <Input
        label="Motif (obligatoire)"
        hintText="5 à 500 caractères, gardés dans le journal de chaque convention"
        state={refus ? "error" : "default"}
        stateRelatedMessage={refus}
        nativeInputProps={{ value: motif, maxLength: 500, onChange: (event) => setMotif(event.target.value) }}
      />
    </ConfirmDialog>
  );
}
