/** A client of the deposit: who operates it, what it may do, whether it may deposit now. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Input } from "@codegouvfr/react-dsfr/Input";
import { RadioButtons } from "@codegouvfr/react-dsfr/RadioButtons";
import { ToggleSwitch } from "@codegouvfr/react-dsfr/ToggleSwitch";
import { type FormEvent, useState } from "react";
import { Combobox, type OptionCombobox } from "../../../ui/Combobox";
import { ErrorState } from "../../../ui/ErrorState";
import { ErrorSummary } from "../../../ui/ErrorSummary";
import { useSaisie } from "../../../ui/useSaisie";
import type { Strategie } from "../contrat";
import { chercherChefs, chercherMandataires, useEcrireClient } from "./api";
import type { Client, SaisieClient } from "./contrat";
import { refusDuCourriel, refusDuNom, STRATEGIES, strategieSelon } from "./rules";

type Props = { client: Client | null; onEnregistre: (client: Client) => void };

type Valeurs = {
  nom: string;
  email: string;
  actif: boolean;
  mandataire_id: string;
  chef_de_file_id: string | null;
  strategie: Strategie;
};

const option = (reference: { id: string; nom: string } | null | undefined): OptionCombobox | null =>
  reference ? { valeur: reference.id, libelle: reference.nom } : null;

export function ClientForm({ client, onEnregistre }: Props) {
  const [mandataire, setMandataire] = useState(option(client?.mandataire));
  const [chef, setChef] = useState(option(client?.chef_de_file));
  const form = useSaisie<Valeurs>({
    initiale: {
      nom: client?.nom ?? "",
      email: client?.email ?? "",
      actif: client?.actif ?? true,
      mandataire_id: client?.mandataire.id ?? "",
      chef_de_file_id: client?.chef_de_file?.id ?? null,
      strategie: client?.strategie ?? "habilitation",
    },
    controler: ({ nom, email, mandataire_id }) => ({
      nom: refusDuNom(nom),
      email: refusDuCourriel(email, false),
      mandataire_id: mandataire_id ? null : "Choisissez le mandataire qui exploite ce client.",
    }),
  });
  const { mutate, isPending, error } = useEcrireClient(client?.id ?? null);
  const { valeurs, changer, champ } = form;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isPending || !form.valide()) return;
    const saisie: SaisieClient = {
      nom: valeurs.nom.trim(),
      email: valeurs.email.trim() || null,
      actif: valeurs.actif,
      mandataire_id: valeurs.mandataire_id,
      chef_de_file_id: valeurs.chef_de_file_id,
      // At creation the server chooses: internal is only given afterwards.
      ...(client ? { strategie: valeurs.strategie } : {}),
    };
    mutate(saisie, { onSuccess: onEnregistre, onError: form.refuser });
  };

  return (
    <form onSubmit={submit} noValidate className="ap-bal-formulaire" aria-label="Client">
      <ErrorSummary points={form.points} envoi={form.envoi} />
      <Input
        {...champ("nom")}
        label="Nom du client (obligatoire)"
        hintText="Le logiciel ou le service qui dépose ; il est public."
        nativeInputProps={{
          id: "champ-nom",
          value: valeurs.nom,
          autoComplete: "off",
          onChange: (event) => changer({ nom: event.target.value }),
        }}
      />
      <Combobox
        id="champ-mandataire_id"
        libelle="Mandataire (obligatoire)"
        aide="L’organisation qui exploite le client et reçoit son jeton."
        valeur={mandataire}
        erreur={champ("mandataire_id").stateRelatedMessage}
        onChange={(chosen) => {
          setMandataire(chosen);
          changer({ mandataire_id: chosen?.valeur ?? "" });
        }}
        chercher={chercherMandataires}
      />
      <Combobox
        id="champ-chef_de_file_id"
        libelle="Chef de file"
        aide="Facultatif : l’organisation dont le périmètre borne les dépôts."
        valeur={chef}
        erreur={champ("chef_de_file_id").stateRelatedMessage}
        onChange={(chosen) => {
          setChef(chosen);
          const chef_de_file_id = chosen?.valeur ?? null;
          changer({ chef_de_file_id, strategie: strategieSelon(chef_de_file_id, valeurs.strategie) });
        }}
        chercher={chercherChefs}
      />
      <Input
        {...champ("email")}
        label="Adresse de contact publique"
        hintText="Affichée avec les adresses publiées. Préférez une adresse générique. Sans elle, celle du mandataire est montrée."
        nativeInputProps={{
          id: "champ-email",
          type: "email",
          value: valeurs.email,
          autoComplete: "off",
          onChange: (event) => changer({ email: event.target.value }),
        }}
      />
      {client ? (
        <RadioButtons
          legend="Autorisation de publier"
          options={(Object.keys(STRATEGIES) as Strategie[]).map((code) => ({
            label: STRATEGIES[code].libelle,
            hintText: STRATEGIES[code].aide,
            nativeInputProps: {
              value: code,
              checked: valeurs.strategie === code,
              onChange: () => changer({ strategie: code }),
            },
          }))}
        />
      ) : (
        <p className="fr-message fr-message--info">
          Autorisation de publier : {STRATEGIES[valeurs.strategie].libelle.toLowerCase()}.{" "}
          {STRATEGIES[valeurs.strategie].aide}
        </p>
      )}
      <ToggleSwitch
        label="Client actif"
        helperText="Désactivé, ses dépôts sont refusés ; ce qui est publié le reste."
        labelPosition="left"
        showCheckedHint={false}
        checked={valeurs.actif}
        onChange={(actif) => changer({ actif })}
      />
      {error && form.points.length === 0 ? (
        <ErrorState compact titre="Le client n’a pas été enregistré" erreur={error} />
      ) : null}
      <Button type="submit" nativeButtonProps={{ "aria-busy": isPending || undefined }}>
        {isPending ? "Enregistrement…" : client ? "Enregistrer le client" : "Créer le client"}
      </Button>
    </form>
  );
}
