// What is changed in a value, a header or the bytes of a file.

const LISTES = {
  cle_interop:
    "27115|27115_0010|27115_0010_2|27115_0010_00002_|27115__00002|27115_0010_00002_bis_ter|99999_0010_00002|75056_0010_00002|2a004_0010_00003|2A004_0010_00003|01340_0010_00001|27115_xxxx_00001|27115_XXXX_00001|27115_0000_00001|27115_010_00001|27115_00100_00001|27115_A010_00001|27115_0010_0000a|27115_0010_000001|27115_0010_-0001|_27115_0010_00001|27115_0010_00001 |69123_0010_00001|69232_0010_00001|27115_0010_99999|27115_0010_00000|27115_0010_١|27115_éééé_00001|é_0010_00001",
  uid_adresse:
    "texte libre|@c:|@v:abc|@a:0c7a9b1e-8f43-4d7e-a6b2-94d1e2f30a55|@C:0C7A9B1E-8F43-4D7E-A6B2-94D1E2F30A55|@c:0c7a9b1e-8f43-1d7e-a6b2-94d1e2f30a55|@c:0c7a9b1e-8f43-4d7e-a6b2-94d1e2f30a55@v:x|@c: 0c7a9b1e-8f43-4d7e-a6b2-94d1e2f30a55|@c:0c7a9b1e-8f43-4d7e-a6b2-94d1e2f30a55 @v:11df05cd-b55e-4475-a953-f13cc20c23fa",
  id_ban_commune:
    "abc|0C7A9B1E-8F43-4D7E-A6B2-94D1E2F30A55|0c7a9b1e-8f43-1d7e-a6b2-94d1e2f30a55|0c7a9b1e-8f43-4d7e-76b2-94d1e2f30a55|0c7a9b1e8f434d7ea6b294d1e2f30a55|{0c7a9b1e-8f43-4d7e-a6b2-94d1e2f30a55}|00000000-0000-0000-0000-000000000000",
  voie_nom:
    "ab|a|é|12|123|RUE DU BOIS|rue du bois|Rue_du_Bois|___|RUE_DU_BOIS|Rue du B\ufffdis|\ufffd|STRASSE|Straße|STRAßE|ŒUVRE|Œuvre|ﬁn|L'|Le|La la|Rue\u00a0Haute|🙂|🙂🙂|🙂a|ΣΑΣ|ß|ßßß|ŉŉŉ|١٢٣|日本語|Rue des 3 Places|Lieu-dit Le Bas|Rue Grande Rue",
  numero:
    "0|00|000|007|1.5|1 bis|1,0|99999|099999|99998|100000|-1|+1|１２|1e3|99999999999999999999|0x1|١|2²|12345678901234567890123|\u00a05|5\ufeff",
  suffixe:
    "bis|BIS|-bis|é|ébis|1|12345678|123456789|1234567890|b s|b\u00a0s|b-s|b.s|bÿ|bŸ|bœ|bß|bẞ|_|a_|🙂|a🙂|b\tc|b\u2028c|b\ufeffc|bÿÿÿÿÿÿÿÿ|bÝ|bÐ|b×",
  commune_insee:
    "27115|99999|75056|69123|13055|69232|01340|2a004|2A004|2b033|02A04|1015|01015|97411|48020|é|00000|27 115",
  commune_nom:
    "Paris|breux-sur-avre|BREUX-SUR-AVRE|Breux sur Avre|123|-|Breux-sur-Avre |Nouméa|NOUMEA|ß|日本|Saint-Denis",
  commune_deleguee_insee: "27115|99999|01340|01015|48020|48094|2a004|75056|69232|é|27 115",
  position:
    "entree|Entrée|ENTRÉE|bâtiment|batiment|BATIMENT|cage d'escalier|cage d’escalier|cage descalier|cage d escalier|cage-d-escalier|CAGE D’ESCALIER|logement|service  technique|service_technique|service technique|délivrance postale|delivrance-postale|délivrance  postale|parcelle|Parcelle|segment|segments|inconnue|autre|entre\u0301e|e\u0301ntrée|entrée.|.entrée|entrée principale|batiment!|logement\ufe0f|ĺogement|ſegment|b\u00e2timent\u0327|sègment|-|???|délivrance_postale",
  long: "|0|-0|05|00|012|1.|.5|+1|1e5|1,5|1,05|-1,5|1.5.5|1,5.5|2.3488|-2.3488|200|-200|181|90|3|2,35|3.0000000000000000000001|0.1|0,1|00.1|--1|1 000|−1|1.05\u00a0|10.38|-9.86|10.3800001|1.٥|NaN|Infinity",
  cad_parcelles:
    "271150000A0123|27115000AB0123|271150000AB012|2711500AB0123|27115000AB0123|\\|27115000AB0123|27115000AB0123\\||\\|\\||\\||27115000AB0123\\|\\|27115000AB0124|27115000AB0123\\|x|27115000AB0123 \\| 27115000AB0124|x|éééééééééééééé|🙂🙂🙂🙂🙂🙂🙂|27115X000AB0123|123456789012345|1234567890123456",
  date_der_maj:
    "01/05/25|1/5/25|01/05/2025|1/5/2025|2025/05/01|2025/5/1|01-05-2025|1-5-2025|01 05 2025|2025 05 01|6 mai 2025|06 mai 2025|6 MAI 2025|6 Mai 2025|1 janvier 2024|1 février 2024|1 fevrier 2024|29 février 2023|29 février 2024|12 août 2023|12 aout 2023|3 décembre 2022|1er mai 2024|6 mai 25|2025-05-01 00:00|2025-05-01 23:59|2025-05-01 24:00|2025-05-01 10:60|2025-05-01T00:00:00Z|2025-5-1|25-05-01|2023-02-29|2024-02-29|2023-13-01|2023-00-10|2023-04-31|9999-12-31|2009-12-31|2010-01-01|2010-01-02|31/12/2009|01/01/2010|02/01/2010|2026-06-14|2026-06-15|2026-06-16|16/06/2026|15/06/2026|14/06/2026|2027-01-01|01/01/1999|01/01/70|01/01/09|01/01/10|01/01/26|01/01/27|32/01/2024|00/01/2024|01/13/2024|2024|mai 2024|hier|20240501|01.05.2024|2024-05-01 |2024\u201305\u201301|01/05/024|001/05/2024|1/5/5|01 - 05 - 2024| / / |5/2024|٢٠٢٤-٠٥-٠١",
  certification_commune: "0|1|2|oui|non|true|false|01|00|1.0|-1| 1|O",
};
for (const f of ["id_ban_toponyme", "id_ban_adresse"]) LISTES[f] = LISTES.id_ban_commune;
for (const f of ["x", "y", "lat"]) LISTES[f] = LISTES.long;
for (const f of ["toponyme", "lieudit_complement_nom", "commune_deleguee_nom", "source"]) LISTES[f] = LISTES.voie_nom;

