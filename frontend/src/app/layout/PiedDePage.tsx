/** Footer with the mandatory links (06 §8.2). */
import { headerFooterDisplayItem } from "@codegouvfr/react-dsfr/Display";
import { Footer, type FooterProps } from "@codegouvfr/react-dsfr/Footer";
import { ETAT_ACCESSIBILITE } from "../../lib/accessibilite";
import { useConfiguration } from "../configuration";

export function PiedDePage() {
  const { data: configuration } = useConfiguration();
  const help = configuration?.url_assistance;
  const items: (FooterProps.BottomItem | null)[] = [
    { text: "Bases adresses locales", linkProps: { to: "/bal" } },
    { text: "Données personnelles", linkProps: { to: "/donnees-personnelles" } },
    { text: "Gestion des cookies", linkProps: { to: "/donnees-personnelles#cookies" } },
    help
      ? {
          text: "FAQ et assistance",
          linkProps: { href: help, target: "_blank", rel: "noopener", title: "FAQ et assistance (nouvelle fenêtre)" },
        }
      : null,
    headerFooterDisplayItem,
  ];
  return (
    <Footer
      id="footer"
      accessibility={ETAT_ACCESSIBILITE}
      brandTop={
        <>
          République
          <br />
          Française
        </>
      }
      homeLinkProps={{ to: "/", title: "Accueil - APiLos - République française" }}
      contentDescription="APiLos est le service de l’État où bailleurs et services instructeurs préparent, instruisent, signent et suivent les conventions APL, dans le prolongement du Système d’information des aides à la pierre."
      websiteMapLinkProps={{ to: "/plan-du-site" }}
      accessibilityLinkProps={{ to: "/accessibilite" }}
      termsLinkProps={{ to: "/mentions-legales" }}
      bottomItems={items.filter((item) => item !== null)}
    />
  );
}
