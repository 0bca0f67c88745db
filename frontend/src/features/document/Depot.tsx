/** Deposit of the signed PDF: what to do before, the drop zone, and what became of the last deposit. */

import { Button } from "@codegouvfr/react-dsfr/Button";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { telecharger } from "../../api/telechargement";
import { ESPACE_FINE, formatTaille } from "../../lib/nombres";
import { useEnLigne } from "../../lib/useEnLigne";
import { phraseErreur } from "../../ui/ErrorState";
import { FileDrop } from "../../ui/FileDrop";
import { type DocumentDepose, deposer } from "./api";
import { FichierDepose } from "./FichierDepose";
import { autresDocuments, documentEnVigueur, type RubriqueDeposee, refusePourVirus, suiteAntivirus } from "./rules";

const ACCEPTE = ["application/pdf", ".pdf"];

/** The limit is set in mebibytes, and told in the round figure that everybody knows: « 500 Mo ». */
const limiteEnMots = (octets: number): string =>
  octets % 2 ** 20 === 0 ? `${octets / 2 ** 20}${ESPACE_FINE}Mo` : formatTaille(octets);

type ZoneProps = {
  uuid: string;
  documents: readonly DocumentDepose[];
  tailleMax: number;
  libelle: string;
  rubrique?: RubriqueDeposee;
};

/** Drop zone of a PDF of the convention, and the state of the last one. */
export function ZoneDepot({ uuid, documents, tailleMax, libelle, rubrique = "DOCUMENT_SIGNE" }: ZoneProps) {
  const queries = useQueryClient();
  const online = useEnLigne();
  const current = documentEnVigueur(documents, rubrique);
  const infected = refusePourVirus(documents, rubrique);
  // Once received, the file is told by its card: the zone is ready for another one.
  const [recus, setRecus] = useState(0);
  return (
    <div className="ap-zone-depot">
      {infected ? (
        <div className="fr-alert fr-alert--error" role="alert">
          <h3 className="fr-alert__title">{infected.nom}</h3>
          <p>{suiteAntivirus(infected).texte}</p>
        </div>
      ) : null}
      {current ? <FichierDepose document={current} /> : null}
      <FileDrop
        key={recus}
        libelle={current ? "Remplacer le fichier déposé" : libelle}
        aide={`PDF, ${limiteEnMots(tailleMax)} au plus.${current ? " Le fichier actuel sera archivé, jamais effacé." : ""}`}
        accepte={ACCEPTE}
        tailleMax={tailleMax}
        envoyer={deposer(queries, uuid, rubrique)}
        onRecu={() => setRecus((n) => n + 1)}
        inactif={!online}
      />
    </div>
  );
}

/** Documents to print before signing; a calm sentence as long as there is none. */
export function DocumentsAImprimer({ documents }: { documents: readonly DocumentDepose[] }) {
  const [echec, setEchec] = useState<unknown>(null);
  const others = autresDocuments(documents);
  if (others.length === 0) {
    return (
      <p className="ap-mention fr-mb-0">
        Le document à signer sera proposé ici au téléchargement dès que la plateforme l’aura produit.
      </p>
    );
  }
  return (
    <>
      <ul className="fr-btns-group fr-btns-group--inline fr-btns-group--sm fr-mb-n2w">
        {others.map((document) => (
          <li key={document.uuid}>
            <Button
              size="small"
              priority="secondary"
              iconId="fr-icon-download-line"
              onClick={() => {
                setEchec(null);
                telecharger(document.uuid).catch(setEchec);
              }}
            >
              {document.libelle} ({formatTaille(document.taille)})
            </Button>
          </li>
        ))}
      </ul>
      {echec ? (
        <p className="fr-message fr-message--error" role="alert">
          Le téléchargement n’a pas abouti. {phraseErreur(echec)}
        </p>
      ) : null}
    </>
  );
}

/** Files that were replaced or cancelled: nothing is ever overwritten (DO-07). */
export function VersionsPrecedentes({ documents }: { documents: readonly DocumentDepose[] }) {
  const [echec, setEchec] = useState<unknown>(null);
  if (documents.length === 0) return null;
  return (
    <details className="ap-versions">
      <summary>Fichiers précédents ({documents.length})</summary>
      <ul>
        {documents.map((document) => (
          <li key={document.uuid}>
            {document.nom}, {formatTaille(document.taille)},{" "}
            {document.antivirus === "INFECTE" ? "supprimé : il contenait un virus" : "archivé"}
            {document.utilisable ? (
              <>
                {" "}
                <button
                  type="button"
                  className="fr-link"
                  onClick={() => {
                    setEchec(null);
                    telecharger(document.uuid).catch(setEchec);
                  }}
                >
                  Télécharger<span className="fr-sr-only"> {document.nom}</span>
                </button>
              </>
            ) : null}
          </li>
        ))}
      </ul>
      {echec ? (
        <p className="fr-message fr-message--error" role="alert">
          Le téléchargement n’a pas abouti. {phraseErreur(echec)}
        </p>
      ) : null}
    </details>
  );
}
