/** Change of one's own password, for accounts of the platform. */

import { Button } from "@codegouvfr/react-dsfr/Button";
import { PasswordInput } from "@codegouvfr/react-dsfr/blocks/PasswordInput";
import { type FormEvent, useState } from "react";
import { errorsByPointer } from "../../api/problem";
import { ErrorState } from "../../ui/ErrorState";
import { useMessages } from "../../ui/Messages";
import { useChangementDeMotDePasse } from "./api";
import { NouveauMotDePasse, refusDeConfirmation, refusDeLongueur } from "./NouveauMotDePasse";

const VIDE = { actuel: "", nouveau: "", confirmation: "" };

export function MotDePasse() {
  const [values, setValues] = useState(VIDE);
  const [sent, setSent] = useState(false);
  const { mutate, isPending, error, reset } = useChangementDeMotDePasse();
  const { afficher } = useMessages();
  const refusals = errorsByPointer(error);
  const change = (part: Partial<typeof VIDE>) => {
    reset();
    setValues((before) => ({ ...before, ...part }));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    const { actuel, nouveau, confirmation } = values;
    if (isPending || !actuel || refusDeLongueur(nouveau) || refusDeConfirmation(nouveau, confirmation)) return;
    mutate(
      { actuel, nouveau },
      {
        onSuccess: () => {
          setValues(VIDE);
          setSent(false);
          afficher({ severite: "success", titre: "Votre mot de passe est changé. Vos autres sessions sont fermées." });
        },
      },
    );
  };
  const current = refusals["/actuel"] ?? (sent && !values.actuel ? "Saisissez votre mot de passe actuel." : undefined);
  return (
    <form onSubmit={submit} noValidate className="ap-acces" aria-label="Changer de mot de passe">
      <PasswordInput
        label="Mot de passe actuel"
        messages={current ? [{ severity: "error", message: current }] : []}
        messagesHint=""
        nativeInputProps={{
          value: values.actuel,
          autoComplete: "current-password",
          onChange: (event) => change({ actuel: event.target.value }),
        }}
      />
      <NouveauMotDePasse
        valeur={values.nouveau}
        confirmation={values.confirmation}
        onValeur={(nouveau) => change({ nouveau })}
        onConfirmation={(confirmation) => change({ confirmation })}
        refus={refusals["/nouveau"]}
        envoye={sent}
      />
      {error && Object.keys(refusals).length === 0 ? (
        <ErrorState compact titre="Votre mot de passe n’a pas été changé" erreur={error} />
      ) : null}
      <Button type="submit" nativeButtonProps={{ "aria-busy": isPending || undefined }}>
        {isPending ? "Changement…" : "Changer de mot de passe"}
      </Button>
    </form>
  );
}
