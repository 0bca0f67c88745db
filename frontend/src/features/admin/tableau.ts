/** Dashboard of the staff: numbers read from the server, and the pages they lead to. */
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { api, lire } from "../../api/client";
import type { components } from "../../api/schema";

export type Tableau = components["schemas"]["TableauBord"];
export type CompteAttente = components["schemas"]["CompteAttente"];

export const useTableau = (): UseQueryResult<Tableau> =>
  useQuery({
    queryKey: ["admin", "tableau"],
    queryFn: ({ signal }) => lire(api.GET("/admin/tableau-de-bord", { signal })),
    refetchInterval: 60_000,
  });

/** Pages of the back office; one line each. */
type Rubrique = { libelle: string; lien: string; description: string; superuser?: true };

export const RUBRIQUES: Rubrique[] = [
  {
    libelle: "Alertes et courriels",
    lien: "/admin/alertes-siap",
    description: "Ce qui part vers le SIAP et vers les personnes, les échecs et leur relance.",
  },
  {
    libelle: "Anomalies du SIAP",
    lien: "/admin/anomalies-siap",
    description: "Données du SIAP qui manquent ou se contredisent, à faire corriger à la source.",
  },
  {
    libelle: "Clients de l’API",
    lien: "/admin/clients-api",
    description: "Logiciels autorisés à lire ou écrire des conventions : droits, périmètre, jetons.",
  },
  {
    libelle: "Webhooks",
    lien: "/admin/webhooks",
    description: "Adresses prévenues de ce qui se passe, journal des envois et rejeu.",
  },
  {
    libelle: "Assistance",
    lien: "/admin/detournement",
    description: "Consulter la plateforme comme une autre personne, et débloquer un compte.",
  },
  {
    libelle: "Délégataires",
    lien: "/admin/delegataires",
    description: "Confier à une administration les opérations d’un territoire, et revenir en arrière.",
  },
  {
    libelle: "Dépôt des adresses",
    lien: "/admin/depot/clients",
    description: "Clients, mandataires, chefs de file et habilitations de l’API de dépôt.",
  },
  {
    libelle: "Utilisateurs",
    lien: "/admin/utilisateurs",
    description: "Comptes, rôles, désactivation et droits de l’équipe.",
  },
  {
    libelle: "Interrupteurs",
    lien: "/admin/interrupteurs",
    description: "Suspendre une fonction, ou la réserver à certaines personnes.",
    superuser: true,
  },
];

export const SERVICES: Record<string, string> = {
  siap: "SIAP",
  stockage: "Stockage des fichiers",
  antivirus: "Antivirus",
  file_taches: "File des messages",
};
