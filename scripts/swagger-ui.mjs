// Puts the two files of Swagger UI, compressed, where the program embeds them; does nothing when they are there already.
// usage: node scripts/swagger-ui.mjs
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const source = "node_modules/swagger-ui-dist";
const target = "api/httpapi/docs/ui";
const { version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
const stamp = join(target, "version.gz"); // ignored by git, like the files it dates

const current = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
if (current !== version) {
  mkdirSync(target, { recursive: true });
  for (const name of ["swagger-ui.css", "swagger-ui-bundle.js"]) {
    writeFileSync(join(target, `${name}.gz`), gzipSync(readFileSync(join(source, name)), { level: 9 }));
  }
  writeFileSync(stamp, version);
}
