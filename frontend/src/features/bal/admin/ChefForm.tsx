/** A chef de file: an organisation with authority on a territory. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Checkbox } from "@codegouvfr/react-dsfr/Checkbox";
import { Input } from "@codegouvfr/react-dsfr/Input";
import type { FormEvent } from "react";
import { ErrorState } from "../../../ui/ErrorState";
import { ErrorSummary } from "../../../ui/ErrorSummary";
import { useSaisie } from "../../../ui/useSaisie";
import { useEcrireChef } from "./api";
import type { ChefDeFile, Perimetre } from "./contrat";
import { PerimetresEditeur } from "./Perimetres";
import { refusDuCourriel, refusDuNom } from "./rules";

type Props = { chef: ChefDeFile | null; onEnregistre: (chef: ChefDeFile) => void };

type Valeurs = {
  nom: string;
  email: string;
  email_public: boolean;
  signataire_charte: boolean;
  perimetres: Perimetre[];
};

/** 07 §6.3: 3 to 200 characters. */
const NOM_MIN = 3;

export function ChefForm({ chef, onEnregistre }: Props) {
  const form = useSaisie<Valeurs>({
    initiale: {
      nom: chef?.nom ?? "",
      email: chef?.email ?? "",
      email_public: chef?.email_public ?? false,
      signataire_charte: chef?.signataire_charte ?? false,
      perimetres: chef?.perimetres ?? [],
    },
    controler: ({ nom, email }) => ({ nom: refusDuNom(nom, NOM_MIN), email: refusDuCourriel(email, true) }),
  });
  const { mutate, isPending, error } = useEcrireChef(chef?.id ?? null);
  const { valeurs, changer, champ } = form;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isPending || !form.valide()) return;
    const saisie = {
      ...valeurs,
      nom: valeurs.nom.trim(),
      email: valeurs.email.trim(),
      perimetres: valeurs.perimetres.map(({ type, code }) => ({ type, code })),
    };
    mutate(saisie, { onSuccess: onEnregistre, onError: form.refuser });
  };
  return (
    <form onSubmit={submit} noValidate className="ap-bal-formulaire" aria-label="Chef de file">
      <ErrorSummary points={form.points} envoi={form.envoi} />
      <Input
        {...champ("nom")}
        label="Nom du chef de file (obligatoire)"
        nativeInputProps={{
          id: "champ-nom",
          value: valeurs.nom,
          maxLength: 200,
          autoComplete: "off",
          onChange: (event) => changer({ nom: event.target.value }),
        }}
      />
      <Input
        {...champ("email")}
        label="Adresse électronique (obligatoire)"
        nativeInputProps={{
          id: "champ-email",
          type: "email",
          value: valeurs.email,
          autoComplete: "off",
          onChange: (event) => changer({ email: event.target.value }),
        }}
      />
      <Checkbox
        options={[
          {
            label: "Adresse électronique visible du public",
            nativeInputProps: {
              checked: valeurs.email_public,
              onChange: (event) => changer({ email_public: event.target.checked }),
            },
          },
          {
            label: "Signataire de la charte de la Base Adresse Locale",
            nativeInputProps: {
              checked: valeurs.signataire_charte,
              onChange: (event) => changer({ signataire_charte: event.target.checked }),
            },
          },
        ]}
      />
      <PerimetresEditeur perimetres={valeurs.perimetres} onChange={(perimetres) => changer({ perimetres })} />
      {error && form.points.length === 0 ? (
        <ErrorState compact titre="Le chef de file n’a pas été enregistré" erreur={error} />
      ) : null}
      <Button type="submit" nativeButtonProps={{ "aria-busy": isPending || undefined }}>
        {isPending ? "Enregistrement…" : chef ? "Enregistrer le chef de file" : "Créer le chef de file"}
      </Button>
    </form>
  );
}
