// Puts the files of Swagger UI and of ReDoc, compressed, where the program embeds them; does nothing when they are there
// already.
// usage: node scripts/swagger-ui.mjs
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const sources = [
  { folder: "node_modules/swagger-ui-dist", files: ["swagger-ui.css", "swagger-ui-bundle.js"] },
  { folder: "node_modules/redoc", files: ["bundles/redoc.standalone.js"] },
];
const target = "api/httpapi/docs/ui";
const stamp = join(target, "version.gz"); // ignored by git, like the files it dates

// ReDoc shows the logo of its makers from their site; our pages load nothing from elsewhere.
const outside = /https:\/\/cdn\.redoc\.ly\/[^"'`]*/g;
// Its first style sheet is made before ReDoc is told the nonce of the page: the bundle reads it from there at once.
const nonce = /\.nc=void 0/;
const fromPage = '.nc=(document.getElementById("redoc")||{dataset:{}}).dataset.nonce';

function local(name, content) {
  if (!name.endsWith("redoc.standalone.js")) return content;
  const text = content.toString("utf8");
  if (!nonce.test(text)) throw new Error("redoc : l'emplacement du nonce est introuvable dans cette version");
  return text.replace(nonce, fromPage).replace(outside, "data:,");
}

const wanted = sources
  .map(({ folder }) => `${folder} ${JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version}`)
  .join("\n")
  .concat(
    "\n",
    createHash("sha256")
      .update(readFileSync(new URL(import.meta.url)))
      .digest("hex"),
  );
const current = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
if (current !== wanted) {
  mkdirSync(target, { recursive: true });
  for (const { folder, files } of sources) {
    for (const name of files) {
      const content = local(name, readFileSync(join(folder, name)));
      writeFileSync(join(target, `${name.split("/").pop()}.gz`), gzipSync(content, { level: 9 }));
    }
  }
  writeFileSync(stamp, wanted);
}
