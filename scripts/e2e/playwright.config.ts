import { defineConfig } from "@playwright/test";

/**
 * Browser tests on the production build, against one server of the platform started for the run with its own database,
 * its own data folder and the bundled simulators. scripts/test gives the variables; nothing here downloads a browser.
 */
function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests with ./scripts/test e2e`);
  return value;
}

const baseURL = `http://localhost:${required("E2E_PORT")}`;

export default defineConfig({
  testDir: ".",
  outputDir: "../../.build/test/e2e",
  // Every test may then run alone and in any order: the demonstration data are there before the first one.
  globalSetup: "./donnees.ts",
  // The journeys write in one database: each creates what it needs, and one at a time is enough on two cores.
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["json"]],
  use: {
    baseURL,
    locale: "fr-FR",
    timezoneId: "Europe/Paris",
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: required("CHROMIUM_PATH"),
      args: [
        "--no-sandbox", // root, in continuous integration
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  webServer: {
    command: `./.build/apilos serve --port ${required("E2E_PORT")}`,
    cwd: "../..",
    url: `${baseURL}/sante/pret`,
    timeout: 90_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: "SIGTERM", timeout: 20_000 },
    env: {
      ...(process.env as Record<string, string>),
      ENVIRONMENT: "test",
      LOGLEVEL: "warn",
      DATABASE_URL: required("E2E_DATABASE_URL"),
      DATA_DIR: required("E2E_DATA_DIR"),
    },
    stdout: "ignore",
    stderr: "pipe",
  },
});
