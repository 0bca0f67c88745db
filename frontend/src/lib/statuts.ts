/**
 * The ten statuses of a convention (02 §1.1) as the interface draws them. Labels come from the API because they
 * depend on the reader's side; here are only the icon and the colour, written as literals so that the build keeps them.
 */
export const STATUTS = [
  "PROJET",
  "INSTRUCTION",
  "CORRECTION",
  "A_SIGNER",
  "SIGNEE",
  "PUBLICATION_EN_COURS",
  "PUBLIE",
  "RESILIEE",
  "DENONCEE",
  "ANNULEE",
] as const;

export type Statut = (typeof STATUTS)[number];

type Apparence = { icone: string; couleur: string };

const APPARENCES: Record<Statut, Apparence> = {
  PROJET: { icone: "fr-icon-edit-line", couleur: "blue-cumulus" },
  INSTRUCTION: { icone: "fr-icon-eye-line", couleur: "blue-ecume" },
  CORRECTION: { icone: "fr-icon-question-answer-line", couleur: "yellow-tournesol" },
  A_SIGNER: { icone: "fr-icon-draft-line", couleur: "purple-glycine" },
  SIGNEE: { icone: "fr-icon-checkbox-circle-line", couleur: "green-emeraude" },
  PUBLICATION_EN_COURS: { icone: "fr-icon-time-line", couleur: "green-menthe" },
  PUBLIE: { icone: "fr-icon-success-line", couleur: "green-archipel" },
  RESILIEE: { icone: "fr-icon-close-circle-line", couleur: "brown-cafe-creme" },
  DENONCEE: { icone: "fr-icon-close-circle-line", couleur: "brown-caramel" },
  ANNULEE: { icone: "fr-icon-close-circle-line", couleur: "beige-gris-galet" },
};

export const estStatut = (value: string): value is Statut => (STATUTS as readonly string[]).includes(value);

/** Icon class and DSFR colour of a status; a neutral look for a status this version does not know. */
export function apparenceStatut(statut: string): Apparence {
  return estStatut(statut) ? APPARENCES[statut] : { icone: "fr-icon-information-line", couleur: "beige-gris-galet" };
}
