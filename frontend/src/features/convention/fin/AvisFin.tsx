/** The end of a convention, where everybody looks first: planned or past, and what is unusual about it (AV-32). */
import type { Convention } from "../../../api/convention";

export function AvisFin({ convention: { fin, statut } }: { convention: Pick<Convention, "fin" | "statut"> }) {
  if (!fin) return null;
  const warnings = ["PROJET", "INSTRUCTION", "CORRECTION"].includes(statut) ? fin.avertissements : [];
  if (!fin.phrase && warnings.length === 0) return null;
  return (
    <>
      {fin.phrase ? (
        <p className="fr-badge fr-badge--no-icon fr-mb-2w">
          <span className="fr-icon-calendar-close-line fr-icon--sm fr-mr-1v" aria-hidden="true" />
          {fin.phrase}
        </p>
      ) : null}
      {warnings.map(({ code, detail }) => (
        <div key={code} className="fr-alert fr-alert--warning fr-alert--sm fr-mb-2w" role="note">
          <p>{detail}</p>
        </div>
      ))}
    </>
  );
}
