// Records what the published package says of changed address files, for the differential test of api/bal.
//
// usage: TZ=UTC node scripts/bal/differentiel.mjs api/bal/testdata/differentiel [seed]
//
// Writes <family>.jsonl.gz in the folder. First line: clock, districts, base rows, dictionary of row codes. Then
// one line per file:
//   base     rank of the base, absent for a raw file
//   entete   columns [name, rank in the base] when the header was changed
//   lignes   [rank of the base row, column, value, column, value…] (column: rank in the file)
//   brut     text of a raw file
//   attendu  parseOk, erreurs [code, row] (at most 100) and their count, or profil, champs, uniques, valides (profiles), invalides (rows)
//   codes    per row, ranks in the dictionary of « level:code », sorted
//   valeurs  per row, {column: parsed value} of what was changed, null when there is none
//   propositions  per row, {column: proposed value} (« <uuid> » for a generated identifier)
//
// Files on which the package stops with an exception are left out and counted.
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { adresses, COLONNES, DISTRICTS } from "./adresses.mjs";
import { hasard } from "./hasard.mjs";
import { muter, muterEntete, muterTexte } from "./mutations.mjs";

const HORLOGE = "2026-06-15T12:00:00Z";
const [dossier, graine = "1"] = process.argv.slice(2);
if (!dossier || process.env.TZ !== "UTC") {
  console.error("usage: TZ=UTC node scripts/bal/differentiel.mjs DOSSIER [GRAINE]");
  process.exit(2);
}

// The package reads the clock and asks the network for districts: both are given here.
const VraieDate = Date;
globalThis.Date = class extends VraieDate {
  constructor(...args) {
    super(...(args.length === 0 ? [HORLOGE] : args));
  }
  static now() {
    return VraieDate.parse(HORLOGE);
  }
};
globalThis.fetch = async (url) => {
  const id = DISTRICTS[String(url).split("/").at(-1)];
  return { ok: true, json: async () => (id ? { status: "success", response: [{ id }] } : { status: "success" }) };
};
console.error = () => {};
console.warn = () => {};
const { validate } = createRequire(import.meta.url)("@ban-team/validateur-bal");

