/** Side menu of the récapitulatif: the steps, their state in words, and where the reader is. */
import { useEffect, useId, useState } from "react";
import type { EtapeResumee, PointCompletude } from "../../api/convention";
import { cx } from "../../lib/cx";
import { commentairesDEtape, conseilles, etatDEtape } from "./rules";

type Props = {
  etapes: readonly EtapeResumee[];
  points: readonly PointCompletude[];
  preparation: boolean;
  onAller: (code: string) => void;
  /** Steps that changed since the last visit of the reader. */
  modifiees?: ReadonlySet<string>;
};

export function Etapes({ etapes, points, preparation, onAller, modifiees }: Props) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const here = useEtapeVisible(etapes);
  return (
    <nav className="ap-etapes" aria-label="Étapes de la convention">
      <button
        type="button"
        className="ap-etapes__bouton"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        Aller à une étape
        <span className={open ? "fr-icon-arrow-up-s-line" : "fr-icon-arrow-down-s-line"} aria-hidden="true" />
      </button>
      <ul id={id} className={cx("fr-raw-list ap-etapes__liste", open && "ap-etapes__liste--ouverte")}>
        {etapes.map((step) => (
          <li key={step.code}>
            <a
              href={`#${step.code}`}
              className="ap-etapes__lien"
              aria-current={here === step.code ? "true" : undefined}
              onClick={(event) => {
                event.preventDefault();
                setOpen(false);
                onAller(step.code);
              }}
            >
              <Etat step={step} preparation={preparation} advised={conseilles(points, step.code)} />
              {modifiees?.has(step.code) ? <Modifiee /> : null}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A dot, said in words: colour is never alone. */
function Modifiee() {
  return (
    <span className="ap-modifie" title="Modifié depuis votre visite">
      <span className="fr-sr-only">, modifié depuis votre visite</span>
    </span>
  );
}

function Etat({ step, preparation, advised }: { step: EtapeResumee; preparation: boolean; advised: number }) {
  const state = etatDEtape(step, preparation, advised);
  const comments = commentairesDEtape(step);
  const icon =
    step.nb_points > 0
      ? "fr-icon-error-warning-line"
      : advised > 0
        ? "fr-icon-information-line"
        : step.facultative
          ? "fr-icon-circle-line"
          : "fr-icon-checkbox-circle-line";
  return (
    <>
      {state ? (
        <span
          className={cx("ap-etapes__icone fr-icon--sm", icon, step.nb_points > 0 && "ap-etapes__icone--manque")}
          aria-hidden="true"
        />
      ) : null}
      <span>
        {step.libelle}
        {state || comments ? (
          <span className="ap-etapes__etat">
            <span className="fr-sr-only"> : </span>
            {[state, comments].filter(Boolean).join(", ")}
          </span>
        ) : null}
      </span>
    </>
  );
}

/** Step whose card is at the top of the window. */
function useEtapeVisible(etapes: readonly EtapeResumee[]): string | null {
  const [here, setHere] = useState<string | null>(null);
  const codes = etapes.map(({ code }) => code).join(" ");
  useEffect(() => {
    if (!("IntersectionObserver" in window)) return undefined;
    const visible = new Set<string>();
    const order = codes.split(" ");
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) visible.add(target.id);
          else visible.delete(target.id);
        }
        setHere(order.find((code) => visible.has(code)) ?? null);
      },
      { rootMargin: "-10% 0px -70% 0px" },
    );
    for (const code of order) {
      const element = document.getElementById(code);
      if (element) observer.observe(element);
    }
    return () => observer.disconnect();
  }, [codes]);
  return here;
}
