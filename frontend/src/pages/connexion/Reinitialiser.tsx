/** New password from the link of the e-mail. The secret is in the fragment of the address, which no server receives. */

import { Button } from "@codegouvfr/react-dsfr/Button";
import { type FormEvent, useEffect, useState } from "react";
import { useCommande } from "../../api/commande";
import { errorsByPointer, isApiError } from "../../api/problem";
import { noterConnexion } from "../../app/session/adresse";
import { choisirMotDePasse } from "../../features/compte/acces";
import { NouveauMotDePasse, refusDeConfirmation, refusDeLongueur } from "../../features/compte/NouveauMotDePasse";
import { ErrorState } from "../../ui/ErrorState";
import { FilAriane } from "../../ui/FilAriane";
import { CadrePage, TitrePage } from "../../ui/Page";

const jetonDeLAdresse = (): string => window.location.hash.slice(1);

export function Component() {
  const [jeton, setJeton] = useState(jetonDeLAdresse);

  // Out of the address bar and of the history once read. Another link opened in the same tab changes the fragment alone.
  useEffect(() => {
    const lire = () => {
      if (!window.location.hash) return;
      setJeton(jetonDeLAdresse());
      window.history.replaceState(window.history.state, "", window.location.pathname);
    };
    lire();
    window.addEventListener("hashchange", lire);
    return () => window.removeEventListener("hashchange", lire);
  }, []);
  return <Reinitialisation key={jeton} jeton={jeton} />;
}

function Reinitialisation({ jeton }: { jeton: string }) {
  const [valeur, setValeur] = useState("");
  const [confirmation, setConfirmation] = useState("");
  const [sent, setSent] = useState(false);
  const { mutate, isPending, isSuccess, error, reset } = useCommande({
    mutationFn: () => choisirMotDePasse(jeton, valeur),
    onSuccess: () => noterConnexion(false), // every session of the account is closed
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    if (!isPending && !refusDeLongueur(valeur) && !refusDeConfirmation(valeur, confirmation)) mutate();
  };

  const dead = !jeton || (isApiError(error) && error.code === "lien_expire");
  return (
    <CadrePage>
      <FilAriane page="Nouveau mot de passe" parents={[{ libelle: "Connexion", lien: "/connexion" }]} />
      {isSuccess ? (
        <>
          <TitrePage titre="Votre mot de passe est changé" page="termine" />
          <p className="fr-text--lead">
            Vos sessions ouvertes sont fermées. Connectez-vous avec le nouveau mot de passe.
          </p>
          <Button linkProps={{ to: "/connexion" }}>Se connecter</Button>
        </>
      ) : dead ? (
        <>
          <TitrePage titre="Ce lien n’est plus utilisable" page="expire" />
          <p className="fr-text--lead">Il a déjà servi, a plus d’une heure, ou n’a pas été copié en entier.</p>
          <Button linkProps={{ to: "/connexion/mot-de-passe-oublie" }}>Demander un nouveau lien</Button>
        </>
      ) : (
        <>
          <TitrePage titre="Choisissez un nouveau mot de passe" />
          <form onSubmit={submit} noValidate className="ap-acces" aria-label="Nouveau mot de passe">
            <NouveauMotDePasse
              valeur={valeur}
              confirmation={confirmation}
              onValeur={(value) => {
                reset();
                setValeur(value);
              }}
              onConfirmation={setConfirmation}
              refus={errorsByPointer(error)["/mot_de_passe"]}
              envoye={sent}
            />
            {error && !errorsByPointer(error)["/mot_de_passe"] ? (
              <ErrorState compact titre="Le mot de passe n’a pas été enregistré" erreur={error} />
            ) : null}
            <Button type="submit" nativeButtonProps={{ "aria-busy": isPending || undefined }}>
              {isPending ? "Enregistrement…" : "Enregistrer le mot de passe"}
            </Button>
          </form>
        </>
      )}
    </CadrePage>
  );
}
