/** The deposited file: its name, who deposited it, and where its check stands, in words. */
import { formatInstant } from "../../lib/dates";
import { formatTaille } from "../../lib/nombres";
import type { DocumentDepose } from "./api";
import { suiteAntivirus } from "./rules";

const CLASSES = { pret: "valid", attente: "info", refus: "error" } as const;

export function FichierDepose({ document }: { document: DocumentDepose }) {
  const { niveau, texte } = suiteAntivirus(document);
  return (
    <div className={`ap-fichier ap-fichier--${niveau}`}>
      <span className="ap-fichier__icone fr-icon-file-pdf-line" aria-hidden="true" />
      <div>
        <p className="ap-fichier__nom">{document.nom}</p>
        <p className="ap-fichier__meta">
          PDF, {formatTaille(document.taille)}, déposé par {document.depose_par || "une personne inconnue"} le{" "}
          {formatInstant(document.cree_le)}
        </p>
        <p className={`fr-message fr-message--${CLASSES[niveau]}`} role="status">
          {texte}
        </p>
      </div>
    </div>
  );
}
