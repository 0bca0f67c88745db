import AxeBuilder from "@axe-core/playwright";
import { type Browser, expect, type Page, test as plain } from "@playwright/test";

/**
 * What a browser says that no page of ours may provoke: a script error, an error line, a refusal by the security policy.
 * `admis` is what the journey provokes itself.
 */
export function watch(page: Page, admis?: RegExp): () => void {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`script error: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (admis?.test(text)) return;
    if (/Content Security Policy/i.test(text)) complaints.push(`security policy: ${text}`);
    else if (message.type() === "error" && !expectedByTheBrowser(text)) complaints.push(`console: ${text}`);
  });
  return () => expect(complaints, "the browser console must stay silent").toEqual([]);
}

/** Chromium writes an error line for every 4xx answer, which a page may well expect (401 before sign-in, 409, 412). */
function expectedByTheBrowser(text: string): boolean {
  return /Failed to load resource: the server responded with a status of 4\d\d/.test(text);
}

/**
 * E2E_CPU=6 makes every page six times slower than this machine: a journey that only passes on a quick one is a defect
 * of the journey, or of the page.
 */
const LENTEUR = Number(process.env.E2E_CPU ?? 1);

export async function ralentir(page: Page): Promise<void> {
  if (LENTEUR <= 1) return;
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: LENTEUR });
}

/** Checks the page as it is now against WCAG 2.1 AA, the rules behind the RGAA. */
export async function expectAccessible(page: Page): Promise<void> {
  await settled(page);
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"])
    .analyze();
  const found = violations.map(
    (violation) => `${violation.id}: ${violation.help}\n  ${violation.nodes.map((node) => node.html).join("\n  ")}`,
  );
  // Soft: a journey tells every page that has something to answer for, not only the first.
  expect.soft(found, `accessibility of ${page.url()}`).toEqual([]);
}

/** Waits for the transitions under way: colours measured in the middle of one are those of no page. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const finite = document
      .getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    await Promise.allSettled(finite.map((animation) => animation.finished));
  });
}

/** Two people at work on the same file: each has a browser of their own, watched like any other page. */
type Parties = { bailleur: Page; instructeur: Page };

async function someone(browser: Browser, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const settle = watch(page);
  await ralentir(page);
  await use(page);
  settle();
  await context.close();
}

/** The test of our journeys: the pages it gives are watched, and the watch is settled when the test ends. */
export const test = plain.extend<Parties>({
  page: async ({ page }, use) => {
    const settle = watch(page);
    await ralentir(page);
    await use(page);
    settle();
  },
  bailleur: async ({ browser }, use) => someone(browser, use),
  instructeur: async ({ browser }, use) => someone(browser, use),
});

export { expect };
