/**
 * Leaving with something typed: the draft is sent first and the way is free. A question is asked only when neither the
 * server nor this device could keep it.
 */
import { useEffect, useRef, useState } from "react";
import { useBlocker } from "react-router";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import type { Garde } from "./garde";

export function GardeSortie({ garde }: { garde: () => Garde | null }) {
  const [asking, setAsking] = useState(false);
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      currentLocation.pathname !== nextLocation.pathname && garde()?.enSurete() === false,
  );
  const current = useRef(blocker);
  current.current = blocker;

  useEffect(() => {
    if (blocker.state !== "blocked") return undefined;
    let ignored = false;
    void (garde()?.forcer() ?? Promise.resolve()).then(() => {
      if (ignored) return;
      if (garde()?.enSurete() === false) setAsking(true);
      else current.current.proceed?.();
    });
    return () => {
      ignored = true;
    };
  }, [blocker.state, garde]);

  useEffect(() => {
    const leave = (event: BeforeUnloadEvent) => {
      if (garde()?.enSurete() === false) event.preventDefault();
    };
    // A tab that closes or goes to sleep: what waits leaves now.
    const hide = () => {
      if (document.visibilityState === "hidden") void garde()?.forcer();
    };
    window.addEventListener("beforeunload", leave);
    document.addEventListener("visibilitychange", hide);
    return () => {
      window.removeEventListener("beforeunload", leave);
      document.removeEventListener("visibilitychange", hide);
    };
  }, [garde]);

  return (
    <ConfirmDialog
      ouvert={asking}
      titre="Vos saisies ne sont pas gardées"
      sansEnvoi
      libelleConfirmer="Quitter sans garder"
      libelleAnnuler="Rester"
      onConfirmer={() => {
        setAsking(false);
        current.current.proceed?.();
      }}
      onFermer={() => {
        setAsking(false);
        current.current.reset?.();
      }}
      icone="fr-icon-warning-line"
    >
      <p>Ni le service ni cet appareil n’ont pu les garder. Si vous quittez cette page, elles seront perdues.</p>
    </ConfirmDialog>
  );
}
