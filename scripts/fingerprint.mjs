// Prints one checksum of files and folders, so that a script can tell whether its inputs changed.
// usage: node scripts/fingerprint.mjs PATH...
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const skipped = new Set(["dist", "node_modules", ".gitkeep"]);
const hash = createHash("sha256").update(process.version);

function add(path) {
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).sort()) if (!skipped.has(name)) add(join(path, name));
    return;
  }
  if (/\.(test|spec)\.tsx?$|\.go$/.test(path)) return; // not part of what is built
  hash.update(`\0${path}\0`).update(readFileSync(path));
}

for (const path of process.argv.slice(2)) add(path);
console.log(hash.digest("hex"));
