/** « Mot de passe oublié » : asks for a link; the answer is the same whether or not there is an account. */

import { Button } from "@codegouvfr/react-dsfr/Button";
import { Input } from "@codegouvfr/react-dsfr/Input";
import { type FormEvent, useState } from "react";
import { useCommande } from "../../api/commande";
import { demanderLien } from "../../features/compte/acces";
import { ErrorState } from "../../ui/ErrorState";
import { FilAriane } from "../../ui/FilAriane";
import { CadrePage, TitrePage } from "../../ui/Page";

export function Component() {
  const [identifiant, setIdentifiant] = useState("");
  const [sent, setSent] = useState(false);
  const { mutate, isPending, isSuccess, error } = useCommande({ mutationFn: demanderLien });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    if (!isPending && identifiant.trim()) mutate(identifiant);
  };
  if (isSuccess) {
    return (
      <CadrePage>
        <FilAriane page="Mot de passe oublié" parents={[{ libelle: "Connexion", lien: "/connexion" }]} />
        <TitrePage titre="Consultez vos courriels" page="envoye" />
        <p className="fr-text--lead">
          Si un compte porte cet identifiant ou cette adresse, un courriel vient de lui être envoyé avec un lien pour
          choisir un nouveau mot de passe.
        </p>
        <p>
          Le lien sert une fois, pendant une heure. Rien ne vient ? Regardez dans les courriers indésirables, puis
          vérifiez l’adresse auprès de l’assistance.
        </p>
        <Button priority="secondary" linkProps={{ to: "/connexion" }}>
          Revenir à la connexion
        </Button>
      </CadrePage>
    );
  }
  return (
    <CadrePage>
      <FilAriane page="Mot de passe oublié" parents={[{ libelle: "Connexion", lien: "/connexion" }]} />
      <TitrePage titre="Mot de passe oublié" />
      <form onSubmit={submit} noValidate className="ap-acces" aria-label="Demander un lien">
        <p>Indiquez votre compte : vous recevrez par courriel un lien pour choisir un nouveau mot de passe.</p>
        <Input
          label="Identifiant ou adresse électronique"
          state={sent && !identifiant.trim() ? "error" : "default"}
          stateRelatedMessage="Saisissez votre identifiant ou votre adresse électronique."
          nativeInputProps={{
            value: identifiant,
            autoComplete: "username",
            autoCapitalize: "none",
            spellCheck: false,
            onChange: (event) => setIdentifiant(event.target.value),
          }}
        />
        {error ? <ErrorState compact titre="La demande n’est pas partie" erreur={error} /> : null}
        <Button type="submit" nativeButtonProps={{ "aria-busy": isPending || undefined }}>
          {isPending ? "Envoi…" : "Recevoir un lien"}
        </Button>
      </form>
    </CadrePage>
  );
}
