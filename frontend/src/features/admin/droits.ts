/** Who sees the back office, and who may act in it. The server decides again at each request. */
import type { Session } from "../../api/dto";

export const estEquipe = (session: Session | null): boolean => session !== null && (session.staff || session.superuser);

/** The same people, unless their profile only reads (ST-05). */
export const peutAgir = (session: Session | null): boolean =>
  estEquipe(session) && !(session?.habilitation?.lecture_seule ?? false);
