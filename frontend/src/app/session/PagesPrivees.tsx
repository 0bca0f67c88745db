/** Guard of the private pages: sends a visitor to the sign-in and brings him back here afterwards. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Fragment, useEffect, useState } from "react";
import { Outlet } from "react-router";
import { ErrorState } from "../../ui/ErrorState";
import { TitrePage } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { peutRediriger } from "./adresse";
import { useContratSession } from "./contexte";
import { Direct } from "./Direct";
import { SansHabilitation } from "./SansHabilitation";

export function PagesPrivees() {
  const { etat, reessayer } = useContratSession();
  switch (etat.etat) {
    case "chargement":
      return (
        <div className="fr-container fr-py-6w">
          <Skeleton forme="page" libelle="Ouverture de votre session" />
        </div>
      );
    case "panne":
      return (
        <div className="fr-container fr-py-6w">
          <TitrePage titre="Service momentanément indisponible" />
          <ErrorState erreur={etat.erreur} titre="Votre session n’a pas pu être ouverte" onReessayer={reessayer} />
        </div>
      );
    case "anonyme":
      return <VersLaConnexion />;
    case "connecte":
      // The staff work in the administration without any habilitation (02 PE-02).
      return etat.session.habilitation || etat.session.staff || etat.session.superuser ? (
        <Fragment key={etat.session.habilitation?.id ?? 0}>
          <Direct />
          <Outlet />
        </Fragment>
      ) : (
        <SansHabilitation />
      );
  }
}

function VersLaConnexion() {
  const { seConnecter } = useContratSession();
  const [stuck, setStuck] = useState(false);
  useEffect(() => {
    if (peutRediriger()) seConnecter();
    else setStuck(true);
  }, [seConnecter]);
  if (!stuck) {
    return (
      <div className="fr-container fr-py-6w">
        <Skeleton forme="page" libelle="Redirection vers la page de connexion" />
      </div>
    );
  }
  return (
    <div className="fr-container fr-py-6w">
      <TitrePage titre="La connexion n’a pas abouti" />
      <p>
        Vous revenez de la page de connexion sans session ouverte. Recommencez ; si cela continue, vérifiez que votre
        navigateur accepte les cookies de ce site.
      </p>
      <Button onClick={() => seConnecter()}>Se connecter</Button>
    </div>
  );
}
