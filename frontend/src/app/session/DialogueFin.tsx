/** « Votre session va expirer », then « Votre session est terminée »: what was typed stays on the page behind. */
import { useState } from "react";
import { formatHeure } from "../../lib/dates";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { useContratSession, useSessionOuNull } from "./contexte";

export function DialogueFin() {
  const { fin, prolonger, seConnecter } = useContratSession();
  const session = useSessionOuNull();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [dismissed, setDismissed] = useState<string | null>(null);
  if (!session) return null;

  const stay = async () => {
    setBusy(true);
    setError(null);
    try {
      await prolonger();
      // The absolute end of a session cannot be moved: the warning has been read, it leaves the way.
      setDismissed(session.expire_le);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  if (fin === "passee") {
    return (
      <ConfirmDialog
        ouvert={dismissed !== "passee"}
        titre="Votre session est terminée"
        sansEnvoi
        libelleConfirmer="Se reconnecter"
        libelleAnnuler="Rester sur la page"
        onConfirmer={() => seConnecter()}
        onFermer={() => setDismissed("passee")}
        icone="fr-icon-information-line"
      >
        <p>
          Reconnectez-vous : vous reviendrez sur cette page. Les brouillons gardés sur cet appareil vous y attendront.
        </p>
      </ConfirmDialog>
    );
  }
  return (
    <ConfirmDialog
      ouvert={fin === "proche" && dismissed !== session.expire_le}
      titre="Votre session va expirer"
      sansEnvoi
      libelleConfirmer="Rester connecté"
      libelleOccupe="Prolongation…"
      libelleAnnuler="Fermer"
      occupe={busy}
      erreur={error}
      onConfirmer={() => void stay()}
      onFermer={() => setDismissed(session.expire_le)}
      icone="fr-icon-warning-line"
    >
      <p>
        Sans action de votre part, vous serez déconnecté à {formatHeure(session.expire_le)}. Enregistrez vos saisies ou
        prolongez la session.
      </p>
    </ConfirmDialog>
  );
}
