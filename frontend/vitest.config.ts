import { defineConfig } from "vitest/config";

/** Unit tests of pure functions and of components, in a light DOM. Pages are also visited by the browser tests. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    environment: "happy-dom",
    environmentOptions: { happyDOM: { url: "http://apilos.test/" } },
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["./src/testing/setup.ts"],
    restoreMocks: true,
    testTimeout: 30_000,
  },
});
