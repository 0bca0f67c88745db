/** Header: brand block, service, quick access, and the navigation (local menu, SIAP menu, habilitation). */
import { headerFooterDisplayItem } from "@codegouvfr/react-dsfr/Display";
import { Header, type HeaderProps } from "@codegouvfr/react-dsfr/Header";
import { useLocation } from "react-router";
import { useConfiguration } from "../configuration";
import { useContratSession, useSessionOuNull } from "../session/contexte";
import { useDeconnexion } from "../session/useDeconnexion";
import { Navigation } from "./Navigation";

export function EnTete() {
  const session = useSessionOuNull();
  const { seConnecter, etat } = useContratSession();
  const deconnecter = useDeconnexion();
  const { data: configuration } = useConfiguration();
  const { pathname } = useLocation();
  const help = configuration?.url_assistance;

  const items: (HeaderProps.QuickAccessItem | null)[] = [
    help
      ? {
          iconId: "fr-icon-question-line",
          text: "Aide",
          linkProps: { href: help, target: "_blank", rel: "noopener", title: "Aide (nouvelle fenêtre)" },
        }
      : null,
    session
      ? {
          iconId: "fr-icon-account-circle-line",
          text: `${session.utilisateur.prenom} ${session.utilisateur.nom}`.trim(),
          linkProps: {
            to: "/parametres",
            title: `${session.utilisateur.prenom} ${session.utilisateur.nom}, mes paramètres`,
          },
        }
      : null,
    session
      ? { iconId: "fr-icon-logout-box-r-line", text: "Se déconnecter", buttonProps: { onClick: deconnecter } }
      : null,
    !session && etat.etat !== "chargement"
      ? {
          iconId: "fr-icon-lock-line",
          text: "Se connecter",
          buttonProps: {
            onClick: () => seConnecter(pathname === "/" || pathname === "/connexion" ? "/conventions" : undefined),
          },
        }
      : null,
    headerFooterDisplayItem,
  ];

  return (
    <Header
      id="header"
      brandTop={
        <>
          République
          <br />
          Française
        </>
      }
      homeLinkProps={{ to: session ? "/conventions" : "/", title: "Accueil - APiLos - République française" }}
      serviceTitle="APiLos"
      serviceTagline="Système d’information des aides à la pierre (SIAP)"
      quickAccessItems={items.filter((item) => item !== null)}
      navigation={session ? <Navigation session={session} /> : undefined}
    />
  );
}
