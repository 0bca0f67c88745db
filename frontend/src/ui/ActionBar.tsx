/**
 * The commands of a page, at its bottom, always in sight: one primary action, the others beside it (in a menu on a
 * phone). Built from the actions the server sends. An action with unmet preconditions stays focusable and opens the
 * list of what is missing; each line is a link. When the reader has nothing to do here, a sentence says who has.
 */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { compte } from "../lib/nombres";
import { useEstPetitEcran } from "../lib/useMediaQuery";
import { Lien } from "./Lien";

export type PreconditionNonRemplie = { code: string; detail: string; lien?: string };

export type ActionDePage = {
  code: string;
  libelle: string;
  /** Verb shown while the command runs: « Soumission… ». */
  libelleOccupe?: string;
  occupe?: boolean;
  onActiver?: () => void;
  lien?: string;
  preconditions?: readonly PreconditionNonRemplie[];
  /** Why the command cannot leave now (« Vous êtes hors connexion »): focusable, inert. */
  indisponible?: string | null;
  icone?: string;
};

type Props = {
  principale?: ActionDePage | null;
  autres?: readonly ActionDePage[];
  /** Replaces the buttons, or stands at their left: « Le service instructeur a la main depuis le 3 mars. » */
  phrase?: ReactNode;
  /** At the left: SaveStatus, « Précédent ». */
  gauche?: ReactNode;
  libelle?: string;
};

export function ActionBar({ principale, autres = [], phrase, gauche, libelle = "Actions de la page" }: Props) {
  const small = useEstPetitEcran();
  const [missing, setMissing] = useState<string | null>(null);
  const panelId = useId();
  const all = [...(principale ? [principale] : []), ...autres];
  const blocked = all.find((action) => action.code === missing && (action.preconditions?.length ?? 0) > 0);
  const toggle = (code: string) => setMissing((before) => (before === code ? null : code));

  return (
    <section className="ap-actions" aria-label={libelle}>
      {blocked ? (
        <div id={panelId} className="ap-actions__manques">
          <div className="fr-container">
            <Unmet action={blocked} onFermer={() => setMissing(null)} />
          </div>
        </div>
      ) : null}
      <div className="ap-actions__barre">
        <div className="fr-container ap-actions__contenu">
          {gauche || phrase ? (
            <div className="ap-actions__gauche">
              {gauche}
              {phrase ? <p className="ap-actions__phrase">{phrase}</p> : null}
            </div>
          ) : null}
          {all.length > 0 ? (
            <div className="ap-actions__boutons">
              {small && autres.length > 1 ? (
                <MoreActions actions={autres} onBlocked={toggle} />
              ) : (
                autres.map((action) => (
                  <ActionButton
                    key={action.code}
                    action={action}
                    priority="secondary"
                    onBlocked={toggle}
                    opened={missing === action.code}
                    panelId={panelId}
                  />
                ))
              )}
              {principale ? (
                <ActionButton
                  action={principale}
                  priority="primary"
                  onBlocked={toggle}
                  opened={missing === principale.code}
                  panelId={panelId}
                />
              ) : null}
            </div>
          ) : null}
        </div>
      </div>
    </section>
  );
}

/** List of what is missing before an action; focus moves to it when it opens. */
function Unmet({ action, onFermer }: { action: ActionDePage; onFermer: () => void }) {
  const title = useRef<HTMLParagraphElement>(null);
  useEffect(() => title.current?.focus(), []);
  const items = action.preconditions ?? [];
  return (
    <>
      <div className="ap-actions__manques-tete">
        <p ref={title} tabIndex={-1}>
          <strong>
            « {action.libelle} » attend {compte(items.length, "point")} :
          </strong>
        </p>
        <Button
          size="small"
          priority="tertiary no outline"
          iconId="fr-icon-close-line"
          title="Fermer la liste"
          onClick={onFermer}
        />
      </div>
      <ul>
        {items.map(({ code, detail, lien }) => (
          <li key={`${code}${detail}`}>{lien ? <Lien to={lien}>{detail}</Lien> : detail}</li>
        ))}
      </ul>
    </>
  );
}

type ButtonArgs = {
  action: ActionDePage;
  priority: "primary" | "secondary" | "tertiary no outline";
  onBlocked: (code: string) => void;
  opened?: boolean;
  panelId?: string;
  className?: string;
};

function ActionButton({ action, priority, onBlocked, opened = false, panelId, className }: ButtonArgs) {
  const { code, libelle, libelleOccupe, occupe, onActiver, lien, preconditions = [], indisponible, icone } = action;
  const reasonId = useId();
  const blocked = preconditions.length > 0;
  const text = occupe ? (libelleOccupe ?? `${libelle}…`) : libelle;
  const icon = icone ? `${icone} fr-btn--icon-left` : "";
  if (lien && !blocked && !indisponible) {
    return (
      <Lien to={lien} className={`fr-btn ${priorityClass(priority)} ${icon} ${className ?? ""}`}>
        {text}
      </Lien>
    );
  }
  return (
    <>
      <button
        type="button"
        className={`fr-btn ${priorityClass(priority)} ${icon} ${className ?? ""}`}
        aria-disabled={blocked || occupe || Boolean(indisponible) || undefined}
        aria-busy={occupe || undefined}
        aria-expanded={blocked ? opened : undefined}
        aria-controls={blocked && opened ? panelId : undefined}
        aria-describedby={blocked || indisponible ? reasonId : undefined}
        onClick={() => {
          if (occupe || indisponible) return;
          if (blocked) onBlocked(code);
          else onActiver?.();
        }}
      >
        {text}
      </button>
      {blocked ? (
        <span id={reasonId} className="fr-sr-only">
          {compte(preconditions.length, "point")} à compléter avant
        </span>
      ) : null}
      {indisponible && !blocked ? (
        <span id={reasonId} className="fr-sr-only">
          {indisponible}
        </span>
      ) : null}
    </>
  );
}

const priorityClass = (priority: ButtonArgs["priority"]) =>
  priority === "primary" ? "" : priority === "secondary" ? "fr-btn--secondary" : "fr-btn--tertiary-no-outline";

/** « Autres actions »: a disclosure, closed by Escape or by leaving it. */
function MoreActions({ actions, onBlocked }: { actions: readonly ActionDePage[]; onBlocked: (code: string) => void }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const leave = () => setOpen(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: leaving or escaping the group closes the menu; its buttons stay the controls
    <div
      ref={box}
      className="ap-autres-actions"
      onBlur={(event) => {
        if (!box.current?.contains(event.relatedTarget as Node | null)) leave();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        leave();
        button.current?.focus();
      }}
    >
      <button
        ref={button}
        type="button"
        className="fr-btn fr-btn--secondary"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        Autres actions
      </button>
      <ul id={id} className="ap-autres-actions__liste fr-raw-list" hidden={!open}>
        {actions.map((action) => (
          <li key={action.code}>
            <ActionButton
              action={{
                ...action,
                onActiver: () => {
                  leave();
                  action.onActiver?.();
                },
              }}
              priority="tertiary no outline"
              onBlocked={(code) => {
                leave();
                onBlocked(code);
              }}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
