/** Objects of the API for tests, with plain values that each test changes. */
import type { ConventionLigne, Operation, Session } from "../api/dto";

export function uneLigne(change: Partial<ConventionLigne> = {}): ConventionLigne {
  return {
    uuid: "u1",
    genre: "convention",
    statut: "PROJET",
    statut_libelle: "En projet",
    statut_icone: "edit",
    numero: null,
    parent_uuid: null,
    operation: { numero: "20260400012345", nom: "Les Tilleuls" },
    bailleur: { uuid: "b1", nom: "Mon Logis" },
    administration: { nom: "DDT de l’Aube", code: "DD010" },
    financements: ["PLUS"],
    ville: "Troyes",
    code_postal: "10000",
    nb_logements: 12,
    cree_le: "2026-03-01T09:00:00Z",
    mis_a_jour_le: "2026-03-02T09:00:00Z",
    date_signature: null,
    a_moi: false,
    nb_commentaires_ouverts: 0,
    statut_depuis: "2026-03-02T09:00:00Z",
    lien: "/conventions/u1",
    ...change,
  };
}

/** An operation with these conventions for each financement. */
export function uneOperation(
  financements: Record<string, ConventionLigne[]>,
  change: Partial<Operation> = {},
): Operation {
  return {
    numero: "20260400012345",
    source: "siap",
    lu_le: "2026-03-12T13:02:00Z",
    nom: "Les Tilleuls",
    adresse: "12 rue des Tilleuls",
    code_postal: "10000",
    ville: "Troyes",
    bailleur: { nom: "Mon Logis", siren: "562880012" },
    administration: { nom: "DDT de l’Aube", code: "DD010" },
    nature_logement: "LOO",
    nature_logement_libelle: "Logements ordinaires",
    type_operation: "NEUF",
    type_operation_libelle: "Neuf",
    conventions_manquantes: Object.entries(financements)
      .filter(([, conventions]) => conventions.length === 0)
      .map(([financement]) => financement),
    seconde_vie: false,
    lien_siap: "https://siap.example.org/operation/20260400012345",
    zone_abc: "B1",
    zone_123: "2",
    financements: Object.entries(financements).map(([financement, conventions]) => ({
      financement,
      libelle: financement,
      nb_logements: 12,
      type_habitat: "COLLECTIF",
      conventions,
    })),
    avenants: [],
    messages: [],
    peut_creer: true,
    regroupables: [],
    ...change,
  };
}

export const uneHabilitation: NonNullable<Session["habilitation"]> = {
  id: 101,
  entete: "Service gestionnaire",
  sous_titre1: "DDT de l’Aube",
  sous_titre2: "Aube",
  profil: "SER_GEST",
  lecture_seule: false,
  profil_libelle: "Service gestionnaire",
  role: "INSTRUCTEUR",
  role_libelle: "Instructeur",
  perimetre: { region: "44", departement: "10", national: false },
};

export function uneSession(change: Partial<Session> = {}): Session {
  const { id, entete, sous_titre1, sous_titre2, profil, lecture_seule } = uneHabilitation;
  return {
    utilisateur: {
      uuid: "p1",
      nom: "DURAND",
      prenom: "Camille",
      email: "camille.durand@example.org",
      preferences_email: "PARTIEL",
      theme: "systeme",
      version: 1,
      local: false,
    },
    habilitation: uneHabilitation,
    typologie: "INSTRUCTEUR",
    entite: { type: "administration", uuid: "a1", nom: "DDT de l’Aube", code: "DD010" },
    permissions: ["view_convention", "add_convention"],
    habilitations: [
      { id, entete, sous_titre1, sous_titre2, profil, lecture_seule, favori: true, courante: true, utilisable: true },
    ],
    menu: [],
    liens: { gestion_habilitations: null, racine_siap: null },
    siap: { disponible: true, lu_le: null },
    detournement: null,
    interrupteurs: {},
    expire_le: new Date(Date.now() + 12 * 3_600_000).toISOString(),
    avertissements: [],
    staff: false,
    superuser: false,
    ...change,
  };
}
