import { useIsDark } from "@codegouvfr/react-dsfr/useIsDark";
import { useEffect } from "react";
import { themeChoisi } from "../../lib/theme";

/** Gives the theme kept on the account to a device where none was chosen; a choice made on the device wins. */
export function useThemeDuCompte(theme: string | undefined): void {
  const { setIsDark } = useIsDark();
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the account's theme becomes known
  useEffect(() => {
    if (themeChoisi()) return;
    if (theme === "sombre") setIsDark(true);
    if (theme === "clair") setIsDark(false);
  }, [theme]);
}
