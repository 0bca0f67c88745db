/** The number of a convention in force, corrected in expert mode (02 §2.4). */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Input } from "@codegouvfr/react-dsfr/Input";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { lire, siVersion } from "../../api/client";
import { useCommande } from "../../api/commande";
import { type Convention, clientConvention, rafraichirConvention } from "../../api/convention";
import { hasStatus, isApiError } from "../../api/problem";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { useMessages } from "../../ui/Messages";

export function CorrigerNumero({ convention }: { convention: Convention }) {
  const { uuid, version, numero } = convention;
  const [opened, setOpened] = useState(false);
  const [value, setValue] = useState(numero ?? "");
  const [missing, setMissing] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const queries = useQueryClient();
  const { afficher } = useMessages();
  const { mutate, isPending, error, reset } = useCommande({
    mutationFn: (wanted: string) =>
      lire(
        clientConvention.PUT("/conventions/{uuid}/numero", {
          params: { path: { uuid }, header: siVersion(version) },
          body: { numero: wanted },
        }),
      ),
    onSettled: () => rafraichirConvention(queries, uuid),
  });
  // A refusal of the value is said under the field, any other one in the dialog.
  const refused = isApiError(error) && error.errors.find(({ pointer }) => pointer === "/numero");
  const why = missing ?? (refused && !hasStatus(error, 403) ? refused.detail : null);

  const open = () => {
    reset();
    setMissing(null);
    setValue(numero ?? "");
    setOpened(true);
  };
  const save = () => {
    const wanted = value.trim();
    const problem =
      wanted === "" ? "Saisissez le numéro." : wanted === numero ? "C’est déjà le numéro enregistré." : null;
    setMissing(problem);
    if (problem) {
      field.current?.focus();
      return;
    }
    mutate(wanted, {
      onSuccess: ({ avertissements }) => {
        setOpened(false);
        afficher({
          severite: avertissements.length > 0 ? "warning" : "success",
          titre: `Numéro corrigé : ${wanted}`,
          detail: avertissements.map(({ detail }) => detail).join(" ") || undefined,
        });
      },
      onError: () => field.current?.focus(),
    });
  };

  return (
    <>
      <Button size="small" priority="tertiary" onClick={open}>
        Corriger le numéro
      </Button>
      <ConfirmDialog
        ouvert={opened}
        titre="Corriger le numéro"
        libelleConfirmer="Enregistrer le numéro"
        libelleOccupe="Enregistrement…"
        occupe={isPending}
        erreur={error && !why ? error : undefined}
        onConfirmer={save}
        onFermer={() => setOpened(false)}
      >
        <p>Le document signé porte toujours l’ancien numéro, qui reste dans l’historique.</p>
        <Input
          label="Numéro"
          hintText={`Numéro enregistré : ${numero}`}
          state={why ? "error" : "default"}
          stateRelatedMessage={why ?? undefined}
          nativeInputProps={{
            ref: field,
            value,
            maxLength: 255,
            onChange: (event) => {
              setMissing(null);
              reset();
              setValue(event.target.value);
            },
          }}
        />
      </ConfirmDialog>
    </>
  );
}
