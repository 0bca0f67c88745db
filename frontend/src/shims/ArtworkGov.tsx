/**
 * Replaces the pictogram component of the display dialog of react-dsfr: the original imports its SVG files from
 * JavaScript, which Parcel turns into empty objects. Asset addresses are resolved by `new URL` instead.
 */
const ARTWORKS = {
  light: new URL("../../../node_modules/@codegouvfr/react-dsfr/dsfr/artwork/light.svg", import.meta.url).href,
  dark: new URL("../../../node_modules/@codegouvfr/react-dsfr/dsfr/artwork/dark.svg", import.meta.url).href,
  system: new URL("../../../node_modules/@codegouvfr/react-dsfr/dsfr/artwork/system.svg", import.meta.url).href,
} as const;

type Props = { theme: keyof typeof ARTWORKS; className?: string };

export function ArtworkGov({ theme, className }: Props) {
  return (
    <svg
      className={className}
      aria-hidden="true"
      xmlns="http://www.w3.org/2000/svg"
      width="80px"
      height="80px"
      viewBox="0 0 80 80"
    >
      {["artwork-decorative", "artwork-minor", "artwork-major"].map((part) => (
        <use key={part} className={`fr-${part}`} href={`${ARTWORKS[theme]}#${part}`} />
      ))}
    </svg>
  );
}
