/** Calls of the pages that come before any session: sign-in by password, link, new password. */
import { apiPublique, lire } from "../../api/client";

const fetchHeader = { params: { header: { "X-Requested-With": "fetch" as const } } };

export const seConnecter = (identifiant: string, mot_de_passe: string) =>
  lire(apiPublique.POST("/auth/login", { ...fetchHeader, body: { identifiant, mot_de_passe } }));

export const demanderLien = (identifiant: string) =>
  lire(apiPublique.POST("/auth/mot-de-passe-oublie", { ...fetchHeader, body: { identifiant } }));

export const choisirMotDePasse = (jeton: string, mot_de_passe: string) =>
  lire(apiPublique.POST("/auth/nouveau-mot-de-passe", { ...fetchHeader, body: { jeton, mot_de_passe } }));

/** « 6 heures », « 12 minutes », « 40 secondes »: how long a locked account has to wait. */
export function dureeAttente(secondes: number): string {
  const [nombre, unite] =
    secondes >= 5400
      ? [Math.round(secondes / 3600), "heure"]
      : secondes >= 90
        ? [Math.ceil(secondes / 60), "minute"]
        : [Math.max(1, secondes), "seconde"];
  return `${nombre} ${unite}${nombre > 1 ? "s" : ""}`;
}