const cellule = (v) => (/[";\n\r]/.test(v) ? `"${v.replaceAll('"', '""')}"` : v);
const UUID = /^[0-9a-f-]{36}$/i;

/** The families: how many files, of how many rows, and what is changed in them. */
const FAMILLES = {
  "valeurs-1.3": { version: "1.3", fichiers: 50, lignes: 300, changements: 1 },
  "valeurs-1.4": { version: "1.4", fichiers: 50, lignes: 300, changements: 1 },
  "valeurs-1.5": { version: "1.5", fichiers: 40, lignes: 300, changements: 1 },
  melanges: { version: "1.4", fichiers: 30, lignes: 100, changements: 4 },
  colonnes: { fichiers: 250, lignes: 16, changements: 1, entete: true },
  identifiants: { fichiers: 450, lignes: 12, changements: 0, copies: true },
  textes: { fichiers: 600, lignes: 4, changements: 0, brut: true },
};

/** Files share a few bases: the records stay small. */
const BASES = 10;

mkdirSync(dossier, { recursive: true });
for (const [nom, famille] of Object.entries(FAMILLES)) {
  const h = hasard(Number(graine) * 1000 + nom.length);
  const etat = { bases: [], dictionnaire: new Map(), refus: 0, lignes: 0 };
  const enregistres = [];
  for (let i = 0; i < famille.fichiers; i++) {
    const enregistre = await enregistrer(h, famille, etat);
    if (enregistre) enregistres.push(JSON.stringify(enregistre));
  }
  const tete = {
    horloge: HORLOGE,
    districts: DISTRICTS,
    bases: famille.brut ? [] : etat.bases,
    codes: [...etat.dictionnaire.keys()],
  };
  const texte = `${[JSON.stringify(tete), ...enregistres].join("\n")}\n`;
  writeFileSync(`${dossier}/${nom}.jsonl.gz`, gzipSync(texte, { level: 9 }));
  console.log(`${nom}: ${enregistres.length} files, ${etat.lignes} rows, ${etat.refus} refused by the package`);
}

function nouvelleBase(h, famille, etat) {
  const version = famille.version ?? h.choix(["1.3", "1.4", "1.5"]);
  const entete = COLONNES[version].split(" ");
  const lignes = adresses(h, version, Math.min(famille.lignes, 40)).map((a) => entete.map((c) => a[c]));
  return etat.bases.push({ entete, lignes }) - 1;
}

async function enregistrer(h, famille, etat) {
  const base = etat.bases.length < BASES ? nouvelleBase(h, famille, etat) : h.entier(BASES);
  const { entete, lignes: sources } = etat.bases[base];
  const colonnes = famille.entete ? muterEntete(h, entete) : entete.map((c, i) => [c, i]);
  const lignes = [];
  for (let i = 0; i < famille.lignes; i++) {
    const rang = i % sources.length;
    const ligne = [rang];
    for (let n = famille.changements; n > 0; n--) {
      const c = h.entier(colonnes.length);
      ligne.push(c, muter(h, colonnes[c][0], sources[rang][colonnes[c][1]] ?? "", famille.entete));
    }
    if (famille.copies) ligne.push(...copies(h, colonnes, sources));
    lignes.push(ligne);
  }
  const donnees = lignes.map((l) => valeurs(l, colonnes, sources));
  let texte = [colonnes.map(([c]) => cellule(c)), ...donnees.map((l) => l.map(cellule))]
    .map((l) => l.join(";"))
    .join("\n");
  const fichier = famille.brut ? {} : { base, lignes };
  if (famille.entete) fichier.entete = colonnes;
  if (famille.brut) {
    texte = muterTexte(h, texte);
    fichier.brut = texte;
  }
  let rapport;
  try {
    rapport = await validate(Buffer.from(texte));
  } catch {
    etat.refus++;
    return null;
  }
  etat.lignes += rapport.rows?.length ?? 0;
  return { ...fichier, ...resultat(rapport, fichier, colonnes, texte, etat.dictionnaire) };
}

/** Values taken from other rows, and toponym rows: what the rules on the whole file compare. */
function copies(h, colonnes, sources) {
  const changes = [];
  const prendre = (motif) => {
    const possibles = colonnes.map(([nom], i) => [nom, i]).filter(([nom]) => motif.test(nom));
    if (possibles.length === 0) return;
    const [, i] = h.choix(possibles);
    const valeur = h.choix(sources)[colonnes[i][1]];
    changes.push(i, h.unSur(5) ? "" : h.unSur(8) ? valeur.toUpperCase() : valeur);
  };
  const toponyme = h.unSur(5);
  if (toponyme)
    changes.push(
      colonnes.findIndex(([nom]) => nom === "numero"),
      "99999",
    );
  for (let n = h.entier(4); n > 0; n--)
    prendre(/^(id_ban|uid|voie_nom$|toponyme$|numero$|suffixe$|commune_deleguee_insee$|cle)/);
  if (h.unSur(4)) {
    const i = colonnes.findIndex(([nom]) => nom === "lieudit_complement_nom");
    const v = colonnes.findIndex(([nom]) => nom === "voie_nom" || nom === "toponyme");
    changes.push(i, h.choix(sources)[colonnes[v][1]]);
  }
  return changes;
}

function valeurs([rang, ...changes], colonnes, sources) {
  const ligne = colonnes.map(([, i]) => sources[rang][i] ?? "");
  for (let k = 0; k < changes.length; k += 2) ligne[changes[k]] = changes[k + 1];
  return ligne;
}

function resultat(r, fichier, colonnes, texte, dictionnaire) {
  if (!r.parseOk) {
    const erreurs = r.parseErrors.slice(0, 100).map((e) => [e.code, e.row ?? -1]);
    return { attendu: { parseOk: false, erreurs, nombre: r.parseErrors.length } };
  }
  const rangDe = (code) => dictionnaire.get(code) ?? dictionnaire.set(code, dictionnaire.size).size - 1;
  const attendu = {
    parseOk: true,
    saut: r.linebreak,
    separateur: r.delimiter,
    avertissements: r.parseErrors.length,
    profil: r.profile,
    champs: r.fields.map((f) => (f.schemaName ? (f.localizedSchemaName ?? f.schemaName) : `?${f.name}`)),
    uniques: [...r.uniqueErrors].sort(),
    valides: Object.values(r.profilesValidation)
      .filter((p) => p.isValid)
      .map((p) => p.code),
    invalides: r.rows.filter((l) => !l.isValid).length,
  };
  const codes = r.rows.map((l) => l.errors.map((e) => rangDe(`${e.level}:${e.code}`)).sort((a, b) => a - b));
  const propositions = r.rows.map((l) => {
    const p = Object.entries(l.remediations).map(([c, { value }]) => [
      c,
      UUID.test(value ?? "") && !texte.includes(value) && !Object.values(DISTRICTS).includes(value)
        ? "<uuid>"
        : (value ?? null),
    ]);
    return p.length === 0 ? 0 : Object.fromEntries(p);
  });
  const lues = fichier.lignes?.map(([, ...changes], i) => {
    const v = {};
    for (let k = 0; k < changes.length; k += 2) {
      const nom = colonnes[changes[k]][0];
      v[nom] = r.rows[i].parsedValues[nom] ?? null;
    }
    return v;
  });
  const brutes = fichier.brut === undefined ? undefined : r.rows.map((l) => l.rawValues);
  return { attendu, codes, valeurs: lues, brutes, propositions };
}