const AUTOUR = [
  " ",
  "  ",
  "\u00a0",
  "\ufeff",
  "\u2003",
  "\u202f",
  "\u3000",
  "\u200b",
  "\t",
  "\u2028",
  "\u0085",
  "\u180e",
];
const CARACTERES = [
  ..."0123456789abzABZéÉçœŒßÿ_-.,'’/|()@:+",
  '"',
  ";",
  "\ufffd",
  "🙂",
  "\u0301",
  "\u00a0",
  "İ",
  "ı",
  "½",
  "º",
];

/** What the package does with these is a defect, that api/bal does not have: see TestDifferentiel. */
const evite = (colonne, source, valeur, sansRue) =>
  (colonne === "uid_adresse" && source === "" && valeur.trim() !== "") ||
  (colonne === "uid_adresse" && sansRue && valeur.trim() !== "" && !/@a:\S/i.test(valeur)) ||
  (colonne === "cad_parcelles" && /\p{Emoji_Presentation}/u.test(valeur)) ||
  (colonne === "date_der_maj" && valeur.includes("0000"));

/** A changed value; sansRue: the file may have no name of street, so that all its rows may be one address. */
export function muter(h, colonne, source, sansRue) {
  for (;;) {
    const valeur = changer(h, colonne, source);
    if (!evite(colonne, source, valeur, sansRue)) return valeur;
  }
}

