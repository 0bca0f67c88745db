/** Sign-in by password, where CERBERE is not the way in (P02). */

import { Button } from "@codegouvfr/react-dsfr/Button";
import { PasswordInput } from "@codegouvfr/react-dsfr/blocks/PasswordInput";
import { Input } from "@codegouvfr/react-dsfr/Input";
import { type FormEvent, useState } from "react";
import { hasStatus } from "../../api/problem";
import { noterConnexion } from "../../app/session/adresse";
import { ErrorState } from "../../ui/ErrorState";
import { Lien } from "../../ui/Lien";
import { dureeAttente, seConnecter } from "./acces";

type Props = { suite: string };

export function ConnexionLocale({ suite }: Props) {
  const [identifiant, setIdentifiant] = useState("");
  const [motDePasse, setMotDePasse] = useState("");
  const [sent, setSent] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    if (busy || !identifiant.trim() || !motDePasse) return;
    setBusy(true);
    setError(null);
    try {
      await seConnecter(identifiant, motDePasse);
      noterConnexion(true);
      // A new load of the page reads the session from its cookie, as after CERBERE.
      window.location.assign(suite);
    } catch (failure) {
      setError(failure);
      setMotDePasse("");
      setSent(false);
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="ap-acces" aria-label="Connexion">
      {error ? <Refus erreur={error} /> : null}
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
      <PasswordInput
        label="Mot de passe"
        messages={sent && !motDePasse ? [{ severity: "error", message: "Saisissez votre mot de passe." }] : []}
        messagesHint=""
        nativeInputProps={{
          value: motDePasse,
          autoComplete: "current-password",
          onChange: (event) => setMotDePasse(event.target.value),
        }}
      />
      <p>
        <Lien to="/connexion/mot-de-passe-oublie" className="fr-link">
          Mot de passe oublié
        </Lien>
      </p>
      <Button type="submit" nativeButtonProps={{ "aria-busy": busy || undefined }}>
        {busy ? "Connexion…" : "Se connecter"}
      </Button>
    </form>
  );
}

function Refus({ erreur }: { erreur: unknown }) {
  if (hasStatus(erreur, 429) && erreur.retryAfter) {
    return (
      <div role="alert" className="fr-alert fr-alert--warning fr-mb-3w">
        <h2 className="fr-alert__title">La connexion est bloquée pour un moment</h2>
        <p>
          Trop de tentatives ont échoué. Réessayez dans {dureeAttente(erreur.retryAfter)}, ou réinitialisez votre mot de
          passe.
        </p>
      </div>
    );
  }
  if (hasStatus(erreur, 401)) {
    return (
      <div role="alert" className="fr-alert fr-alert--error fr-alert--sm fr-mb-3w">
        <p>{erreur.detail}</p>
      </div>
    );
  }
  return <ErrorState compact titre="La connexion n’a pas abouti" erreur={erreur} />;
}
