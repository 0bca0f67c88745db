/** Accounts as the staff sets them (P81): list, sheet, changes with their reason. */
import { keepPreviousData, type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, lire, siVersion } from "../../api/client";
import { useCommande } from "../../api/commande";
import type { CompteAdmin } from "../../api/dto";
import type { components } from "../../api/schema";

export type Compte = components["schemas"]["CompteFiche"];
export type Role = components["schemas"]["RoleCompte"];
type Reglage = components["schemas"]["ReglageCompte"];
type RoleDonne = components["schemas"]["RoleDonne"];

export const PAR_PAGE = 20;
const CLE = ["admin", "utilisateurs"];

export const useComptes = (q: string, page: number): UseQueryResult<{ resultats: CompteAdmin[]; total: number }> =>
  useQuery({
    queryKey: [...CLE, "liste", q, page],
    queryFn: ({ signal }) =>
      lire(
        api.GET("/admin/utilisateurs", { params: { query: { q: q || undefined, page, par_page: PAR_PAGE } }, signal }),
      ),
    placeholderData: keepPreviousData,
  });

export const useCompte = (uuid: string): UseQueryResult<Compte> =>
  useQuery({
    queryKey: [...CLE, uuid],
    queryFn: ({ signal }) => lire(api.GET("/admin/utilisateurs/{uuid}", { params: { path: { uuid } }, signal })),
  });

const version = ({ uuid, version: read }: Compte) => ({ params: { path: { uuid }, header: siVersion(read) } });

export function useReglageCompte(compte: Compte) {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: (body: Reglage) => lire(api.PATCH("/admin/utilisateurs/{uuid}", { ...version(compte), body })),
    onSettled: () => queries.invalidateQueries({ queryKey: CLE }),
  });
}

export function useDonDeRole(compte: Compte) {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: (body: RoleDonne) => lire(api.POST("/admin/utilisateurs/{uuid}/roles", { ...version(compte), body })),
    onSettled: () => queries.invalidateQueries({ queryKey: CLE }),
  });
}

export const nomDe = ({ prenom, nom, identifiant }: Pick<CompteAdmin, "prenom" | "nom" | "identifiant">): string =>
  `${prenom} ${nom}`.trim() || identifiant;

const TYPOLOGIES: Record<Role["typologie"], string> = {
  BAILLEUR: "Bailleur",
  INSTRUCTEUR: "Instructeur",
  ADMINISTRATEUR: "Administrateur",
};

/** A role in one line. */
export function libelleRole({ typologie, entite, region, departement, lecture_seule }: Role): string {
  const where = entite || (departement ? `département ${departement}` : region ? `région ${region}` : "");
  const words = [TYPOLOGIES[typologie], where || (typologie === "ADMINISTRATEUR" ? "France entière" : "")];
  return `${words.filter(Boolean).join(", ")}${lecture_seule ? " (lecture seule)" : ""}`;
}

/** A change of an account: its button, what it does in words, what leaves. */
export type Action = {
  cle: string;
  libelle: string;
  titre: string;
  consequence: string;
  corps: Omit<Reglage, "motif">;
};

/** What the reader may do of this account, as the server says. */
export function actionsDe(compte: Compte): Action[] {
  const { actif, staff, superuser, reglages } = compte;
  const nom = nomDe(compte);
  const out: Action[] = [];
  if (reglages.activation)
    out.push(
      actif
        ? {
            cle: "desactiver",
            libelle: "Désactiver le compte",
            titre: `Désactiver le compte de ${nom} ?`,
            consequence: "Ses sessions sont fermées aussitôt et la personne ne peut plus se connecter.",
            corps: { actif: false },
          }
        : {
            cle: "reactiver",
            libelle: "Réactiver le compte",
            titre: `Réactiver le compte de ${nom} ?`,
            consequence: "La personne pourra se connecter de nouveau, avec ses rôles.",
            corps: { actif: true },
          },
    );
  if (reglages.equipe) {
    if (!superuser)
      out.push(
        staff
          ? {
              cle: "retirer-equipe",
              libelle: "Retirer de l’équipe",
              titre: `Retirer ${nom} de l’équipe ?`,
              consequence: "La personne perd l’administration et garde ses rôles.",
              corps: { staff: false },
            }
          : {
              cle: "equipe",
              libelle: "Ajouter à l’équipe",
              titre: `Ajouter ${nom} à l’équipe ?`,
              consequence:
                "La personne verra toute l’administration et pourra consulter la plateforme comme quelqu’un d’autre.",
              corps: { staff: true },
            },
      );
    out.push(
      superuser
        ? {
            cle: "retirer-superuser",
            libelle: "Retirer les droits de super-utilisateur",
            titre: `Retirer à ${nom} les droits de super-utilisateur ?`,
            consequence:
              "La personne ne réglera plus les comptes de l’équipe ni les interrupteurs. Elle reste dans l’équipe.",
            corps: { superuser: false, staff: true },
          }
        : {
            cle: "superuser",
            libelle: "Donner les droits de super-utilisateur",
            titre: `Donner à ${nom} les droits de super-utilisateur ?`,
            consequence: "La personne verra toutes les conventions, réglera tous les comptes et les interrupteurs.",
            corps: { superuser: true },
          },
    );
  }
  return out;
}

export type SaisieRole = { typologie: Role["typologie"]; cle: string; lectureSeule: boolean; motif: string };

/** What is asked beside the kind of role. */
export const PRECISIONS: Record<Role["typologie"], { libelle: string; aide: string }> = {
  BAILLEUR: { libelle: "SIREN du bailleur", aide: "9 chiffres" },
  INSTRUCTEUR: { libelle: "Code de l’administration", aide: "Par exemple DD087" },
  ADMINISTRATEUR: { libelle: "Code du département", aide: "Par exemple 87 ; vide pour la France entière" },
};

export function roleDonne({ typologie, cle, lectureSeule, motif }: SaisieRole): RoleDonne {
  const code = cle.replace(/\s/g, "");
  const corps: RoleDonne = { typologie, lecture_seule: lectureSeule, motif: motif.trim() };
  if (typologie === "BAILLEUR") return { ...corps, siren: code };
  if (typologie === "INSTRUCTEUR") return { ...corps, administration: code };
  return code ? { ...corps, departement: code } : { ...corps, national: true };
}

export const motifManque = (motif: string): string | undefined => {
  const length = [...motif.trim()].length;
  return length < 5 || length > 500 ? "Dites pourquoi, en 5 à 500 caractères." : undefined;
};
