/** Going into somebody's place and back: the page is loaded again, so that nothing read as one is shown to the other. */
import { api, lire } from "../../api/client";
import { jetons } from "../../api/jetons";

const FIN = "apilos.detournement.fini";

type Demande = { user_uuid: string; motif: string; mode: "lecture" | "complet" };

/** Begins to act as somebody in this tab; the others stay oneself. */
export async function commencerDetournement(demande: Demande): Promise<void> {
  await lire(api.POST("/admin/detournements", { body: demande }));
  jetons.basculer(true);
  window.location.assign("/conventions");
}

/** Stops, and comes back to oneself on the same page. */
export async function arreterDetournement(): Promise<void> {
  await lire(api.DELETE("/admin/detournements/courant"));
  revenirASoi();
}

/** Loads the same page again as oneself, and says why. */
export function revenirASoi(): void {
  jetons.basculer(false);
  window.sessionStorage.setItem(FIN, "1");
  window.location.reload();
}

/** Sentence to show once after coming back; null otherwise. */
export function finDuDetournement(): string | null {
  if (window.sessionStorage.getItem(FIN) === null) return null;
  window.sessionStorage.removeItem(FIN);
  return "La consultation en tant que quelqu’un d’autre est terminée : vous agissez de nouveau en votre nom.";
}
