/** The document that says what is in force: published, else signed, else produced by the platform (DO-03, DO-04). */
import { EmptyState } from "../../ui/EmptyState";
import { ApercuPdf, CommandesPdf } from "./ApercuPdf";
import type { DocumentDepose } from "./api";
import { VersionsPrecedentes } from "./Depot";
import { FichierDepose } from "./FichierDepose";
import { documentsEnVigueur, versionsPrecedentes } from "./rules";

type Props = { statut: string; documents: readonly DocumentDepose[]; apercu: boolean };

export function EnVigueur({ statut, documents, apercu }: Props) {
  const liste = documentsEnVigueur(statut, documents);
  const [first] = liste;
  if (!first)
    return (
      <EmptyState titre="Aucun document" niveau={3} icone="fr-icon-file-pdf-line">
        <p>Le document signé n’est pas dans APiLos.</p>
      </EmptyState>
    );
  return (
    <div className="ap-volet__contenu ap-volet__contenu--large">
      {liste.map((document) => (
        <section key={document.uuid} aria-label={document.libelle}>
          <p className="fr-text--bold fr-mb-1w">{document.libelle}</p>
          <FichierDepose document={document} />
          {document.utilisable && document.type_mime === "application/pdf" ? (
            apercu && document === first ? (
              <ApercuPdf key={document.uuid} document={document} />
            ) : (
              <CommandesPdf document={document} principale={false} />
            )
          ) : null}
        </section>
      ))}
      <VersionsPrecedentes
        documents={[...versionsPrecedentes(documents, "DOCUMENT_PUBLIE"), ...versionsPrecedentes(documents)]}
      />
    </div>
  );
}
