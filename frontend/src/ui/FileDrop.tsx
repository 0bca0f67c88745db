/**
 * Deposit of one file: drop zone and real file button, checks before sending (type, size from the API's limits),
 * progress of the request itself, cancel, retry, and every state in words. What happens after the upload (antivirus)
 * is told by `suite`, from the server.
 */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { type DragEvent, useEffect, useId, useRef, useState } from "react";
import { cx } from "../lib/cx";
import { ESPACE_FINE, formatTaille } from "../lib/nombres";
import { useAnnonce } from "./Annonces";
import { phraseErreur } from "./ErrorState";

export type EnvoyerFichier = (
  file: File,
  options: { signal: AbortSignal; onProgression: (sent: number, total: number) => void },
) => Promise<unknown>;

/** What the server says once the file has arrived. */
export type SuiteDepot = { niveau: "attente" | "pret" | "refus"; texte: string };

type Props = {
  libelle: string;
  /** Expected file: « PDF, 500 Mo au plus ». */
  aide?: string;
  /** Accepted MIME types and extensions: ["application/pdf", ".pdf"]. */
  accepte: readonly string[];
  tailleMax: number;
  envoyer: EnvoyerFichier;
  /** Called once the file has been received by the server. */
  onRecu?: (file: File) => void;
  suite?: SuiteDepot | null;
  inactif?: boolean;
};

type Etat =
  | { etape: "vide" }
  | { etape: "refuse"; nom: string; cause: string; fichier?: File }
  | { etape: "envoi"; nom: string; envoye: number; total: number }
  | { etape: "recu"; nom: string; taille: number };

/** Why a file cannot be sent, or null. */
export function refusAvantEnvoi(file: File, accepte: readonly string[], tailleMax: number): string | null {
  const name = file.name.toLowerCase();
  const known = accepte.some((rule) => (rule.startsWith(".") ? name.endsWith(rule.toLowerCase()) : file.type === rule));
  if (accepte.length > 0 && !known) {
    const extensions = accepte.filter((rule) => rule.startsWith(".")).map((rule) => rule.slice(1).toUpperCase());
    return `Ce type de fichier n’est pas accepté ici. Choisissez un fichier ${extensions.join(", ")}.`;
  }
  if (file.size === 0) return "Ce fichier est vide. Choisissez-en un autre.";
  if (file.size > tailleMax)
    return `Ce fichier pèse ${formatTaille(file.size)} ; la limite est de ${formatTaille(tailleMax)}.`;
  return null;
}

/** « Envoi 42 % (3,1 Mo sur 7,4 Mo) » */
export function phraseEnvoi(sent: number, total: number): string {
  const percent = total > 0 ? Math.min(100, Math.floor((sent / total) * 100)) : 0;
  return `Envoi ${percent}${ESPACE_FINE}% (${formatTaille(sent)} sur ${formatTaille(total)})`;
}

