/**
 * Confirmation of a command, always a `createModal` dialog: it says what will happen, its button carries the verb.
 * Controlled by `ouvert`; stays open while the command runs and when it is refused.
 */
import { createModal } from "@codegouvfr/react-dsfr/Modal";
import { useIsModalOpen } from "@codegouvfr/react-dsfr/Modal/useIsModalOpen";
import { type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { isTransient } from "../api/problem";
import { useEnLigne } from "../lib/useEnLigne";
import { ErrorState } from "./ErrorState";

type Props = {
  ouvert: boolean;
  titre: string;
  children: ReactNode;
  /** Verb and object: « Soumettre au service ». */
  libelleConfirmer: string;
  libelleOccupe?: string;
  libelleAnnuler?: string;
  occupe?: boolean;
  /** Nothing is sent: the dialog can be answered without network. */
  sansEnvoi?: boolean;
  /** The button stays focusable; activating it does nothing but `onRefus` (shows what is missing). */
  confirmable?: boolean;
  onRefus?: () => void;
  onConfirmer: () => void;
  onFermer: () => void;
  /** Last refusal of the server, shown in the dialog. */
  erreur?: unknown;
  taille?: "small" | "medium" | "large";
  icone?: "fr-icon-warning-line" | "fr-icon-arrow-right-line" | "fr-icon-information-line";
};

/** The script of the DSFR may not be ready when a page opens on a dialog: tries again shortly after. */
function whenReady(action: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  const run = () => {
    try {
      action();
    } catch {
      tries += 1;
      if (tries < 40) timer = setTimeout(run, 50);
    }
  };
  timer = setTimeout(run, 0);
  return () => clearTimeout(timer);
}

/** A dialog opened by the page gives the focus back to the button that asked for it, when that button is still there. */
function useRetourDuFocus(opened: boolean): void {
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    if (opened) {
      opener.current = document.activeElement;
      return undefined;
    }
    const timer = setTimeout(() => {
      const focused = document.activeElement;
      // A closed dialog keeps the focus for an instant, then loses it to the page.
      const lost =
        focused === null || focused === document.body || focused.closest("dialog:not(.fr-modal--opened)") !== null;
      if (lost && opener.current instanceof HTMLElement && opener.current.isConnected) opener.current.focus();
      opener.current = null;
    }, 100);
    return () => clearTimeout(timer);
  }, [opened]);
}

export function ConfirmDialog(props: Props) {
  const {
    ouvert,
    titre,
    children,
    libelleConfirmer,
    libelleOccupe,
    libelleAnnuler = "Annuler",
    occupe = false,
  } = props;
  const {
    confirmable = true,
    sansEnvoi = false,
    onRefus,
    onConfirmer,
    onFermer,
    erreur,
    taille = "medium",
    icone,
  } = props;
  const id = useId().replace(/[^a-zA-Z0-9_-]/g, "");
  const [modal] = useState(() => createModal({ id: `dialogue-${id}`, isOpenedByDefault: false }));
  const online = useEnLigne();
  const waiting = !online && !sansEnvoi;
  const wanted = useRef(ouvert);
  wanted.current = ouvert;
  const shown = useIsModalOpen(modal, {
    onConceal: () => {
      if (wanted.current) onFermer();
    },
  });

  useRetourDuFocus(ouvert);

  // A long dialog scrolls: a refusal under the fold would not be seen.
  const refus = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (erreur) refus.current?.scrollIntoView?.({ block: "nearest" });
  }, [erreur]);

  useEffect(() => {
    if (ouvert === shown) return undefined;
    return whenReady(ouvert ? modal.open : modal.close);
  }, [ouvert, shown, modal]);

  // A dialog that leaves the page while open (the command has navigated) must give the page its scroll back.
  useLayoutEffect(
    () => () => {
      if (!document.getElementById(modal.id)?.classList.contains("fr-modal--opened")) return;
      try {
        modal.close();
      } catch {
        // The script of the design system has already forgotten this dialog.
      }
    },
    [modal],
  );

  return (
    <modal.Component
      title={titre}
      titleAs="h2"
      size={taille}
      iconId={icone}
      concealingBackdrop={!occupe}
      buttons={[
        { children: libelleAnnuler, priority: "secondary", doClosesModal: false, onClick: onFermer, disabled: occupe },
        {
          children: occupe ? (libelleOccupe ?? `${libelleConfirmer}…`) : libelleConfirmer,
          doClosesModal: false,
          onClick: () => {
            // A dialog that is closing is still on screen: a second press must not carry out the command again.
            if (occupe || waiting || !wanted.current) return;
            if (confirmable) onConfirmer();
            else onRefus?.();
          },
          nativeButtonProps: {
            "aria-disabled": occupe || waiting || !confirmable || undefined,
            "aria-busy": occupe || undefined,
          },
        },
      ]}
    >
      {ouvert || shown ? (
        <>
          {children}
          {waiting ? (
            <p role="status" className="fr-message fr-message--warning fr-mt-2w">
              Vous êtes hors connexion : la commande attend le retour du réseau.
            </p>
          ) : null}
          {erreur ? (
            <div ref={refus} className="fr-mt-2w">
              <ErrorState
                compact
                titre={isTransient(erreur) ? "L’action n’a pas abouti" : "La commande a été refusée"}
                erreur={erreur}
              />
            </div>
          ) : null}
        </>
      ) : null}
    </modal.Component>
  );
}
