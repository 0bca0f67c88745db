/** Names of the former search page (06 §1.2) → ours. Values of status are given to the API as they are: it knows both. */
const NAMES: Record<string, string> = {
  search_numero: "numero",
  search_lieu: "lieu",
  search_operation_nom: "q",
  cstatut: "statut",
  order_by: "tri",
};

const KEPT = new Set(["statut", "financement", "bailleur", "lieu", "numero", "q", "a_moi", "tri", "page"]);

/** Labels stored by the former platform (« 2. Instruction requise ») → codes. */
const LABELS: Record<string, string> = {
  "1. Projet": "PROJET",
  "2. Instruction requise": "INSTRUCTION",
  "3. Corrections requises": "CORRECTION",
  "4. A signer": "A_SIGNER",
  "5. Signée": "SIGNEE",
  "5. Publication en cours": "PUBLICATION_EN_COURS",
  "6. Résiliée": "RESILIEE",
  "7. Publié": "PUBLIE",
  "7. Dénoncée": "DENONCEE",
  "8. Annulée en suivi": "ANNULEE",
};

/** Code of a status written as a code or as a former label; the text itself when it is neither. */
export const codeDeStatut = (value: string): string => LABELS[value.trim()] ?? value.trim();

/** Query of our list from any query, former or current; repeated and comma-joined statuses both work. */
export function traduireRecherche(params: URLSearchParams): string {
  const next = new URLSearchParams();
  for (const [name, value] of params) {
    const key = NAMES[name] ?? name;
    if (!KEPT.has(key) || value === "") continue;
    const values = key === "statut" || key === "financement" ? value.split(",") : [value];
    for (const one of values) next.append(key, key === "statut" ? codeDeStatut(one) : one);
  }
  return (next.size > 0 ? next : new URLSearchParams({ tri: "-mis_a_jour_le" })).toString();
}
