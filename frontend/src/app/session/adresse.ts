/**
 * What the address bar says about the session: `?habilitation_id=N`, by which SIAP sends people here (05 C.4), and
 * the address to come back to after signing in.
 */

export type HabilitationDemandee = { id: number | null; invalide: boolean };

/** Reads `habilitation_id` and returns the address without it. A value that is not a positive integer is `invalide`. */
export function extraireHabilitation(address: string): { demande: HabilitationDemandee; reste: string } {
  const url = new URL(address);
  const values = url.searchParams.getAll("habilitation_id");
  url.searchParams.delete("habilitation_id");
  const reste = url.pathname + url.search + url.hash;
  const value = values.at(-1);
  if (value === undefined) return { demande: { id: null, invalide: false }, reste };
  const id = /^[1-9]\d{0,15}$/.test(value) ? Number(value) : null;
  return { demande: { id, invalide: id === null }, reste };
}

/** Removes `habilitation_id` from the address bar, without a new entry in the history. */
export function retirerHabilitationDeLAdresse(): HabilitationDemandee {
  const { demande, reste } = extraireHabilitation(window.location.href);
  if (demande.id !== null || demande.invalide) window.history.replaceState(window.history.state, "", reste);
  return demande;
}

/** Server route that starts the sign-in and comes back to `path` (a path of this site, nothing else). */
export function adresseDeConnexion(path: string): string {
  const safe = /^\/(?![/\\])/.test(path) ? path : "/conventions";
  return `/accounts/cerbere-login?next=${encodeURIComponent(safe)}`;
}

const PUBLIC =
  /^\/(connexion(?:\/mot-de-passe-oublie(?:\/reinitialiser)?)?|deconnexion|plan-du-site|accessibilite|mentions-legales|donnees-personnelles|conditions-generales|cgu|statistiques|stats|403|404|500|maintenance)?\/?$/;

/** Pages that anybody may read; all the others send an anonymous visitor to the sign-in. */
export const estPagePublique = (pathname: string): boolean => PUBLIC.test(pathname);

const HINT = "apilos.connecte";

/** Somebody signed in on this browser not long ago: worth asking for a token even on a public page. */
export const connexionProbable = (): boolean => window.localStorage.getItem(HINT) !== null;

/** Remembers, or forgets, that somebody is signed in (no personal data: one flag). */
export function noterConnexion(connected: boolean): void {
  if (connected) window.localStorage.setItem(HINT, "1");
  else window.localStorage.removeItem(HINT);
}

const LOOP = "apilos.derniere-redirection";

/** False when a sign-in was attempted a few seconds ago and came back anonymous: cookies refused, most likely. */
export function peutRediriger(now = Date.now()): boolean {
  const before = Number(window.sessionStorage.getItem(LOOP));
  if (before && now - before < 10_000) return false;
  window.sessionStorage.setItem(LOOP, String(now));
  return true;
}
