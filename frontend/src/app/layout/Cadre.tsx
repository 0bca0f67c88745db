/** Frame common to every page: skip links, header, notices, main region, footer, dialogs of the session. */
import { SkipLinks } from "@codegouvfr/react-dsfr/SkipLinks";
import { useEffect, useRef } from "react";
import { Outlet, ScrollRestoration, useLocation, useNavigation } from "react-router";
import { useApres } from "../../lib/useDelai";
import { Messages, useMessages, ZoneMessages } from "../../ui/Messages";
import { EnTantQue, SuiviDuFocus } from "../../ui/Page";
import { useSessionOuNull } from "../session/contexte";
import { DialogueFin } from "../session/DialogueFin";
import { Avis } from "./Avis";
import { BandeauDetournement } from "./BandeauDetournement";
import { EnTete } from "./EnTete";
import { PiedDePage } from "./PiedDePage";
import { useThemeDuCompte } from "./useThemeDuCompte";

export function Cadre() {
  return (
    <SuiviDuFocus>
      <Messages>
        <Structure />
      </Messages>
    </SuiviDuFocus>
  );
}

function Structure() {
  const session = useSessionOuNull();
  const { pathname, search } = useLocation();
  const home = session !== null && pathname === "/conventions" && search === "";
  const links = [
    { label: "Contenu", anchor: "#contenu" },
    ...(home ? [{ label: "Ce qui vous attend", anchor: "#file" }] : []),
    ...(session ? [{ label: "Menu", anchor: "#header-navigation" }] : []),
    { label: "Pied de page", anchor: "#footer" },
  ];
  useEffacementDesMessages();
  // The theme of the person one acts as is not one's own.
  useThemeDuCompte(session?.detournement ? undefined : session?.utilisateur.theme);
  return (
    <EnTantQue.Provider value={Boolean(session?.detournement)}>
      <SkipLinks links={links} />
      <BandeauDetournement />
      <EnTete />
      <Avis />
      <main id="contenu" tabIndex={-1}>
        <Progression />
        <ZoneMessages />
        <Outlet />
      </main>
      <PiedDePage />
      <DialogueFin />
      <ScrollRestoration getKey={({ pathname, key }) => (pathname === "/conventions" ? key : pathname)} />
    </EnTantQue.Provider>
  );
}

function useEffacementDesMessages() {
  const { changementDePage } = useMessages();
  const { pathname } = useLocation();
  const seen = useRef(pathname);
  useEffect(() => {
    if (seen.current === pathname) return;
    seen.current = pathname;
    changementDePage();
  }, [pathname, changementDePage]);
}

/** Thin line while the code of the next page is loading, when that takes more than 300 ms. */
function Progression() {
  const { state } = useNavigation();
  return state === "loading" ? <Ligne /> : null;
}

function Ligne() {
  const visible = useApres(300);
  return visible ? <div className="ap-progression" role="progressbar" aria-label="Chargement de la page" /> : null;
}