/** A value of the list of its column, or the value with a few characters changed. */
function changer(h, colonne, valeur) {
  switch (h.entier(9)) {
    case 0:
      return h.choix(AUTOUR) + valeur;
    case 1:
      return valeur + h.choix(AUTOUR);
    case 2:
      return h.choix(["", "", " ", "\u00a0", "  "]);
    case 3:
      return h.choix([valeur.toUpperCase(), valeur.toLowerCase(), valeur.normalize("NFD"), valeur + valeur]);
    case 4:
    case 5: {
      const points = [...valeur];
      for (let n = 1 + h.entier(2); n > 0; n--) {
        points.splice(h.entier(points.length + 1), h.entier(2), ...(h.unSur(3) ? [] : [h.choix(CARACTERES)]));
      }
      return points.join("");
    }
    default: {
      const base = colonne.replace(/_(fra|bre|oc-nicard|zzz)$/, "");
      const liste = LISTES[base];
      if (!liste) return h.choix(CARACTERES);
      return h.choix(liste.split(/(?<!\\)\|/)).replaceAll("\\|", "|");
    }
  }
}

/** The header with columns removed, moved, repeated, renamed, or made regional; -1 for a column without source. */
export function muterEntete(h, entete) {
  let colonnes = entete.map((nom, i) => [nom, i]);
  for (let n = h.entier(4); n > 0; n--) colonnes.splice(h.entier(colonnes.length), 1);
  if (h.unSur(2)) {
    const coupe = h.entier(colonnes.length);
    colonnes = [...colonnes.slice(coupe), ...colonnes.slice(0, coupe)];
  }
  for (let n = h.entier(3); n > 0; n--) {
    const [nom, i] = h.choix(colonnes);
    const langue = h.choix(["fra", "bre", "oc-nicard", "zzz"]);
    const regionale = h.unSur(2)
      ? h.choix(entete.map((e, k) => [e, k]).filter(([e]) => /nom$|toponyme$/.test(e)))
      : null;
    if (regionale) colonnes.splice(h.entier(colonnes.length + 1), 0, [`${regionale[0]}_${langue}`, regionale[1]]);
    else
      colonnes.push(
        h.choix([
          [nom, i],
          [nom.toUpperCase(), i],
          [` ${nom}`, i],
          [`${nom}_${langue}`, i],
          ["inconnue", -1],
        ]),
      );
  }
  return colonnes;
}

/** The text of a file with some quotes, separators, line ends or bytes changed. */
export function muterTexte(h, texte) {
  let t = texte;
  switch (h.entier(8)) {
    case 0:
      t = t.replaceAll(";", h.choix([",", "\t", "|", " "]));
      break;
    case 1:
      t = t.replaceAll("\n", h.choix(["\r\n", "\r", "\n\n", "\n\r"]));
      break;
    case 2:
      t = h.choix(["\ufeff", "\n", "\r\n", " \n", "\n\n\n"]) + t;
      break;
    case 3:
      t = t + h.choix(["\n", "\n\n", " ", "\n ", '"', ";", "\r"]);
      break;
    default:
  }
  const morceaux = [
    '"',
    '""',
    '"x"',
    '"a;b"',
    '"a\nb"',
    '" ',
    ' "',
    '"é" ;',
    ";",
    "\n",
    "\r",
    "\r\n",
    "\n;",
    '";"',
    '"\n',
    "é",
    " ",
  ];
  for (let n = h.entier(4); n > 0; n--) {
    const i = h.entier(t.length + 1);
    t = t.slice(0, i) + h.choix(morceaux) + t.slice(i + h.entier(3));
  }
  return t;
}
