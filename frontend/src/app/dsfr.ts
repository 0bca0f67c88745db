import { startReactDsfr } from "@codegouvfr/react-dsfr/spa";
import { Lien } from "../ui/Lien";

declare module "@codegouvfr/react-dsfr/spa" {
  interface RegisterLink {
    Link: typeof Lien;
  }
}

/** Starts the design system: theme of the reader (light, dark, system), scripts of the components, links of the router. */
export function demarrerDsfr(): void {
  startReactDsfr({ defaultColorScheme: "system", Link: Lien });
}
