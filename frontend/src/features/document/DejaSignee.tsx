/** A signed convention: its date, its document, and the corrections that leave the status as it is (T12). */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useEffect, useRef, useState } from "react";
import type { Convention } from "../../api/convention";
import { useEnLigne } from "../../lib/useEnLigne";
import { EmptyState } from "../../ui/EmptyState";
import { useMessages } from "../../ui/Messages";
import { ApercuPdf } from "./ApercuPdf";
import type { DocumentDepose } from "./api";
import { ChampDate, RefusSignature } from "./DateSignature";
import { VersionsPrecedentes, ZoneDepot } from "./Depot";
import { FichierDepose } from "./FichierDepose";
import { documentSigne, signeLe, versionsPrecedentes } from "./rules";
import { useSigner } from "./useSigner";

type Props = {
  convention: Convention;
  documents: readonly DocumentDepose[];
  tailleMax: number;
  /** The reader has just signed: what he was on is gone, the focus comes here. */
  prendreLeFocus: boolean;
};

export function DejaSignee({ convention, documents, tailleMax, prendreLeFocus }: Props) {
  const document = documentSigne(documents);
  const correction = convention.transitions_possibles.some(({ code }) => code === "corriger_signature");
  const [mode, setMode] = useState<"lecture" | "date" | "fichier">("lecture");
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (prendreLeFocus) title.current?.focus();
  }, [prendreLeFocus]);
  const finir = () => {
    setMode("lecture");
    title.current?.focus();
  };
  return (
    <div className="ap-volet__contenu ap-volet__contenu--large">
      <h2 ref={title} tabIndex={-1} className="fr-h4 fr-mb-0">
        <span className="fr-icon-success-line ap-signee__icone" aria-hidden="true" /> {signeLe(convention)}
      </h2>
      {mode === "lecture" && (correction || convention.depot_possible) ? (
        <ul className="fr-btns-group fr-btns-group--inline fr-btns-group--sm fr-mb-n2w">
          {correction ? (
            <li>
              <Button size="small" priority="secondary" onClick={() => setMode("date")}>
                Corriger la date
              </Button>
            </li>
          ) : null}
          {convention.depot_possible ? (
            <li>
              <Button size="small" priority="secondary" onClick={() => setMode("fichier")}>
                Remplacer le document signé
              </Button>
            </li>
          ) : null}
        </ul>
      ) : null}
      {mode === "date" && correction ? <CorrectionDate convention={convention} onFini={finir} /> : null}
      {mode === "fichier" && convention.depot_possible ? (
        <section className="ap-encadre" aria-labelledby="remplacer-titre">
          <h3 id="remplacer-titre" className="fr-h6">
            Remplacer le document signé
          </h3>
          <p>
            Le statut et la date de signature ne changent pas. Le fichier actuel reste dans les fichiers précédents.
          </p>
          <ZoneDepot
            uuid={convention.uuid}
            documents={documents}
            tailleMax={tailleMax}
            libelle="Nouveau document signé"
          />
          <Button size="small" priority="tertiary" className="fr-mt-2w" onClick={finir}>
            Terminer
          </Button>
        </section>
      ) : null}
      {document && !document.utilisable && mode !== "fichier" ? <FichierDepose document={document} /> : null}
      {document?.utilisable ? <ApercuPdf key={document.uuid} document={document} /> : null}
      {document ? null : (
        <EmptyState titre="Le document signé n’est pas dans APiLos" niveau={3} icone="fr-icon-file-pdf-line" />
      )}
      <VersionsPrecedentes documents={versionsPrecedentes(documents)} />
    </div>
  );
}

function CorrectionDate({ convention, onFini }: { convention: Convention; onFini: () => void }) {
  const { afficher } = useMessages();
  const online = useEnLigne();
  const signature = useSigner(convention, "corriger_signature", ({ convention: corrected, avertissements }) => {
    afficher({
      severite: avertissements.length > 0 ? "warning" : "success",
      titre: "Date de signature corrigée",
      detail: [corrected ? `${signeLe(corrected)}.` : "", ...avertissements.map(({ detail }) => detail)].join(" "),
    });
    onFini();
  });
  const action = convention.transitions_possibles.find(({ code }) => code === "corriger_signature");
  return (
    <form
      noValidate
      className="ap-encadre"
      aria-label="Corriger la date de signature"
      onSubmit={(event) => {
        event.preventDefault();
        if (online) signature.envoyer();
      }}
    >
      {action ? <p>{action.confirmation}</p> : null}
      <ChampDate
        date={signature.date}
        onDate={signature.changer}
        avis={signature.avis}
        montrerErreur={signature.tente}
      />
      <RefusSignature signature={signature} />
      <ul className="fr-btns-group fr-btns-group--inline fr-btns-group--sm fr-mt-3w fr-mb-n2w">
        <li>
          <Button
            size="small"
            type="submit"
            nativeButtonProps={{
              "aria-disabled": signature.occupe || !online || undefined,
              "aria-busy": signature.occupe || undefined,
              title: online ? undefined : "Indisponible hors connexion",
            }}
          >
            {signature.occupe ? "Correction…" : "Corriger la date"}
          </Button>
        </li>
        <li>
          <Button size="small" type="button" priority="secondary" onClick={onFini}>
            Annuler
          </Button>
        </li>
      </ul>
    </form>
  );
}
