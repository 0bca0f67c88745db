/** The commands of a deposit: the four steps, the anonymous check, the corrected file, the habilitation. */
import { appeler, type Deposant, recevoirFichier } from "./client";
import type {
  Comparaison,
  FichierRevision,
  HabilitationCommune,
  Moi,
  Rapport,
  Revision,
  TypeDifference,
} from "./contrat";

/** Staff deposit through the platform, with their session; clients through the deposit API, with their token. */
const racine = (base: string, deposant: Deposant): string => (deposant.mode === "session" ? "/api/v1/depot" : base);

type Suivi = { signal: AbortSignal; onProgression: (envoyes: number, total: number) => void };

/** Step 1. Nothing personal is written in the context, which is public. */
export async function creer(base: string, deposant: Deposant, code: string, signal: AbortSignal): Promise<Revision> {
  const adresse = `${racine(base, deposant)}/communes/${encodeURIComponent(code)}/revisions`;
  return (await appeler<Revision>({ methode: "POST", adresse, deposant, corps: { json: { context: {} } }, signal }))
    .donnees;
}

/** Step 2. */
export async function deposer(
  base: string,
  deposant: Deposant,
  revisionId: string,
  fichier: Blob,
  { signal, onProgression }: Suivi,
): Promise<FichierRevision> {
  const adresse = `${racine(base, deposant)}/revisions/${revisionId}/files/bal`;
  return (
    await appeler<FichierRevision>({ methode: "PUT", adresse, deposant, corps: { fichier }, signal, onProgression })
  ).donnees;
}

/** Step 3. May be asked again while the revision is pending. */
export async function calculer(
  base: string,
  deposant: Deposant,
  revisionId: string,
  signal?: AbortSignal,
): Promise<Revision> {
  const adresse = `${racine(base, deposant)}/revisions/${revisionId}/compute`;
  return (await appeler<Revision>({ methode: "POST", adresse, deposant, signal })).donnees;
}

/** Step 4. */
export async function publier(
  base: string,
  deposant: Deposant,
  revisionId: string,
  habilitationId: string | null,
): Promise<Revision> {
  const adresse = `${racine(base, deposant)}/revisions/${revisionId}/publish`;
  const corps = { json: habilitationId ? { habilitationId } : {} };
  return (await appeler<Revision>({ methode: "POST", adresse, deposant, corps })).donnees;
}

export async function lireRapport(
  base: string,
  deposant: Deposant,
  revisionId: string,
  signal?: AbortSignal,
): Promise<Rapport> {
  const adresse = `${base}/revisions/${revisionId}/validation-report`;
  return (await appeler<Rapport>({ adresse, deposant: deposant.mode === "jeton" ? deposant : undefined, signal }))
    .donnees;
}

type Fenetre = { change?: TypeDifference; offset?: number; limit: number };

/** What the revision would change, or has changed, against the current one. */
export async function lireComparaison(
  base: string,
  revisionId: string,
  fenetre: Fenetre,
  signal?: AbortSignal,
): Promise<Comparaison> {
  const adresse = `${base}/revisions/${revisionId}/diff`;
  return (await appeler<Comparaison>({ adresse, parametres: fenetre, signal })).donnees;
}

/** Check without account: the report of a file of which the server keeps nothing. */
export async function verifier(base: string, fichier: Blob, { signal, onProgression }: Suivi): Promise<Rapport> {
  const adresse = `${base}/validate`;
  return (await appeler<Rapport>({ methode: "POST", adresse, corps: { fichier }, signal, onProgression })).donnees;
}

/** The same file with everything that can be repaired by itself. */
export const corriger = (base: string, fichier: Blob): Promise<Blob> =>
  recevoirFichier({ methode: "POST", adresse: `${base}/autofix`, corps: { fichier } });

/** Who deposits with this token. */
export async function quiSuisJe(base: string, deposant: Deposant, signal?: AbortSignal): Promise<Moi> {
  return (await appeler<Moi>({ adresse: `${base}/me`, deposant, signal })).donnees;
}

/** Habilitations that this commune has already given to the client. */
export async function lireHabilitations(
  base: string,
  deposant: Deposant,
  code: string,
  signal?: AbortSignal,
): Promise<HabilitationCommune[]> {
  const adresse = `${base}/communes/${encodeURIComponent(code)}/habilitations`;
  return (await appeler<HabilitationCommune[]>({ adresse, deposant, signal })).donnees;
}

export async function lireHabilitation(
  base: string,
  deposant: Deposant,
  habilitationId: string,
): Promise<HabilitationCommune> {
  return (await appeler<HabilitationCommune>({ adresse: `${base}/habilitations/${habilitationId}`, deposant })).donnees;
}

export async function creerHabilitation(base: string, deposant: Deposant, code: string): Promise<HabilitationCommune> {
  const adresse = `${base}/communes/${encodeURIComponent(code)}/habilitations`;
  return (await appeler<HabilitationCommune>({ methode: "POST", adresse, deposant })).donnees;
}

/** Addresses of the mairie known by the public directory: a code is sent to no other. */
export async function lireCourriels(base: string, code: string, signal?: AbortSignal): Promise<string[]> {
  const adresse = `${base}/communes/${encodeURIComponent(code)}/emails`;
  return (await appeler<string[]>({ adresse, signal })).donnees;
}

export async function envoyerCode(
  base: string,
  deposant: Deposant,
  habilitationId: string,
  email: string,
): Promise<void> {
  const adresse = `${base}/habilitations/${habilitationId}/authentication/email/send-pin-code`;
  await appeler({ methode: "POST", adresse, deposant, corps: { json: { email } } });
}

export async function validerCode(
  base: string,
  deposant: Deposant,
  habilitationId: string,
  code: string,
): Promise<void> {
  const adresse = `${base}/habilitations/${habilitationId}/authentication/email/validate-pin-code`;
  await appeler({ methode: "POST", adresse, deposant, corps: { json: { code } } });
}

/** Where an agent of the commune proves who he is; comes back to `retour`. */
export const adresseProConnect = (base: string, habilitationId: string, retour: string): string =>
  `${base}/habilitations/${habilitationId}/authentication/proconnect?redirectUrl=${encodeURIComponent(retour)}`;
