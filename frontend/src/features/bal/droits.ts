/** Who sees the administration of the deposit, and who may change it. The server decides again at each request. */
import type { Session } from "../../api/dto";

/** Staff and the central administration. */
export const peutVoir = (session: Session | null): boolean =>
  session !== null && (session.staff || session.superuser || session.habilitation?.profil === "ADM_CENTRALE");

/** The same people, unless their profile only reads (ST-05). */
export const peutAdministrer = (session: Session | null): boolean =>
  peutVoir(session) && !(session?.habilitation?.lecture_seule ?? false);
