/** The navigation as data: local pages first, then the menu that SIAP gives for this user and habilitation. */
import type { EntreeMenu, Session } from "../../api/dto";
import { estEquipe } from "../../features/admin/droits";
import { peutVoir as peutVoirLeDepot } from "../../features/bal/droits";

export type EntreeNavigation = {
  libelle: string;
  /** Address; absent when the entry only opens a list or is shown disabled. */
  lien?: string;
  nouvelleFenetre?: boolean;
  courante?: boolean;
  inactive?: boolean;
  enfants?: EntreeNavigation[];
};

/** Only http(s) and paths of a site are followed: nothing that a menu could use to run a script. */
export function lienSur(url: string | null | undefined, racine: string | null | undefined): string | null {
  const text = url?.trim() ?? "";
  if (text === "") return null;
  try {
    const absolute = new URL(text, racine || undefined);
    return absolute.protocol === "https:" || absolute.protocol === "http:" ? absolute.href : null;
  } catch {
    return text.startsWith("/") && !text.startsWith("//") ? text : null;
  }
}

function fromSiap(entry: EntreeMenu, racine: string | null | undefined): EntreeNavigation {
  const children = entry.enfants.map((child) => fromSiap(child, racine));
  return {
    libelle: entry.libelle,
    lien: lienSur(entry.url, racine) ?? undefined,
    nouvelleFenetre: entry.nouvelle_fenetre,
    courante: entry.courant || children.some((child) => child.courante),
    inactive: !entry.actif,
    enfants: children.length > 0 ? children : undefined,
  };
}

/** Entries of the navigation for the page shown. */
export function entreesDeNavigation(session: Session, pathname: string, search: string): EntreeNavigation[] {
  const onList = pathname === "/conventions";
  const local: EntreeNavigation[] = [
    { libelle: "À faire", lien: "/conventions", courante: onList && search === "" },
    {
      libelle: "Conventions et avenants",
      lien: "/conventions?tri=-mis_a_jour_le",
      courante: (onList && search !== "") || /^\/(conventions\/|operations\/)/.test(pathname),
    },
  ];
  if (peutVoirLeDepot(session)) {
    local.push({
      libelle: "Dépôt des adresses",
      lien: "/admin/depot/clients",
      courante: pathname.startsWith("/admin/depot"),
    });
  }
  if (estEquipe(session)) {
    local.push({
      libelle: "Administration",
      lien: "/admin",
      courante: pathname.startsWith("/admin") && !pathname.startsWith("/admin/depot"),
    });
  }
  const siap = session.menu.map((entry) => fromSiap(entry, session.liens.racine_siap));
  if (siap.length === 0) return local;
  return [...local, { libelle: "Autres services du SIAP", enfants: siap }];
}
