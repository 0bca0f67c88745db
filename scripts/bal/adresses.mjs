// Invented addresses without anomaly, in real communes, for the recorder and for the bench.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const projeter = require("@etalab/project-legal");

export const COLONNES = {
  1.3: "uid_adresse cle_interop commune_insee commune_nom commune_deleguee_insee commune_deleguee_nom voie_nom lieudit_complement_nom numero suffixe position x y long lat cad_parcelles source date_der_maj certification_commune",
  1.4: "id_ban_commune id_ban_toponyme id_ban_adresse cle_interop commune_insee commune_nom commune_deleguee_insee commune_deleguee_nom voie_nom lieudit_complement_nom numero suffixe position x y long lat cad_parcelles source date_der_maj certification_commune",
  1.5: "id_ban_commune id_ban_toponyme id_ban_adresse commune_insee commune_nom commune_deleguee_insee commune_deleguee_nom toponyme lieudit_complement_nom numero suffixe position x y long lat cad_parcelles source date_der_maj certification_commune",
};

// code, name, longitude, latitude, a former code or ""
const COMMUNES = [
  ["27115", "Breux-sur-Avre", 1.0875, 48.7533, ""],
  ["75101", "Paris 1er Arrondissement", 2.3366, 48.8626, ""],
  ["01015", "Arboys en Bugey", 5.67, 45.74, "01340"],
  ["97411", "Saint-Denis", 55.4535, -20.9088, ""],
  ["97302", "Cayenne", -52.3261, 4.9371, ""],
  ["98818", "Nouméa", 166.4416, -22.2711, ""],
  ["2A004", "Ajaccio", 8.7369, 41.9257, ""],
  ["48094", "Massegros Causses Gorges", 3.18, 44.3, "48125"],
];
const GENRES = ["Rue", "Avenue", "Impasse", "Chemin", "Place", "Allée", "Quai", "Route"];
const NOMS = [
  "des Prés Fleuris",
  "Jean Jaurès",
  "du Moulin",
  "de l’Église",
  "Saint-Martin",
  "du 8 Mai 1945",
  "d'Alsace",
];
const POSITIONS = [
  "entrée",
  "bâtiment",
  "cage d’escalier",
  "logement",
  "service technique",
  "délivrance postale",
  "parcelle",
  "segment",
];

/** What the resolver of districts answers. */
export const DISTRICTS = {
  27115: "0c7a9b1e-8f43-4d7e-a6b2-94d1e2f30a55",
  97411: "5b1f2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
};

/** One commune of addresses: n rows, each an object by name of column. */
export function adresses(h, version, n) {
  const [insee, commune, long0, lat0, ancienne] = h.choix(COMMUNES);
  const idCommune = h.unSur(4) ? h.uuid() : (DISTRICTS[insee] ?? h.uuid());
  const voies = Array.from({ length: Math.min(4000, Math.max(1, Math.ceil(n / 6))) }, (_, i) => ({
    nom: `${h.choix(GENRES)} ${h.choix(NOMS)} ${i + 2}`,
    id: h.uuid(),
    code: i < 999 ? String(10 * (i + 1)).padStart(4, "0") : `a${i.toString(36).padStart(3, "0")}`,
    numero: 0,
  }));
  return Array.from({ length: n }, () => {
    const voie = h.choix(voies);
    voie.numero += 1 + h.entier(2);
    const suffixe = h.unSur(6) ? h.choix(["bis", "ter", "a"]) : "";
    const long = (long0 + h.reel(-0.004, 0.004)).toFixed(6);
    const lat = (lat0 + h.reel(-0.004, 0.004)).toFixed(6);
    const [x, y] = projeter([Number(long), Number(lat)]);
    const [idToponyme, idAdresse] = [voie.id, h.uuid()];
    const avecIds = version === "1.3" ? h.unSur(2) : true;
    const cle = `${insee}_${voie.code}_${String(voie.numero).padStart(5, "0")}${suffixe ? `_${suffixe}` : ""}`;
    const deleguee = ancienne && h.unSur(2) ? [ancienne, "Nom délégué"] : ["", ""];
    return {
      uid_adresse: avecIds ? `@c:${idCommune} @v:${idToponyme} @a:${idAdresse}` : "",
      id_ban_commune: idCommune,
      id_ban_toponyme: idToponyme,
      id_ban_adresse: idAdresse,
      cle_interop: cle.toLowerCase(),
      commune_insee: insee,
      commune_nom: commune,
      commune_deleguee_insee: deleguee[0],
      commune_deleguee_nom: deleguee[1],
      voie_nom: voie.nom,
      toponyme: voie.nom,
      lieudit_complement_nom: "",
      numero: String(voie.numero),
      suffixe,
      position: h.choix(POSITIONS),
      x: x.toFixed(2),
      y: y.toFixed(2),
      long,
      lat,
      cad_parcelles: h.unSur(2) ? `${insee}000AB${1000 + h.entier(8999)}` : "",
      source: `Commune de ${commune}`,
      date_der_maj: `20${12 + h.entier(13)}-0${1 + h.entier(9)}-${10 + h.entier(18)}`,
      certification_commune: h.choix(["0", "1"]),
    };
  });
}
