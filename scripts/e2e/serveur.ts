import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test as journeys } from "./base";

const racine = join(__dirname, "..", "..");
const programme = join(racine, ".build", "apilos");

/** A platform of its own beside that of the run: other settings, other database, other folder. */
export type Serveur = {
  adresse: string;
  /** Runs a command of the program on this platform; `entree` is its standard input. */
  commande: (arguments_: string[], entree?: string) => Promise<void>;
};

function libre(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const essai = createServer();
    essai.once("error", () => resolve(false));
    essai.listen(port, "127.0.0.1", () => essai.close(() => resolve(true)));
  });
}

/** A port that is free with its neighbours: the simulators listen ten ports above, the measures a thousand. */
async function port(): Promise<number> {
  for (;;) {
    const tire = 20_000 + Math.floor(Math.random() * 20_000);
    const voisins = await Promise.all([tire, tire + 10, tire + 1010].map(libre));
    if (voisins.every(Boolean)) return tire;
  }
}

/** Asks the server to stop and waits until it has; one that does not want to is stopped. */
async function arreter(serveur: ChildProcess): Promise<void> {
  if (serveur.exitCode !== null || serveur.signalCode !== null) return;
  const fini = new Promise((resolve) => serveur.once("exit", resolve));
  serveur.kill("SIGTERM");
  const delai = setTimeout(() => serveur.kill("SIGKILL"), 20_000);
  await fini;
  clearTimeout(delai);
}

/**
 * A platform without CERBERE: people sign in with a password, and its e-mails are read in the mailbox of development.
 * One for the file that asks for it.
 */
export const test = journeys.extend<object, { local: Serveur }>({
  local: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads what a fixture needs in its first parameter
    async ({}, use) => {
      const base = process.env.E2E_LOCAL_DATABASE_URL;
      if (!base) throw new Error("E2E_LOCAL_DATABASE_URL is not set: run these tests with ./scripts/test e2e");
      const numero = String(await port());
      const dossier = await mkdtemp(join(tmpdir(), "apilos-e2e-"));
      const env = {
        ...process.env,
        ENVIRONMENT: "development",
        LOGLEVEL: "warn",
        PORT: numero,
        DATABASE_URL: base,
        DATA_DIR: dossier,
        CERBERE_AUTH: "aucun",
      };
      const serveur = spawn(programme, ["serve", "--port", numero], { cwd: racine, env, stdio: "ignore" });
      const sauvetage = () => serveur.kill("SIGKILL"); // whatever ends this process ends the server
      process.once("exit", sauvetage);
      try {
        const adresse = `http://localhost:${numero}`;
        const pret = async () => {
          expect(serveur.exitCode, "the server without CERBERE keeps running").toBeNull();
          return fetch(`${adresse}/sante/pret`).then(
            ({ status }) => status,
            () => 0,
          );
        };
        await expect.poll(pret, { message: "the server without CERBERE answers", timeout: 90_000 }).toBe(200);
        const commande: Serveur["commande"] = (arguments_, entree) =>
          new Promise((resolve, reject) => {
            const fils = execFile(programme, arguments_, { cwd: racine, env }, (erreur, _sortie, plainte) =>
              erreur ? reject(new Error(`${arguments_.join(" ")} : ${plainte}`)) : resolve(),
            );
            fils.stdin?.end(entree ?? "");
          });
        await use({ adresse, commande });
      } finally {
        await arreter(serveur);
        process.off("exit", sauvetage);
        await rm(dossier, { recursive: true, force: true });
      }
    },
    { scope: "worker", timeout: 150_000 },
  ],
});
