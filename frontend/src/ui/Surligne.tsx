import { surligner } from "../lib/surlignage";

/** A text with what was searched marked in it. */
export function Surligne({ texte, recherche }: { texte: string; recherche: string }) {
  if (recherche.trim().length < 3) return <>{texte}</>;
  let offset = 0;
  return (
    <>
      {surligner(texte, recherche).map((part) => {
        const key = offset;
        offset += part.texte.length;
        return part.trouve ? <mark key={key}>{part.texte}</mark> : <span key={key}>{part.texte}</span>;
      })}
    </>
  );
}
