/** A DSFR pictogram, drawn with the colours of the current theme. `src` comes from `new URL(…, import.meta.url).href`. */
export function Artwork({ src, taille = 80, className }: { src: string; taille?: number; className?: string }) {
  return (
    <svg
      className={className ? `fr-artwork ${className}` : "fr-artwork"}
      aria-hidden="true"
      width={taille}
      height={taille}
      viewBox="0 0 80 80"
    >
      {["decorative", "minor", "major"].map((part) => (
        <use key={part} className={`fr-artwork-${part}`} href={`${src}#artwork-${part}`} />
      ))}
    </svg>
  );
}
