// Runs the published validator on a file and prints what the bench compares.
//
// usage: node scripts/bench/validateur/reference.mjs FILE
//
// The time covers reading and validation, not the start of Node. Districts are answered at once (none is known):
// the package asks the network for them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { validate } = createRequire(import.meta.url)("@ban-team/validateur-bal");
globalThis.fetch = async () => ({ ok: true, json: async () => ({ status: "success" }) });
console.error = () => {};

const debut = process.hrtime.bigint();
const r = await validate(readFileSync(process.argv[2]));
const millisecondes = Number(process.hrtime.bigint() - debut) / 1e6;
const codes = (r.uniqueErrors ?? []).toSorted();
process.stdout.write(
  JSON.stringify({ millisecondes, lignes: r.rows?.length ?? 0, profil: r.profile ?? "", codes, lu: r.parseOk }),
);
