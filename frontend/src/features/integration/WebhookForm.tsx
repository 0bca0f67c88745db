/** A webhook: where it goes, what it hears of. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Checkbox } from "@codegouvfr/react-dsfr/Checkbox";
import { Input } from "@codegouvfr/react-dsfr/Input";
import { ToggleSwitch } from "@codegouvfr/react-dsfr/ToggleSwitch";
import type { FormEvent } from "react";
import { ErrorState } from "../../ui/ErrorState";
import { ErrorSummary } from "../../ui/ErrorSummary";
import { useSaisie } from "../../ui/useSaisie";
import { useCreationWebhook, useModificationWebhook } from "./api";
import { EVENEMENTS, type Evenement, type SecretWebhook, type Webhook } from "./contrat";
import { controlerWebhook, offerts, type SaisieWebhook } from "./rules";

export function NouveauWebhook({ onCree }: { onCree: (cree: SecretWebhook) => void }) {
  const { mutate, isPending, error } = useCreationWebhook();
  return (
    <Formulaire
      webhook={null}
      occupe={isPending}
      erreur={error}
      onEnvoi={({ url, description, evenements }, refuser) =>
        mutate({ url, description, evenements }, { onSuccess: onCree, onError: refuser })
      }
    />
  );
}

export function ReglagesWebhook({ webhook, onEnregistre }: { webhook: Webhook; onEnregistre: () => void }) {
  const { mutate, isPending, error } = useModificationWebhook(webhook);
  return (
    <Formulaire
      webhook={webhook}
      occupe={isPending}
      erreur={error}
      onEnvoi={(saisie, refuser) => mutate(saisie, { onSuccess: onEnregistre, onError: refuser })}
    />
  );
}

type Props = {
  webhook: Webhook | null;
  occupe: boolean;
  erreur: Error | null;
  onEnvoi: (saisie: SaisieWebhook, refuser: (error: unknown) => void) => void;
};

function Formulaire({ webhook, occupe, erreur, onEnvoi }: Props) {
  const form = useSaisie<SaisieWebhook>({
    initiale: {
      url: webhook?.url ?? "",
      description: webhook?.description ?? "",
      evenements: webhook?.evenements ?? [],
      actif: webhook?.actif ?? true,
    },
    controler: controlerWebhook,
  });
  const { valeurs, changer, champ } = form;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (occupe || !form.valide()) return;
    onEnvoi({ ...valeurs, url: valeurs.url.trim(), description: valeurs.description.trim() }, form.refuser);
  };
  const basculer = (one: Evenement, checked: boolean) =>
    changer({
      evenements: checked ? [...valeurs.evenements, one] : valeurs.evenements.filter((other) => other !== one),
    });
  return (
    <form onSubmit={submit} noValidate className="ap-int-formulaire" aria-label="Webhook">
      <ErrorSummary points={form.points} envoi={form.envoi} />
      <Input
        {...champ("url")}
        label="Adresse (obligatoire)"
        hintText="En https, joignable sur Internet. Chaque livraison y est envoyée en POST, signée."
        nativeInputProps={{
          id: "champ-url",
          type: "url",
          value: valeurs.url,
          maxLength: 2000,
          autoComplete: "off",
          onChange: (event) => changer({ url: event.target.value }),
        }}
      />
      <Input
        {...champ("description")}
        label="Description"
        hintText="Facultatif : le système prévenu, qui joindre."
        nativeInputProps={{
          id: "champ-description",
          value: valeurs.description,
          maxLength: 200,
          autoComplete: "off",
          onChange: (event) => changer({ description: event.target.value }),
        }}
      />
      <div id="champ-evenements" tabIndex={-1}>
        <Checkbox
          {...champ("evenements")}
          legend="Événements (obligatoire)"
          options={offerts(Object.keys(EVENEMENTS) as Evenement[], valeurs.evenements).map((one) => ({
            label: EVENEMENTS[one],
            hintText: one,
            nativeInputProps: {
              checked: valeurs.evenements.includes(one),
              onChange: (event) => basculer(one, event.target.checked),
            },
          }))}
        />
      </div>
      {webhook ? (
        <ToggleSwitch
          label="Webhook actif"
          helperText="Arrêté, il ne reçoit plus rien ; ce qui attendait est abandonné et peut être rejoué."
          labelPosition="left"
          showCheckedHint={false}
          checked={valeurs.actif}
          onChange={(actif) => changer({ actif })}
        />
      ) : null}
      {erreur && form.points.length === 0 ? (
        <ErrorState compact titre="Le webhook n’a pas été enregistré" erreur={erreur} />
      ) : null}
      <Button type="submit" nativeButtonProps={{ "aria-busy": occupe || undefined }}>
        {occupe ? "Enregistrement…" : webhook ? "Enregistrer le webhook" : "Créer le webhook"}
      </Button>
    </form>
  );
}
