/** Who sees API clients and webhooks, and who may change them. The server decides again at each request. */
import type { Session } from "../../api/dto";

/** The team of the platform alone. */
export const peutVoir = (session: Session | null): boolean => session !== null && (session.staff || session.superuser);

/** The same people, unless their profile only reads (ST-05). */
export const peutGerer = (session: Session | null): boolean =>
  peutVoir(session) && !(session?.habilitation?.lecture_seule ?? false);
