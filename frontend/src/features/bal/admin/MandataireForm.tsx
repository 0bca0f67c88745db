/** A mandataire: the organisation that operates clients and receives their tokens. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Input } from "@codegouvfr/react-dsfr/Input";
import type { FormEvent } from "react";
import { ErrorState } from "../../../ui/ErrorState";
import { ErrorSummary } from "../../../ui/ErrorSummary";
import { useSaisie } from "../../../ui/useSaisie";
import { useEcrireMandataire } from "./api";
import type { Mandataire, SaisieMandataire } from "./contrat";
import { refusDuCourriel, refusDuNom } from "./rules";

type Props = { mandataire: Mandataire | null; onEnregistre: (mandataire: Mandataire) => void };

export function MandataireForm({ mandataire, onEnregistre }: Props) {
  const form = useSaisie<SaisieMandataire>({
    initiale: { nom: mandataire?.nom ?? "", email: mandataire?.email ?? "" },
    controler: ({ nom, email }) => ({ nom: refusDuNom(nom), email: refusDuCourriel(email, true) }),
  });
  const { mutate, isPending, error } = useEcrireMandataire(mandataire?.id ?? null);
  const { valeurs, changer, champ } = form;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isPending || !form.valide()) return;
    const saisie = { nom: valeurs.nom.trim(), email: valeurs.email.trim() };
    mutate(saisie, { onSuccess: onEnregistre, onError: form.refuser });
  };
  return (
    <form onSubmit={submit} noValidate className="ap-bal-formulaire" aria-label="Mandataire">
      <ErrorSummary points={form.points} envoi={form.envoi} />
      <Input
        {...champ("nom")}
        label="Nom du mandataire (obligatoire)"
        nativeInputProps={{
          id: "champ-nom",
          value: valeurs.nom,
          autoComplete: "off",
          onChange: (event) => changer({ nom: event.target.value }),
        }}
      />
      <Input
        {...champ("email")}
        label="Adresse électronique (obligatoire)"
        hintText="Reçoit le jeton des clients et les avis du dépôt. Elle n’est pas montrée au public."
        nativeInputProps={{
          id: "champ-email",
          type: "email",
          value: valeurs.email,
          autoComplete: "off",
          onChange: (event) => changer({ email: event.target.value }),
        }}
      />
      {error && form.points.length === 0 ? (
        <ErrorState compact titre="Le mandataire n’a pas été enregistré" erreur={error} />
      ) : null}
      <Button type="submit" nativeButtonProps={{ "aria-busy": isPending || undefined }}>
        {isPending ? "Enregistrement…" : mandataire ? "Enregistrer le mandataire" : "Créer le mandataire"}
      </Button>
    </form>
  );
}
