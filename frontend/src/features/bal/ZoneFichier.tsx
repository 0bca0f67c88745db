/** Where the file is dropped or chosen, then its way to the server: sending, checking, each in words. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { type DragEvent, type ReactNode, useId, useState } from "react";
import { cx } from "../../lib/cx";
import { formatTaille } from "../../lib/nombres";
import { phraseEnvoi } from "../../ui/FileDrop";
import type { Refus } from "./useDepot";

type Props = {
  libelle: string;
  tailleMax: number;
  refus: Refus | null;
  inactif?: boolean;
  onFichier: (file: File) => void;
  /** Under the zone: what the person may need before having a file. */
  children?: ReactNode;
};

export function ZoneFichier({ libelle, tailleMax, refus, inactif = false, onFichier, children }: Props) {
  const [hovering, setHovering] = useState(false);
  const id = useId();
  const choose = (files: FileList | null) => {
    const file = files?.[0];
    if (file) onFichier(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setHovering(false);
    if (!inactif) choose(event.dataTransfer.files);
  };
  return (
    <div className="ap-depot">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an addition to the real file field below */}
      <div
        className={cx("ap-depot__zone", hovering && "ap-depot__zone--survol", inactif && "ap-depot__zone--inactive")}
        onDragOver={(event) => {
          event.preventDefault();
          setHovering(!inactif);
        }}
        onDragLeave={() => setHovering(false)}
        onDrop={drop}
      >
        <span className="ap-depot__icone fr-icon-upload-2-line" aria-hidden="true" />
        <div className="ap-depot__consigne">
          <label htmlFor={id} className="ap-depot__libelle">
            {libelle}
          </label>
          <p id={`${id}-aide`} className="fr-hint-text fr-mb-0">
            Base Adresse Locale au format CSV, versions 1.3 à 1.5, {formatTaille(tailleMax)} au plus.
          </p>
          <p className="fr-text--sm fr-mb-0 ap-depot__souris">
            Déposez le fichier dans ce cadre, ou choisissez-le sur votre appareil.
          </p>
        </div>
        <input
          id={id}
          type="file"
          className="ap-depot__champ"
          accept=".csv,.txt,text/csv,text/plain"
          disabled={inactif}
          aria-describedby={`${id}-aide`}
          onChange={(event) => {
            choose(event.target.files);
            event.target.value = "";
          }}
        />
      </div>
      {refus ? (
        <div className="ap-depot__etat ap-depot__etat--refus" role="alert">
          <p className="fr-message fr-message--error">
            <span>
              <strong>{refus.nom}</strong> : {refus.cause}
            </span>
          </p>
          {refus.fichier ? (
            <Button size="small" priority="secondary" onClick={() => refus.fichier && onFichier(refus.fichier)}>
              Réessayer avec ce fichier
            </Button>
          ) : null}
        </div>
      ) : null}
      {children}
    </div>
  );
}

type EnCoursProps = { fichier: File; envoye: number | null; total: number; onAnnuler: () => void };

/** `envoye` null: everything has arrived, the server is checking. */
export function FichierEnCours({ fichier, envoye, total, onAnnuler }: EnCoursProps) {
  return (
    <div className="ap-depot__etat ap-bal-encours">
      <p className="ap-depot__nom">
        {fichier.name} ({formatTaille(fichier.size)})
      </p>
      <progress
        className="ap-depot__progression"
        max={total || 1}
        {...(envoye === null ? {} : { value: envoye })}
        aria-label={envoye === null ? `Vérification de ${fichier.name}` : `Envoi de ${fichier.name}`}
      />
      <div className="ap-depot__ligne">
        <span>{envoye === null ? "Vérification en cours, ligne par ligne…" : phraseEnvoi(envoye, total)}</span>
        <Button size="small" priority="tertiary" onClick={onAnnuler}>
          Annuler
        </Button>
      </div>
    </div>
  );
}
