/** The command being confirmed on the page of a convention, and what follows it: message, next page, or a fresh decision. */
import { useCallback, useState } from "react";
import { useNavigate } from "react-router";
import { type ActionFaite, type Convention, natureDuRefus } from "../../api/convention";
import { isApiError } from "../../api/problem";
import { useSession } from "../../app/session/contexte";
import { type Avis, useMiseAJour } from "../../features/convention/MiseAJour";
import { type ActionPresentee, estSoumission, motsDe } from "../../features/convention/rules";
import { useMessages } from "../../ui/Messages";

export type Commandes = {
  demande: ActionPresentee | null;
  message: string;
  /** What the page must say: changed by somebody else, or a command that came too late. */
  avis: Avis | null;
  demander: (action: ActionPresentee) => void;
  ecrire: (text: string) => void;
  fermer: () => void;
  fait: (code: string, reply: ActionFaite) => void;
  change: (error: unknown) => void;
  effacerAvis: () => void;
};

export function useCommandes(convention: Convention): Commandes {
  const { uuid } = convention;
  const [demande, setDemande] = useState<ActionPresentee | null>(null);
  const [messages, setMessages] = useState<Record<string, string>>({});
  const [late, setLate] = useState<Avis | null>(null);
  const { utilisateur, typologie } = useSession();
  const { avis: update, vu } = useMiseAJour(convention, {
    nom: `${utilisateur.prenom} ${utilisateur.nom}`.trim(),
    bailleur: typologie === "BAILLEUR",
  });
  const { afficher, effacer } = useMessages();
  const navigate = useNavigate();
  const code = demande?.action.code ?? "";

  const demander = useCallback(
    (action: ActionPresentee) => {
      if (action.lien) {
        void navigate(action.lien);
        return;
      }
      effacer();
      setLate(null);
      setDemande(action);
    },
    [navigate, effacer],
  );
  const fermer = useCallback(() => setDemande(null), []);

  const fait = (done: string, { convention: after, avertissements }: ActionFaite) => {
    setDemande(null);
    setLate(null);
    if (after) vu(after);
    const warnings = avertissements.map(({ detail }) => detail).join(" ");
    if (estSoumission(done)) {
      void navigate(`/conventions/${uuid}/envoyee`, { state: { avertissements: warnings } });
      return;
    }
    afficher({
      severite: "success",
      titre: motsDe(done, "").fait,
      detail: [warnings, after?.statut_phrase].filter(Boolean).join(" ") || undefined,
    });
    if (!after) void navigate("/conventions", { replace: true });
    else focusTitle();
  };

  const change = (error: unknown) => {
    setDemande(null);
    vu(convention);
    setLate(avisDeRefus(error));
  };

  return {
    demande,
    message: messages[code] ?? "",
    avis: late ?? update,
    demander,
    ecrire: (text) => setMessages((before) => ({ ...before, [code]: text })),
    fermer,
    fait,
    change,
    effacerAvis: () => {
      setLate(null);
      vu(convention);
    },
  };
}

/** A command that came too late, in words: what was refused, and that the page is now up to date. */
function avisDeRefus(error: unknown): Avis {
  if (natureDuRefus(error) === "statut" && isApiError(error)) {
    return {
      titre: "L’action n’est plus possible",
      detail: `${error.detail} La page vient d’être relue : voici son état actuel.`,
    };
  }
  return {
    titre: "La convention a changé pendant votre lecture",
    detail:
      "Rien n’a été envoyé. La page vient d’être relue : vérifiez ce qui a changé, puis recommencez si c’est toujours votre décision. Votre message est gardé.",
  };
}

/** The button that was pressed may have left the page: the title is where reading starts again. */
function focusTitle(): void {
  setTimeout(() => document.querySelector<HTMLElement>("main h1")?.focus(), 300);
}
