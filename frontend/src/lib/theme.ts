/** Theme of this device, where the design system keeps it. */
const KEY = "scheme";

export type Theme = "clair" | "sombre" | "systeme";

/** The choice made on this device; « systeme » when none was made. */
export function themeDeLAppareil(): Theme {
  const stored = window.localStorage.getItem(KEY);
  return stored === "dark" ? "sombre" : stored === "light" ? "clair" : "systeme";
}

/** Whether somebody chose a theme on this device. */
export const themeChoisi = (): boolean => ["dark", "light"].includes(window.localStorage.getItem(KEY) ?? "");
