/** Follow-ups of a signed convention, as a pure function. Rights are the server's: nothing here grants any. */
import type { Convention } from "../../api/convention";

export type Suite = { cle: string; libelle: string; aide?: string; lien: string | null };

const DE_PUBLICATION: Partial<Record<string, string>> = {
  envoyer_publication: "Envoyer en publication",
  publier: "Enregistrer la publication",
  rouvrir_publication: "Rouvrir la publication",
};

/** In the order in which they are looked for: what waits, then what may start. */
export function suitesDe(
  { uuid, transitions_possibles, depot_possible, publication }: Convention,
  avenantEnCours: { uuid: string; libelle: string } | null,
): Suite[] {
  const base = `/conventions/${uuid}`;
  const out: Suite[] = [];
  if (avenantEnCours)
    out.push({
      cle: "avenant_en_cours",
      libelle: `Ouvrir ${avenantEnCours.libelle}`,
      aide: "Un avenant est en cours : un autre ne se crée qu’une fois celui-ci terminé ou annulé.",
      lien: `/conventions/${avenantEnCours.uuid}`,
    });
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
