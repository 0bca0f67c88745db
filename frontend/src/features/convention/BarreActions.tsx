/** Commands of the page, from what the server allows: one primary, the usual ones beside it, the rest behind a menu. */
import { type ReactNode, useId, useRef, useState } from "react";
import type { Convention } from "../../api/convention";
import { useEnLigne } from "../../lib/useEnLigne";
import { useEstPetitEcran } from "../../lib/useMediaQuery";
import { ActionBar, type ActionDePage } from "../../ui/ActionBar";
import { type ActionPresentee, phraseMain, presenterActions } from "./rules";

type Props = {
  convention: Convention;
  commentairesOuverts: number;
  onDemander: (action: ActionPresentee) => void;
};

export function BarreActions({ convention, commentairesOuverts, onDemander }: Props) {
  const small = useEstPetitEcran();
  const enLigne = useEnLigne();
  const { principale, courantes, rares } = presenterActions(convention, commentairesOuverts);
  if (!principale && courantes.length + rares.length === 0) return null;

  const present = (shown: ActionPresentee): ActionDePage => ({
    code: shown.cle,
    libelle: shown.libelle,
    preconditions: shown.manques,
    lien: shown.lien ?? undefined,
    onActiver: () => onDemander(shown),
    indisponible: enLigne ? null : "Indisponible hors connexion",
  });
  // On a phone one menu holds everything but the primary action.
  const together = small && courantes.length + rares.length > 1;
  const offline = enLigne ? null : "Vous êtes hors connexion : les commandes reviendront avec le réseau.";
  const phrase: ReactNode = offline ?? (principale ? null : phraseMain(convention.main));
  return (
    <ActionBar
      principale={principale ? present(principale) : null}
      autres={(together ? [...courantes, ...rares] : courantes).map(present)}
      phrase={phrase}
      gauche={!together && rares.length > 0 ? <AutresActions actions={rares.map(present)} /> : undefined}
    />
  );
}

/** « Autres actions »: a disclosure, closed by Escape or by leaving it. */
function AutresActions({ actions }: { actions: readonly ActionDePage[] }) {
  const [open, setOpen] = useState(false);
  const [missing, setMissing] = useState<string | null>(null);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only watches the focus and Escape of the controls it holds
    <div
      ref={box}
      className="ap-autres-actions"
      onBlur={(event) => {
        if (!box.current?.contains(event.relatedTarget as Node | null)) setOpen(false);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        setOpen(false);
        button.current?.focus();
      }}
    >
      <button
        ref={button}
        type="button"
        className="fr-btn fr-btn--tertiary fr-btn--icon-right fr-icon-arrow-up-s-line"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        Autres actions
      </button>
      <ul id={id} className="ap-autres-actions__liste fr-raw-list" hidden={!open}>
        {actions.map((action) => (
          <li key={action.code}>
            <Choix
              action={action}
              onBloque={() => setMissing(missing === action.code ? null : action.code)}
              onFait={() => setOpen(false)}
            />
            {missing === action.code ? (
              <ul className="ap-autres-actions__manques">
                {(action.preconditions ?? []).map(({ code, detail }) => (
                  <li key={`${code}${detail}`}>{detail}</li>
                ))}
              </ul>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Choix({ action, onBloque, onFait }: { action: ActionDePage; onBloque: () => void; onFait: () => void }) {
  const blocked = (action.preconditions?.length ?? 0) > 0;
  return (
    <button
      type="button"
      className="fr-btn fr-btn--tertiary-no-outline"
      aria-disabled={blocked || Boolean(action.indisponible) || undefined}
      title={action.indisponible ?? undefined}
      onClick={() => {
        if (action.indisponible) return;
        if (blocked) {
          onBloque();
          return;
        }
        onFait();
        action.onActiver?.();
      }}
    >
      {action.libelle}
    </button>
  );
}
