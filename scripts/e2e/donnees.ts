import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const racine = join(__dirname, "..", "..");

/**
 * Writes the demonstration data in the database of the run, once the server answers and before the first test: only a
 * platform without any convention receives them. Each test then writes in an operation that no other test writes in.
 */
export default async function semerLaDemonstration(): Promise<void> {
  const { E2E_PORT, E2E_DATABASE_URL, E2E_DATA_DIR } = process.env;
  await promisify(execFile)(join(racine, ".build", "apilos"), ["seed", "--demo"], {
    cwd: racine,
    env: {
      ...process.env,
      ENVIRONMENT: "test",
      LOGLEVEL: "warn",
      PORT: E2E_PORT,
      DATABASE_URL: E2E_DATABASE_URL,
      DATA_DIR: E2E_DATA_DIR,
    },
  });
}
