/**
 * Follows what others change while this tab is looked at: the queries that show it are read again. What is being typed
 * is never touched: forms merge what comes (features/etape), and say it in words.
 *
 * The stream is open only while the tab is visible and somebody is at work in it: a forgotten tab must neither hold a
 * connection nor keep its session alive. Without a stream, what is on screen is read again every 30 seconds.
 */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { clesConvention } from "../../api/convention";
import { type ChangementDirect, creerDirect, type EtatDirect, envoyerDirect } from "../../api/direct";
import { useAnnonce } from "../../ui/Annonces";

const INACTIVITE_MS = 10 * 60_000;
const RELECTURE_MS = 30_000;
/** Lists are read again together, not at each change, and not by every tab at the same instant. */
const LISTES_MS = 2_000;

/** Lists, counts and home pages in which a change may show. */
const LISTES = ["conventions", "operations", "moi", "alertes", "statistiques"];

export function relireListes(queries: QueryClient): void {
  for (const cle of LISTES) void queries.invalidateQueries({ queryKey: [cle] });
}

export function relireTout(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: ["convention"] });
  relireListes(queries);
}

/** Reads again what shows a change. Answers true when the reader has just lost what it was looking at. */
export function appliquer(queries: QueryClient, { uuid, retrait }: ChangementDirect): boolean {
  const cle = clesConvention.tout(uuid);
  if (!retrait) {
    void queries.invalidateQueries({ queryKey: cle });
    return false;
  }
  const regarde = queries.getQueryCache().findAll({ queryKey: cle, type: "active" }).length > 0;
  // Its content leaves the screen and the memory; the server then says that it does not exist for this reader.
  void queries.resetQueries({ queryKey: cle });
  return regarde;
}

export function Direct() {
  const queries = useQueryClient();
  const annoncer = useAnnonce();
  useEffect(() => {
    let etat: EtatDirect = "ferme";
    let actif = Date.now();
    let listes: ReturnType<typeof setTimeout> | undefined;
    const direct = creerDirect({
      envoyer: envoyerDirect,
      onChangement: (changement) => {
        if (appliquer(queries, changement)) annoncer("Vous n’avez plus accès à ce dossier.");
        listes ??= setTimeout(
          () => {
            listes = undefined;
            relireListes(queries);
          },
          LISTES_MS * (0.5 + Math.random()),
        );
      },
      onToutRelire: () => relireTout(queries),
      onEtat: (suivant) => {
        etat = suivant;
      },
    });
    const regarde = () => document.visibilityState === "visible" && Date.now() - actif < INACTIVITE_MS;
    const decider = () => {
      if (!regarde()) direct.arreter();
      else if (etat === "ferme") direct.demarrer();
    };
    const agir = () => {
      const dormait = !regarde();
      actif = Date.now();
      if (dormait) decider();
    };
    const visible = () => {
      actif = Date.now();
      decider();
    };
    const gestes = ["pointerdown", "keydown", "wheel", "touchstart"] as const;
    for (const nom of gestes) window.addEventListener(nom, agir, { passive: true });
    document.addEventListener("visibilitychange", visible);
    const horloge = setInterval(() => {
      if (regarde() && etat !== "ouvert") relireTout(queries);
      if (!regarde()) direct.arreter();
    }, RELECTURE_MS);
    decider();
    return () => {
      clearInterval(horloge);
      clearTimeout(listes);
      for (const nom of gestes) window.removeEventListener(nom, agir);
      document.removeEventListener("visibilitychange", visible);
      direct.arreter();
    };
  }, [queries, annoncer]);
  return null;
}
