/** An API client: what it is called, what it may do, what it sees, until when. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Checkbox } from "@codegouvfr/react-dsfr/Checkbox";
import { Input } from "@codegouvfr/react-dsfr/Input";
import type { FormEvent } from "react";
import { ErrorState } from "../../ui/ErrorState";
import { ErrorSummary } from "../../ui/ErrorSummary";
import { useSaisie } from "../../ui/useSaisie";
import { useCreationClient, useModificationClient } from "./api";
import { type ClientAPI, type JetonClient, PORTEES, type Portee } from "./contrat";
import { ChampsPerimetre } from "./Perimetre";
import { basculerPortee, controlerClient, creationDe, modificationDe, type SaisieClient, saisieDe } from "./rules";

export function NouveauClient({ onCree }: { onCree: (cree: JetonClient) => void }) {
  const { mutate, isPending, error } = useCreationClient();
  return (
    <Formulaire
      client={null}
      occupe={isPending}
      erreur={error}
      libelle="Créer le client"
      onEnvoi={(saisie, refuser) => mutate(creationDe(saisie), { onSuccess: onCree, onError: refuser })}
    />
  );
}

export function ReglagesClient({ client, onEnregistre }: { client: ClientAPI; onEnregistre: () => void }) {
  const { mutate, isPending, error } = useModificationClient(client);
  return (
    <Formulaire
      client={client}
      occupe={isPending}
      erreur={error}
      libelle="Enregistrer le client"
      onEnvoi={(saisie, refuser) =>
        mutate(modificationDe(saisie, client), { onSuccess: onEnregistre, onError: refuser })
      }
    />
  );
}

type Props = {
  client: ClientAPI | null;
  occupe: boolean;
  erreur: Error | null;
  libelle: string;
  onEnvoi: (saisie: SaisieClient, refuser: (error: unknown) => void) => void;
};

function Formulaire({ client, occupe, erreur, libelle, onEnvoi }: Props) {
  const form = useSaisie<SaisieClient>({
    initiale: saisieDe(client),
    controler: (values) => controlerClient(values, client === null),
  });
  const { valeurs, changer, champ } = form;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!occupe && form.valide()) onEnvoi(valeurs, form.refuser);
  };
  return (
    <form onSubmit={submit} noValidate className="ap-int-formulaire" aria-label="Client d’API">
      <ErrorSummary points={form.points} envoi={form.envoi} />
      <Input
        {...champ("nom")}
        label="Nom du client (obligatoire)"
        hintText="Le logiciel ou le service ; ce nom signe ce qu’il fait dans l’historique des conventions."
        nativeInputProps={{
          id: "champ-nom",
          value: valeurs.nom,
          maxLength: 100,
          autoComplete: "off",
          onChange: (event) => changer({ nom: event.target.value }),
        }}
      />
      <Input
        {...champ("description")}
        label="Description"
        hintText="Facultatif : à quoi il sert, qui joindre."
        nativeInputProps={{
          id: "champ-description",
          value: valeurs.description,
          maxLength: 200,
          autoComplete: "off",
          onChange: (event) => changer({ description: event.target.value }),
        }}
      />
      <div id="champ-portees" tabIndex={-1}>
        <Checkbox
          {...champ("portees")}
          legend="Portées (obligatoire)"
          hintText="Ne donnez que ce dont il a besoin."
          options={(Object.keys(PORTEES) as Portee[]).map((portee) => ({
            label: PORTEES[portee].libelle,
            hintText: PORTEES[portee].aide,
            nativeInputProps: {
              checked: valeurs.portees.includes(portee),
              onChange: (event) => changer({ portees: basculerPortee(valeurs.portees, portee, event.target.checked) }),
            },
          }))}
        />
      </div>
      {client === null ? <ChampsPerimetre valeurs={valeurs} changer={changer} champ={champ} /> : null}
      <Input
        {...champ("expire_le")}
        label="Dernier jour de validité"
        hintText="Trois ans au plus. Vide, le client n’a pas d’échéance."
        nativeInputProps={{
          id: "champ-expire_le",
          type: "date",
          value: valeurs.expire_le,
          onChange: (event) => changer({ expire_le: event.target.value }),
        }}
      />
      <h2 className="fr-h6 fr-mt-4w">Débit et compte SIAP</h2>
      <Input
        {...champ("debit_par_minute")}
        label="Requêtes par minute"
        hintText="Vide, le débit habituel : 600 par minute."
        nativeInputProps={{
          id: "champ-debit_par_minute",
          inputMode: "numeric",
          value: valeurs.debit_par_minute,
          autoComplete: "off",
          onChange: (event) => changer({ debit_par_minute: event.target.value }),
        }}
      />
      <Input
        {...champ("login_siap")}
        label="Identifiant du compte SIAP"
        hintText="Le compte au nom duquel les opérations sont demandées au SIAP. Sans lui, seules celles déjà connues ici sont lues."
        nativeInputProps={{
          id: "champ-login_siap",
          value: valeurs.login_siap,
          autoComplete: "off",
          onChange: (event) => changer({ login_siap: event.target.value }),
        }}
      />
      <Input
        {...champ("habilitation_siap")}
        label="Numéro de son habilitation"
        nativeInputProps={{
          id: "champ-habilitation_siap",
          inputMode: "numeric",
          value: valeurs.habilitation_siap,
          autoComplete: "off",
          onChange: (event) => changer({ habilitation_siap: event.target.value }),
        }}
      />
      {erreur && form.points.length === 0 ? (
        <ErrorState compact titre="Le client n’a pas été enregistré" erreur={erreur} />
      ) : null}
      <Button type="submit" nativeButtonProps={{ "aria-busy": occupe || undefined }}>
        {occupe ? "Enregistrement…" : libelle}
      </Button>
    </form>
  );
}
