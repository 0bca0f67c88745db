/** Criteria of the list of messages. Nothing is asked of the server before the button. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Input } from "@codegouvfr/react-dsfr/Input";
import { Select } from "@codegouvfr/react-dsfr/Select";
import { type FormEvent, useEffect, useState } from "react";
import type { FiltresAlertes } from "./filtres";
import { CANAUX, type CanalAlerte, GROUPES, type Groupe } from "./rules";

type Props = { filtres: FiltresAlertes; onChercher: (filtres: FiltresAlertes) => void };

export function Criteres({ filtres, onChercher }: Props) {
  const [draft, setDraft] = useState(filtres);
  useEffect(() => setDraft(filtres), [filtres]);
  const set = (change: Partial<FiltresAlertes>) => setDraft((before) => ({ ...before, ...change }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChercher({ ...draft, operation: draft.operation.trim(), page: 1 });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: the search element is unknown to the oldest browsers we serve
    <div role="search" aria-label="Messages">
      <form className="ap-alertes__criteres" onSubmit={submit}>
        <Select
          label="État"
          nativeSelectProps={{ value: draft.etat, onChange: (e) => set({ etat: e.target.value as Groupe | "" }) }}
        >
          <option value="">Tous</option>
          {Object.entries(GROUPES).map(([code, { libelle }]) => (
            <option key={code} value={code}>
              {libelle}
            </option>
          ))}
        </Select>
        <Select
          label="Messages"
          nativeSelectProps={{
            value: draft.canal,
            onChange: (e) => set({ canal: e.target.value as CanalAlerte | "tous" }),
          }}
        >
          {Object.entries(CANAUX).map(([code, libelle]) => (
            <option key={code} value={code}>
              {libelle}
            </option>
          ))}
          <option value="tous">Tous</option>
        </Select>
        <Input
          label="Numéro d’opération"
          nativeInputProps={{
            value: draft.operation,
            autoComplete: "off",
            maxLength: 255,
            onChange: (e) => set({ operation: e.target.value }),
          }}
        />
        <Input
          label="Du"
          nativeInputProps={{ type: "date", value: draft.depuis, onChange: (e) => set({ depuis: e.target.value }) }}
        />
        <Input
          label="Au"
          nativeInputProps={{ type: "date", value: draft.jusqua, onChange: (e) => set({ jusqua: e.target.value }) }}
        />
        <Button type="submit">Rechercher</Button>
      </form>
    </div>
  );
}