export function FileDrop({ libelle, aide, accepte, tailleMax, envoyer, onRecu, suite, inactif = false }: Props) {
  const [etat, setEtat] = useState<Etat>({ etape: "vide" });
  const [hovering, setHovering] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const controller = useRef<AbortController | null>(null);
  const quarter = useRef(0);
  const annoncer = useAnnonce();
  const id = useId();
  const busy = etat.etape === "envoi";

  useEffect(() => () => controller.current?.abort(), []);

  const refuse = (file: File, cause: string, retry: boolean) => {
    setEtat({ etape: "refuse", nom: file.name, cause, fichier: retry ? file : undefined });
    annoncer(`${file.name} : ${cause}`, { assertif: true });
  };

  const send = async (file: File) => {
    const cause = refusAvantEnvoi(file, accepte, tailleMax);
    if (cause) return refuse(file, cause, false);
    const abort = new AbortController();
    controller.current = abort;
    quarter.current = 0;
    setEtat({ etape: "envoi", nom: file.name, envoye: 0, total: file.size });
    annoncer(`Envoi de ${file.name} commencé`);
    try {
      await envoyer(file, {
        signal: abort.signal,
        onProgression: (sent, total) => {
          setEtat({ etape: "envoi", nom: file.name, envoye: sent, total });
          const reached = Math.floor((sent / total) * 4);
          if (reached > quarter.current && reached < 4) annoncer(phraseEnvoi(sent, total));
          quarter.current = Math.max(quarter.current, reached);
        },
      });
      setEtat({ etape: "recu", nom: file.name, taille: file.size });
      annoncer(`${file.name} : fichier reçu`);
      onRecu?.(file);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") {
        setEtat({ etape: "vide" });
        annoncer("Envoi annulé");
      } else refuse(file, phraseErreur(error), true);
    }
  };

  const choose = (files: FileList | null) => {
    const file = files?.[0];
    if (file) void send(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setHovering(false);
    if (!busy && !inactif) choose(event.dataTransfer.files);
  };

  return (
    <div className="ap-depot">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an addition to the real file field below */}
      <div
        className={cx("ap-depot__zone", hovering && "ap-depot__zone--survol", inactif && "ap-depot__zone--inactive")}
        onDragOver={(event) => {
          event.preventDefault();
          setHovering(!busy && !inactif);
        }}
        onDragLeave={() => setHovering(false)}
        onDrop={drop}
      >
        <span className="ap-depot__icone fr-icon-upload-2-line" aria-hidden="true" />
        <div className="ap-depot__consigne">
          <label htmlFor={id} className="ap-depot__libelle">
            {libelle}
          </label>
          {aide ? (
            <p id={`${id}-aide`} className="fr-hint-text fr-mb-0">
              {aide}
            </p>
          ) : null}
          <p className="fr-text--sm fr-mb-0 ap-depot__souris">
            Déposez le fichier dans ce cadre, ou choisissez-le sur votre appareil.
          </p>
        </div>
        <input
          ref={input}
          id={id}
          type="file"
          className="ap-depot__champ"
          accept={accepte.join(",")}
          disabled={busy || inactif}
          aria-describedby={aide ? `${id}-aide` : undefined}
          onChange={(event) => {
            choose(event.target.files);
            event.target.value = "";
          }}
        />
      </div>
      <EtatDepot
        etat={etat}
        suite={suite ?? null}
        onAnnuler={() => controller.current?.abort()}
        onReessayer={(file) => void send(file)}
      />
    </div>
  );
}

type EtatProps = { etat: Etat; suite: SuiteDepot | null; onAnnuler: () => void; onReessayer: (file: File) => void };

function EtatDepot({ etat, suite, onAnnuler, onReessayer }: EtatProps) {
  switch (etat.etape) {
    case "vide":
      return suite ? <LigneSuite nom="" suite={suite} /> : null;
    case "envoi":
      return (
        <div className="ap-depot__etat">
          <p className="ap-depot__nom">{etat.nom}</p>
          <progress
            className="ap-depot__progression"
            max={etat.total}
            value={etat.envoye}
            aria-label={`Envoi de ${etat.nom}`}
          />
          <div className="ap-depot__ligne">
            <span>{phraseEnvoi(etat.envoye, etat.total)}</span>
            <Button size="small" priority="tertiary" onClick={onAnnuler}>
              Annuler l’envoi
            </Button>
          </div>
        </div>
      );
    case "refuse":
      return (
        <div className="ap-depot__etat ap-depot__etat--refus">
          <p className="fr-message fr-message--error">
            <span>
              <strong>{etat.nom}</strong> : {etat.cause}
            </span>
          </p>
          {etat.fichier ? (
            <Button size="small" priority="secondary" onClick={() => etat.fichier && onReessayer(etat.fichier)}>
              Réessayer l’envoi
            </Button>
          ) : null}
        </div>
      );
    case "recu":
      return (
        <LigneSuite
          nom={`${etat.nom} (${formatTaille(etat.taille)})`}
          suite={suite ?? { niveau: "attente", texte: "Fichier reçu" }}
        />
      );
  }
}

function LigneSuite({ nom, suite }: { nom: string; suite: SuiteDepot }) {
  const kind = suite.niveau === "pret" ? "valid" : suite.niveau === "refus" ? "error" : "info";
  return (
    <div className="ap-depot__etat" role="status">
      <p className={`fr-message fr-message--${kind}`}>
        <span>
          {nom ? (
            <>
              <strong>{nom}</strong> :{" "}
            </>
          ) : null}
          {suite.texte}
        </span>
      </p>
    </div>
  );
}
