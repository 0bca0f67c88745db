/**
 * A PDF in the page. Its address lives one minute and serves once: it is asked when the document is shown, and again for
 * each other use. On a small screen browsers do not draw PDFs in a page: a button opens it instead.
 */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useEffect, useState } from "react";
import { adresseDe, telecharger } from "../../api/telechargement";
import { formatTaille } from "../../lib/nombres";
import { useEstPetitEcran } from "../../lib/useMediaQuery";
import { ErrorState, phraseErreur } from "../../ui/ErrorState";
import type { DocumentDepose } from "./api";

type Etat = { etat: "attente" } | { etat: "pret"; url: string } | { etat: "echec"; erreur: unknown };

export function ApercuPdf({ document }: { document: DocumentDepose }) {
  const small = useEstPetitEcran();
  return (
    <section className="ap-apercu-pdf" aria-label={`Document ${document.nom}`}>
      {small ? null : <Cadre document={document} />}
      <CommandesPdf document={document} principale={small} />
    </section>
  );
}

function Cadre({ document }: { document: DocumentDepose }) {
  const [etat, setEtat] = useState<Etat>({ etat: "attente" });
  const [essai, setEssai] = useState(0);
  const { uuid } = document;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `essai` is the wish to ask another address
  useEffect(() => {
    let ignored = false;
    setEtat({ etat: "attente" });
    adresseDe(uuid, true).then(
      (url) => {
        if (!ignored) setEtat({ etat: "pret", url });
      },
      (erreur: unknown) => {
        if (!ignored) setEtat({ etat: "echec", erreur });
      },
    );
    return () => {
      ignored = true;
    };
  }, [uuid, essai]);
  if (etat.etat === "echec")
    return (
      <ErrorState
        compact
        titre="L’aperçu n’a pas pu être affiché"
        erreur={etat.erreur}
        onReessayer={() => setEssai((n) => n + 1)}
      />
    );
  return (
    <div className="ap-apercu-pdf__cadre" aria-busy={etat.etat === "attente" || undefined}>
      {etat.etat === "pret" ? (
        <iframe src={`${etat.url}#navpanes=0`} title={`Aperçu de ${document.nom}`} className="ap-apercu-pdf__page" />
      ) : (
        <p className="ap-mention" role="status">
          Préparation de l’aperçu…
        </p>
      )}
    </div>
  );
}

/** Open and download, without the preview. */
export function CommandesPdf({ document, principale }: { document: DocumentDepose; principale: boolean }) {
  const [echec, setEchec] = useState<unknown>(null);
  const essayer = (action: () => Promise<unknown>) => {
    setEchec(null);
    action().catch(setEchec);
  };
  const size = `PDF, ${formatTaille(document.taille)}`;
  return (
    <div className="ap-apercu-pdf__commandes">
      <Button
        size="small"
        priority={principale ? "secondary" : "tertiary"}
        iconId="fr-icon-external-link-line"
        iconPosition="right"
        onClick={() => essayer(() => ouvrir(document.uuid))}
      >
        {principale ? `Ouvrir le document (${size})` : "Ouvrir dans un nouvel onglet"}
        <span className="fr-sr-only"> (nouvelle fenêtre)</span>
      </Button>
      <Button
        size="small"
        priority="tertiary"
        iconId="fr-icon-download-line"
        onClick={() => essayer(() => telecharger(document.uuid))}
      >
        Télécharger ({size})
      </Button>
      {echec ? (
        <p className="fr-message fr-message--error" role="alert">
          Le document n’a pas pu être ouvert. {phraseErreur(echec)}
        </p>
      ) : null}
    </div>
  );
}

/** The window opens at once, in the gesture of the reader, and receives its address afterwards. */
async function ouvrir(uuid: string): Promise<void> {
  const tab = window.open("", "_blank");
  try {
    const url = await adresseDe(uuid, true);
    if (!tab) {
      window.location.assign(url);
      return;
    }
    tab.opener = null;
    tab.location.replace(url);
  } catch (error) {
    tab?.close();
    throw error;
  }
}
