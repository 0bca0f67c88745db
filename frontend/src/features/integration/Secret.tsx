/** A secret that is shown once: in full, with what to do with it and a button that copies it. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useAnnonce } from "../../ui/Annonces";

type Props = {
  titre: string;
  valeur: string;
  /** « Copier le jeton » */
  libelleCopier: string;
  libelleCopie: string;
  children: ReactNode;
};

export function Secret({ titre, valeur, libelleCopier, libelleCopie, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [copie, setCopie] = useState(false);
  const annoncer = useAnnonce();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another secret takes the focus again
  useEffect(() => {
    box.current?.focus();
    setCopie(false);
  }, [valeur]);
  const copy = async () => {
    // Refused on an insecure origin: the value stays readable and selectable.
    await navigator.clipboard?.writeText(valeur).then(
      () => {
        setCopie(true);
        annoncer(libelleCopie);
      },
      () => undefined,
    );
  };
  return (
    <div ref={box} tabIndex={-1} className="fr-alert fr-alert--success ap-int-secret">
      <h2 className="fr-alert__title">{titre}</h2>
      {children}
      <p className="ap-int-secret__valeur">
        <code>{valeur}</code>
      </p>
      <Button size="small" iconId="fr-icon-clipboard-line" onClick={() => void copy()}>
        {copie ? libelleCopie : libelleCopier}
      </Button>
    </div>
  );
}
