/** Kinds of a row of the list, and how they are named (02, grammatical forms). */
export type Genre = "convention" | "avenant" | "denonciation" | "resiliation";

const NAMES: Record<Genre, string> = {
  convention: "Convention",
  avenant: "Avenant",
  denonciation: "Dénonciation",
  resiliation: "Résiliation",
};

export const nomDuGenre = (genre: Genre): string => NAMES[genre];
