/** Red banner while the staff acts as somebody (05 C.5): who, how, for how long, and the button that stops. */
import { useEffect, useState } from "react";
import { compte } from "../../lib/nombres";
import { phraseErreur } from "../../ui/ErrorState";
import { useMessages } from "../../ui/Messages";
import { useSessionOuNull } from "../session/contexte";
import { arreterDetournement, revenirASoi } from "../session/detournement";

const MINUTE = 60_000;

/** Whole minutes left, never less than zero. */
export const minutesRestantes = (expireLe: string, now: number): number =>
  Math.max(0, Math.ceil((new Date(expireLe).getTime() - now) / MINUTE));

export function BandeauDetournement() {
  const session = useSessionOuNull();
  const acting = session?.detournement ?? null;
  const minutes = useMinutes(acting?.expire_le ?? null);
  const { afficher } = useMessages();
  const [busy, setBusy] = useState(false);
  if (!session || !acting) return null;

  const stop = () => {
    if (busy) return;
    setBusy(true);
    arreterDetournement().catch((error: unknown) => {
      setBusy(false);
      afficher({ severite: "error", titre: "La consultation n’a pas pu être arrêtée", detail: phraseErreur(error) });
    });
  };
  const { prenom, nom } = session.utilisateur;
  return (
    <section className="ap-detournement" aria-label="Vous agissez à la place d’une personne">
      <div className="fr-container ap-detournement__ligne">
        <p className="ap-detournement__texte">
          <span className="fr-icon-eye-line" aria-hidden="true" />
          <span>
            Vous consultez la plateforme en tant que{" "}
            <strong>
              {prenom} {nom}
            </strong>
            {acting.mode === "lecture"
              ? ", sans pouvoir modifier."
              : " : ce que vous faites est enregistré sous vos deux noms."}{" "}
            <span className="ap-detournement__temps">Encore {compte(minutes, "minute")}.</span>
          </span>
        </p>
        <button
          type="button"
          className="fr-btn fr-btn--sm ap-detournement__bouton"
          aria-disabled={busy || undefined}
          onClick={stop}
        >
          {busy ? "Arrêt…" : "Arrêter"}
        </button>
      </div>
    </section>
  );
}

/** Minutes left, followed without polling the server; at the end one is oneself again. */
function useMinutes(expireLe: string | null): number {
  const [minutes, setMinutes] = useState(() => (expireLe ? minutesRestantes(expireLe, Date.now()) : 0));
  useEffect(() => {
    if (!expireLe) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      const now = Date.now();
      const left = minutesRestantes(expireLe, now);
      setMinutes(left);
      if (left === 0) {
        revenirASoi();
        return;
      }
      timer = setTimeout(look, Math.max(250, new Date(expireLe).getTime() - now - (left - 1) * MINUTE));
    };
    look();
    // A laptop that wakes up has not run its timers.
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [expireLe]);
  return minutes;
}
