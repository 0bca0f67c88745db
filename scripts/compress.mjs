// Writes a .gz beside each text file of a folder that gains from it: the server sends it as it is.
// Also refuses what the content security policy would block at run time.
// usage: node scripts/compress.mjs FOLDER
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const folder = process.argv[2];
const minimum = 1024; // a smaller file fits in one packet anyway

for (const name of readdirSync(folder, { recursive: true })) {
  if (!/\.(js|css|html|svg|json|webmanifest|txt)$/.test(name)) continue;
  const path = join(folder, name);
  const content = readFileSync(path);
  if (name.endsWith(".html") && /<script(?![^>]*\bsrc=)[^>]*>|<style|\son\w+=/i.test(content.toString())) {
    console.error(`${name} : script ou style en ligne, que la politique de sécurité du contenu interdit.`);
    process.exit(1);
  }
  if (content.length < minimum) continue;
  const compressed = gzipSync(content, { level: 9 });
  if (compressed.length < content.length * 0.9) writeFileSync(`${path}.gz`, compressed);
}
