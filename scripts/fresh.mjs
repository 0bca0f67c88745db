// Succeeds when node_modules holds what package-lock.json asks for. Much faster than npm itself.
// usage: node scripts/fresh.mjs
import { existsSync, readFileSync } from "node:fs";

const read = (path) => JSON.parse(readFileSync(path, "utf8")).packages;

function fresh() {
  // npm writes this file last: it is absent after an interrupted installation.
  if (!existsSync("node_modules/.package-lock.json")) return false;
  const wanted = read("package-lock.json");
  const installed = read("node_modules/.package-lock.json");
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === "") continue;
    const found = installed[path];
    // An optional package is absent on the platforms it was not made for.
    if (!found ? !(entry.optional || entry.devOptional) : found.version !== entry.version) return false;
    if (found && !existsSync(path)) return false;
  }
  return Object.keys(installed).every((path) => path in wanted);
}

process.exit(fresh() ? 0 : 1);
