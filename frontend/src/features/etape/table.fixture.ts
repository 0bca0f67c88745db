/** Table of loans for tests: columns that depend on one another, as the server describes them. */
import type { ChampEtape, Etape, ValeurLigne } from "./api";

const colonne = (cle: string, libelle: string, change: Partial<ChampEtape> = {}): ChampEtape => ({
  cle,
  libelle,
  type: "texte",
  requis: false,
  choix: [],
  aide: "",
  exemple: "",
  cible: null,
  modifiable: true,
  ...change,
});

const LOTS = [
  { valeur: "PLUS", libelle: "PLUS" },
  { valeur: "PLAI", libelle: "PLAI" },
];
const SI_CDC = { champ: "preteur", valeurs: ["CDCF", "CDCL"] };
const SI_AUTRE = { champ: "preteur", valeurs: ["AUTRE"] };

export const unTableau = (lots = LOTS, change: Partial<ChampEtape> = {}): ChampEtape =>
  colonne("prets", "Prêts et subventions", {
    type: "lignes",
    cible: "pret__all",
    table: {
      ligne: "Prêt ou subvention",
      max: 500,
      groupe: "financement",
      colonnes: [
        colonne("financement", "Financement", { type: "choix", requis: true, choix: lots }),
        colonne("preteur", "Organisme", {
          type: "choix",
          requis: true,
          choix: [
            { valeur: "CDCL", libelle: "CDC logement" },
            { valeur: "VILLE", libelle: "Ville" },
            { valeur: "AUTRE", libelle: "Autre" },
          ],
        }),
        colonne("autre", "Préciser", { requis_si: SI_AUTRE, affiche_si: SI_AUTRE }),
        colonne("numero", "Numéro", { requis_si: SI_CDC }),
        colonne("duree", "Durée", { type: "entier", minimum: 1, requis_si: SI_CDC }),
        colonne("montant", "Montant", { type: "decimal", requis: true, total: true }),
      ],
    },
    ...change,
  });

export const unePret = (uuid: string, change: ValeurLigne = {}): ValeurLigne => ({
  uuid,
  financement: "PLUS",
  preteur: "CDCL",
  autre: "",
  numero: "1",
  duree: 40,
  montant: "100.00",
  ...change,
});

export const uneEtapeDePrets = (version: number, prets: ValeurLigne[], change: Partial<Etape> = {}): Etape => ({
  etape: "financement",
  libelle: "Financement",
  aide: "",
  version,
  statut: "PROJET",
  modifiable: true,
  raison: "",
  avertissements: [],
  actions: [],
  champs: [unTableau()],
  valeurs: { prets },
  commentaires: {},
  ...change,
});
