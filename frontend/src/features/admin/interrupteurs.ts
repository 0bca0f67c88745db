/** Feature switches (02 §12): what each one does in words, and the calls of superusers. */
import { type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, lire, siVersion } from "../../api/client";
import { useCommande } from "../../api/commande";
import type { components } from "../../api/schema";
import type { OptionCombobox } from "../../ui/Combobox";

export type Interrupteur = components["schemas"]["Interrupteur"];
type Reglage = components["schemas"]["ReglageInterrupteur"];

type Texte = { libelle: string; actif: string; inactif: string };

/** What people get from each state; a switch that this version does not know shows its note. */
const TEXTES: Record<string, Texte> = {
  siap_alerte_on: {
    libelle: "Alertes du SIAP",
    actif: "Chaque changement de statut crée ou retire les alertes du SIAP.",
    inactif: "Aucune alerte n’est créée ni retirée dans le SIAP : les agents n’y voient plus ce qu’ils ont à faire.",
  },
  transactional_emails_off: {
    libelle: "Suspension des courriels",
    actif:
      "Aucun courriel ne part, y compris ceux déjà en attente : ils sont notés comme ignorés et ne seront pas envoyés plus tard.",
    inactif: "Les courriels partent normalement.",
  },
  convention_mixte_on: {
    libelle: "Conventions mixtes",
    actif: "Les conventions d’une même opération peuvent être groupées et dégroupées.",
    inactif: "Plus personne ne peut grouper ni dégrouper des conventions ; celles qui le sont le restent.",
  },
  seconde_vie_on: {
    libelle: "Seconde vie",
    actif: "Des conventions de seconde vie peuvent être créées.",
    inactif: "Plus aucune convention de seconde vie ne peut être créée ; celles qui existent ne changent pas.",
  },
  visibilite_avenant_bailleur: {
    libelle: "Rattachement au bailleur du dernier avenant signé",
    actif: "À la signature d’un avenant, la convention et ses avenants passent à son bailleur.",
    inactif: "La convention reste à son bailleur d’origine, même si un avenant signé en désigne un autre.",
  },
  ajout_convention: {
    libelle: "Ajout de conventions signées",
    actif: "Une convention déjà signée peut être ajoutée à la plateforme.",
    inactif: "Plus aucune convention déjà signée ne peut être ajoutée.",
  },
  override_cerfa: {
    libelle: "Remplacement du CERFA",
    actif: "Le CERFA peut être remplacé au moment de la finalisation.",
    inactif: "Le CERFA ne peut plus être remplacé au moment de la finalisation.",
  },
};

export const texteDe = ({ nom, note }: Interrupteur): Texte =>
  TEXTES[nom] ?? { libelle: nom, actif: note, inactif: note };

/** For whom a switch is on, in one line. */
export function pourQui({ actif, portee }: Interrupteur): string {
  if (!actif) return "Personne";
  if (!portee) return "Tout le monde";
  const roles: Record<string, string> = {
    BAILLEUR: "bailleurs",
    INSTRUCTEUR: "instructeurs",
    ADMINISTRATEUR: "administrateurs",
  };
  const texte = [
    ...portee.typologies.map((one) => roles[one] ?? one),
    ...portee.administrations.map(({ nom, code }) => nom || code),
    ...portee.departements.map(({ nom, code }) => nom || code),
    ...portee.utilisateurs.map(({ nom }) => nom || "compte supprimé"),
  ].join(", ");
  return texte.charAt(0).toUpperCase() + texte.slice(1);
}

export type Saisie = {
  etat: "tous" | "certains" | "personne";
  typologies: string[];
  administrations: OptionCombobox[];
  utilisateurs: OptionCombobox[];
  /** Not chosen on the page, but kept when a switch has some. */
  departements: string[];
  retrait: string;
  motif: string;
};

export function saisieDe({ actif, portee, retrait_prevu_le }: Interrupteur): Saisie {
  return {
    etat: actif ? (portee ? "certains" : "tous") : "personne",
    typologies: portee?.typologies ?? [],
    administrations: (portee?.administrations ?? []).map(({ code, nom }) => ({ valeur: code, libelle: nom || code })),
    utilisateurs: (portee?.utilisateurs ?? []).map(({ uuid, nom }) => ({ valeur: uuid, libelle: nom || uuid })),
    departements: (portee?.departements ?? []).map(({ code }) => code),
    retrait: retrait_prevu_le ?? "",
    motif: "",
  };
}

/** What keeps the change from leaving, by field. */
export function refusDuReglage(saisie: Saisie): { motif?: string; portee?: string } {
  const { etat, typologies, administrations, utilisateurs, departements, motif } = saisie;
  const length = [...motif.trim()].length;
  const nobody = typologies.length + administrations.length + utilisateurs.length + departements.length === 0;
  return {
    portee:
      etat === "certains" && nobody ? "Choisissez au moins un rôle, une administration ou une personne." : undefined,
    motif: length < 5 || length > 500 ? "Dites pourquoi, en 5 à 500 caractères." : undefined,
  };
}

/** Body of the change. Turning a switch off forgets whom it was for: it comes back on for everybody or for chosen people. */
export function reglageDe(saisie: Saisie, ciblable: boolean): Reglage {
  const corps: Reglage = { actif: saisie.etat !== "personne", motif: saisie.motif.trim() };
  if (!ciblable) return corps;
  return {
    ...corps,
    portee:
      saisie.etat === "certains"
        ? {
            typologies: saisie.typologies as ("BAILLEUR" | "INSTRUCTEUR" | "ADMINISTRATEUR")[],
            administrations: saisie.administrations.map(({ valeur }) => valeur),
            utilisateurs: saisie.utilisateurs.map(({ valeur }) => valeur),
            departements: saisie.departements,
          }
        : {},
    retrait_prevu_le: saisie.retrait || null,
  };
}

const CLE = ["admin", "interrupteurs"];

export const useInterrupteurs = (): UseQueryResult<Interrupteur[]> =>
  useQuery({ queryKey: CLE, queryFn: ({ signal }) => lire(api.GET("/admin/interrupteurs", { signal })) });

export function useReglage({ nom, version }: Interrupteur) {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: (body: Reglage) =>
      lire(
        api.PATCH("/admin/interrupteurs/{code}", {
          params: { path: { code: nom }, header: siVersion(version) },
          body,
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: CLE }),
  });
}

/** Administrations of the whole country. */
export async function chercherAdministrations(q: string, signal: AbortSignal): Promise<OptionCombobox[]> {
  const found = await lire(
    api.GET("/admin/clients-api/perimetres", { params: { query: { type: "ADMINISTRATION", q } }, signal }),
  );
  return found.map(({ code, nom }) => ({ valeur: code, libelle: nom, detail: code }));
}
