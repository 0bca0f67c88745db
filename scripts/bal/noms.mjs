// Records what the published package makes of street names, for the tests of api/bal.
//
// usage: node scripts/bal/noms.mjs > api/bal/testdata/normalisation.tsv.gz
//
// One line per name: the name, a tab, its normalised form. Left out on purpose: the Greek capital sigma,
// whose lower case depends on its place in the word for the package only, and the words that the package
// takes for members of an object (« constructor ») and stops on, and numbers too long for its arithmetic.
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { hasard } from "./hasard.mjs";

const require = createRequire(import.meta.url);
const { normalize } = require("@ban-team/adresses-util");

const genres = [
  `Rue|rue|RUE|R|r|Av|AVENUE|bd|Bd.|Boulevard|Pl|Place|Sq|che|Chem|chem.|Rte|Route|All|Allée|pas|VLA|Imp`,
  `Impasse|Qu|Quai|Ham|Hameau|Prt|Parv|Lot|Lotissement|Sen|Snt|Rle|Car|Mte|Ptte|Str|Tsse|Lieu-dit|Lieu dit`,
  `LIEUDIT|Grande Rue|Grand-Rue|Vieille rue|St|Ste|Gal|Résidence|ZA|Chemin rural n°|Rue rue|Z.A.C.`,
].flatMap((ligne) => ligne.split("|"));
const articles = [
  `de la|du|de l'|d'|d’|des|le|les|la|aux|à la|sur|sous|par|et|au|de|dos|las|los|en|-|l’|||lès|qu'|n°|s|_`,
].flatMap((ligne) => ligne.split("|"));
const noms = [
  `Général|Gal|Mal|maréchal|St|Ste|Saint|Leclerc|8|3|3e|1er|2nd|1st|4th|11th|21|22|31|71|72|80|81|91|99|100`,
  `101|180|200|280|1000|1945|2000|2001|80000|81000|200000|1000000|3000000|1200300|007|0|00|Église|Œuvre|Laÿ`,
  `Bœuf|Straße|Ærø|ÇA|Noël|Hôtel-de-Ville|Trois|3 Places|11-Novembre-1918|14juillet|RN7|D906|A6b`,
  `Jean Jaurès|J. Jaurès|Pasteur|L'S|s't|d'm|Š|ŉ|ĳ|Łódź|Ẽ|Ạn|привет|Ελένη|日本|€uro|²|½|×|÷|№5|™|a\u0310b|é|-`,
  `/|(bis)|"Nord"|rue|Larue|ruette|Entrue|lieu|dit|l|d|des|1000000000|999999999999|123456789012345|5bis|B12`,
  `12B3|x’s|Ạb's|bẠ'sud|ǅ|ﬁn|🙂|✂|a🙂b|l'll|ouest're|Ve've|İ|\u212a|\u212b|ẞ|１２|٣|ª|µ|þ|Ð|pl|av|gal|mal|1 000`,
  `1,5|2e|XVIe|l’’s|\u200b|\u3000|\u00ad`,
].flatMap((ligne) => ligne.split("|"));
const separateurs = [" ", " ", " ", "-", "  ", "'", "’", "", " ", "_", ".", "/"];

const h = hasard(1);
const tous = new Set([
  "",
  "Rue des 3 Places",
  "Rue des Trois Places",
  "Av du Gal Leclerc",
  "avenue general leclerc",
  "Lieu-dit Le Bas",
  "Rue Grande Rue",
  "ST Paul",
  "L",
]);
for (let i = 0; i < 1100; i++) tous.add(`Rue ${i}`);
for (let i = 0; i < 300; i++) tous.add(`Rue ${Math.floor(10 ** h.reel(3, 15))}`);
while (tous.size < 8000) {
  let nom = h.choix(genres);
  for (let i = 1 + h.entier(3); i > 0; i--)
    nom += h.choix(separateurs) + h.choix(articles) + h.choix(separateurs) + h.choix(noms);
  const casse = h.entier(6);
  if (casse === 0) nom = nom.toUpperCase();
  if (casse === 1) nom = nom.toLowerCase();
  if (!/\d{16}/.test(nom)) tous.add(h.unSur(12) ? nom.normalize("NFD") : nom);
}
process.stdout.write(gzipSync([...tous].map((nom) => `${nom}\t${normalize(nom)}\n`).join(""), { level: 9 }));
