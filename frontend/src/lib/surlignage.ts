/** Parts of a text that match what was searched, whatever the accents and the case. Text nodes only, never HTML. */
export type Morceau = { texte: string; trouve: boolean };

/** One folded character per character of the source, so that offsets stay those of the source. */
function fold(text: string): string {
  return [...text].map((char) => char.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()[0] ?? char).join("");
}

/** Cuts `text` around the occurrences of each term of at least 3 characters. */
export function surligner(text: string, search: string): Morceau[] {
  const chars = [...text];
  const folded = fold(text);
  const marks = new Array<boolean>(chars.length).fill(false);
  for (const term of fold(search)
    .split(/\s+/)
    .filter((word) => word.length >= 3)) {
    for (let at = folded.indexOf(term); at !== -1; at = folded.indexOf(term, at + 1))
      marks.fill(true, at, at + term.length);
  }
  const parts: Morceau[] = [];
  for (const [index, char] of chars.entries()) {
    const found = marks[index] ?? false;
    const last = parts.at(-1);
    if (last && last.trouve === found) last.texte += char;
    else parts.push({ texte: char, trouve: found });
  }
  return parts;
}
