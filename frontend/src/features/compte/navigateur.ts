/** Plain name of a browser and its system from the user agent, enough to recognise one's own devices. */
const BROWSERS: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

/** « Chrome sur Windows »; « Navigateur inconnu » when nothing is recognised. */
export function nomDuNavigateur(agent: string): string {
  const find = (rules: [RegExp, string][]) => rules.find(([pattern]) => pattern.test(agent))?.[1];
  const browser = find(BROWSERS);
  const system = find(SYSTEMS);
  if (!browser) return system ? `Navigateur sur ${system}` : "Navigateur inconnu";
  return system ? `${browser} sur ${system}` : browser;
}
