// Writes a large invented address file in version 1.4, for the bench.
//
// usage: node scripts/bal/generer.mjs OCTETS [propre|erreurs|guillemets|latin1] > FILE
//
// At most OCTETS bytes, whole rows. propre: no anomaly. erreurs: two on each row. guillemets: the same as propre,
// every value between quotes. latin1: the same as propre in another encoding. The same size gives the same bytes.
import { once } from "node:events";
import { adresses, COLONNES } from "./adresses.mjs";
import { hasard } from "./hasard.mjs";

const [octets, variante = "propre"] = process.argv.slice(2);
const encodage = variante === "latin1" ? "latin1" : "utf8";
const colonnes = COLONNES["1.4"].split(" ");
const cellule = variante === "guillemets" ? (v) => `"${v}"` : (v) => v;
const ligne = (valeurs) => Buffer.from(`${valeurs.map(cellule).join(";")}\n`, encodage);

const maximum = Number(octets);
if (!(maximum > 0) || !["propre", "erreurs", "guillemets", "latin1"].includes(variante)) {
  console.error("usage: node scripts/bal/generer.mjs OCTETS [propre|erreurs|guillemets|latin1] > FILE");
  process.exit(2);
}
let ecrits = 0;
let morceaux = [];
async function ecrire(buffer) {
  if (ecrits + buffer.length > maximum) return false;
  ecrits += buffer.length;
  morceaux.push(buffer);
  if (morceaux.length === 4096) {
    if (!process.stdout.write(Buffer.concat(morceaux))) await once(process.stdout, "drain");
    morceaux = [];
  }
  return true;
}
await ecrire(ligne(colonnes));
for (const a of adresses(hasard(4), "1.4", Math.ceil(maximum / 200))) {
  if (encodage === "latin1") a.position = a.position.replace("’", "'");
  if (variante === "erreurs") Object.assign(a, { position: "inconnue", date_der_maj: "31/12/2021" });
  if (!(await ecrire(ligne(colonnes.map((c) => (encodage === "latin1" ? a[c].replace("’", "'") : a[c])))))) break;
}
process.stdout.write(Buffer.concat(morceaux));
