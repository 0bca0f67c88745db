/**
 * After a refused save: how many points to correct, each a link to its field. Takes focus each time `envoi` changes,
 * and prefixes the title of the browser tab with « Erreur : » while it is shown.
 */
import { useEffect, useRef } from "react";
import { accord } from "../lib/nombres";

export type PointACorriger = {
  message: string;
  /** Id of the field; the link moves focus to it. Without it the message stays as text. */
  champ?: string;
};

type Props = {
  points: PointACorriger[];
  /** Changes at each refused save (a counter): moves focus here again. */
  envoi: number;
  titre?: string;
};

/** Moves focus to a field, opening what hides it (a closed accordion) and leaving room for sticky bars. */
export function allerAuChamp(id: string): boolean {
  const element = document.getElementById(id);
  if (!element) return false;
  element.closest("details")?.setAttribute("open", "");
  element.scrollIntoView({ block: "center" });
  element.focus({ preventScroll: true });
  return document.activeElement === element;
}

export function ErrorSummary({ points, envoi, titre }: Props) {
  const box = useRef<HTMLElement>(null);
  const visible = points.length > 0;

  useEffect(() => {
    if (envoi > 0 && visible) box.current?.focus();
  }, [envoi, visible]);

  useEffect(() => {
    if (!visible) return undefined;
    const before = document.title;
    document.title = `Erreur : ${before}`;
    return () => {
      if (document.title.startsWith("Erreur : ")) document.title = document.title.slice("Erreur : ".length);
    };
  }, [visible]);

  if (!visible) return null;
  return (
    <section
      ref={box}
      tabIndex={-1}
      aria-labelledby="ap-resume-erreurs"
      className="fr-alert fr-alert--error ap-resume-erreurs"
    >
      <h2 id="ap-resume-erreurs" className="fr-alert__title">
        {titre ?? `${points.length} ${accord(points.length, "point")} à corriger`}
      </h2>
      <ul>
        {points.map(({ message, champ }) => (
          <li key={`${champ ?? ""}${message}`}>
            {champ ? (
              <a
                href={`#${champ}`}
                onClick={(event) => {
                  event.preventDefault();
                  allerAuChamp(champ);
                }}
              >
                {message}
              </a>
            ) : (
              message
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
