// Reads every convention of one's perimeter, page by page, then what changed since a cursor.
//
//   APILOS_URL=https://apilos.example.gouv.fr/api/v1 APILOS_JETON=apl_… node exemple.mjs [marque]
//
// Types come from the OpenAPI document (openapi-typescript); calls go through openapi-fetch. The last line of
// the output is the cursor to give the next time.
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "../../../frontend/src/api/schema.d.ts";

type Convention = components["schemas"]["ConventionLigne"];
type Probleme = components["schemas"]["Problem"];
type Page = components["schemas"]["PageConventionLigne"];

/** A refusal of the API: `code` is stable, `detail` is for people (RFC 9457). */
export class ErreurApilos extends Error {
  constructor(
    readonly probleme: Probleme,
    readonly attendre: number,
  ) {
    super(`${probleme.status} ${probleme.code} : ${probleme.detail} (requête ${probleme.request_id})`);
  }
}

export function connecter(url: string, jeton: string): Client<paths> {
  return createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${jeton}` } });
}

type Parametres = NonNullable<paths["/conventions"]["get"]["parameters"]["query"]>;

async function lirePage(api: Client<paths>, query: Parametres): Promise<{ page: Page; suite: boolean }> {
  const { data, error, response } = await api.GET("/conventions", { params: { query } });
  if (error) throw new ErreurApilos(error, Number(response.headers.get("Retry-After") ?? 0));
  if (data === undefined) throw new Error("réponse sans contenu");
  return { page: data, suite: response.headers.has("Link") };
}

/** Every convention that matches, one page in memory at a time. */
export async function* toutes(api: Client<paths>, query: Parametres): AsyncGenerator<Convention> {
  let apres: string | undefined;
  do {
    const { page } = await lirePage(api, { ...query, apres });
    yield* page.resultats;
    apres = page.suivant;
  } while (apres);
}

/** What changed since a cursor: conventions to replace, conventions to forget, and the cursor to keep. */
export async function changements(api: Client<paths>, marque?: string) {
  const remplacer: Convention[] = [];
  const oublier: string[] = [];
  let apres = marque;
  for (let encore = true; encore; ) {
    const { page, suite } = await lirePage(api, { modifie_depuis: "2020-01-01T00:00:00Z", par_page: 100, apres });
    oublier.push(...(page.retraits ?? []).map(({ uuid }) => uuid));
    remplacer.push(...page.resultats);
    apres = page.suivant;
    encore = suite;
  }
  return { remplacer, oublier, marque: apres };
}

const { APILOS_URL, APILOS_JETON } = process.env;
if (!APILOS_URL || !APILOS_JETON) {
  console.error("Donnez APILOS_URL et APILOS_JETON.");
  process.exit(2);
}
try {
  const api = connecter(APILOS_URL, APILOS_JETON);
  for await (const { uuid, statut, operation } of toutes(api, { par_page: 5, tri: "numero" })) {
    console.log(uuid, statut, operation.nom);
  }
  const { remplacer, oublier, marque } = await changements(api, process.argv[2]);
  console.log(`${remplacer.length} à remplacer, ${oublier.length} à oublier`);
  console.log(marque);
} catch (error) {
  if (!(error instanceof ErreurApilos)) throw error;
  console.error(error.probleme.code, error.message);
  process.exit(1);
}
