/** Follow-ups of a signed convention, as a pure function. Rights are the server's: nothing here grants any. */
import type { Convention } from "../../api/convention";

export type Suite = { cle: string; libelle: string; aide?: string; lien: string | null };

const DE_PUBLICATION: Partial<Record<string, string>> = {
  envoyer_publication: "Envoyer en publication",
  publier: "Enregistrer la publication",
  rouvrir_publication: "Rouvrir la publication",
};

/** In the order in which they are looked for. */
export function suitesDe({ uuid, transitions_possibles, depot_possible, publication }: Convention): Suite[] {
  const base = `/conventions/${uuid}`;
  const out: Suite[] = [];
  for (const { code, libelle, preconditions } of transitions_possibles) {
    const refused = preconditions.some((one) => one.code === "NON_PUBLIABLE");
    if (DE_PUBLICATION[code] && !refused)
      out.push({
        cle: code,
        libelle: DE_PUBLICATION[code] ?? libelle,
        aide: publication?.phrase,
        lien: `${base}/publication`,
      });
    if (code === "corriger_signature")
      out.push({ cle: code, libelle: "Corriger la date de signature", lien: `${base}/signature` });
  }
  if (depot_possible)
    out.push({
      cle: "remplacer_document",
      libelle: "Remplacer le document signé",
      aide: "Le fichier actuel est archivé, jamais effacé ; le statut ne change pas.",
      lien: `${base}/signature`,
    });
  return out;
}
