import { expect, type Locator, type Page, test } from "@playwright/test";

/** A target of the interface: how many activations a visitor may need. */
export type Cible = { code: string; plafond: number };

/**
 * Counts what a visitor must do to reach a target: a pointer press, or Enter or Space that activates something. Typing is
 * free, but only where the focus already is: a field that must be clicked first costs a click, so `saisir` never gives
 * the focus itself. The page counts too, so that nothing can be pressed beside the counter.
 */
export class Clics {
  private faits: string[] = [];
  private vus = 0;

  private constructor(
    private readonly page: Page,
    private readonly cible: Cible,
  ) {}

  /** Starts counting on this page; once per page. */
  static async compter(page: Page, cible: Cible): Promise<Clics> {
    const clics = new Clics(page, cible);
    await page.exposeBinding("__activation", () => {
      clics.vus += 1;
    });
    await page.addInitScript(observer);
    await page.evaluate(observer);
    return clics;
  }

  get nombre(): number {
    return this.faits.length;
  }

  /** Presses something. */
  async clic(objet: Locator): Promise<void> {
    await this.compterUn(objet);
    await objet.click();
  }

  /** Activates by the keyboard what has the focus. */
  async touche(objet: Locator, touche: "Enter" | "Space" | "Control+Enter"): Promise<void> {
    await expect(objet).toBeFocused();
    await this.compterUn(objet);
    await this.page.keyboard.press(touche);
  }

  /** Replaces the text of a field that already has the focus. */
  async saisir(champ: Locator, texte: string): Promise<void> {
    await expect(champ, "the field has the focus before anybody types").toBeFocused();
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.insertText(texte);
    await expect(champ).toHaveValue(texte);
  }

  /** The target is reached: closes the account, and counts again from nothing. */
  async atteinte(): Promise<void> {
    const { code, plafond } = this.cible;
    const { nombre } = this;
    await expect.poll(() => this.vus, { message: `${code}: every activation goes through the counter` }).toBe(nombre);
    expect(nombre, `${code}: ${this.resume()}`).toBeLessThanOrEqual(plafond);
    test.info().annotations.push({ type: code, description: `${nombre} sur ${plafond} : ${this.resume()}` });
    this.faits = [];
    this.vus = 0;
  }

  private async compterUn(objet: Locator): Promise<void> {
    // Waits for what is pressed, and keeps its words for the report.
    const nom = await objet.evaluate((element) => (element.textContent ?? "").replace(/\s+/g, " ").trim());
    this.faits.push(nom);
    expect(this.nombre, `${this.cible.code}: ${this.resume()}`).toBeLessThanOrEqual(this.cible.plafond);
  }

  private resume(): string {
    return this.faits.map((nom) => `« ${nom} »`).join(", ");
  }
}

/** In the page: tells each trusted pointer press, and each Enter or Space that is not typing. Runs in the browser. */
function observer(): void {
  const page = window as unknown as { __activation?: () => void; __observee?: boolean };
  if (page.__observee) return;
  page.__observee = true;
  const ecrit = (cible: EventTarget | null): boolean =>
    cible instanceof HTMLTextAreaElement ||
    (cible instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "file"].includes(cible.type));
  window.addEventListener("pointerdown", (event) => event.isTrusted && page.__activation?.(), { capture: true });
  window.addEventListener(
    "keydown",
    (event) => {
      if (!event.isTrusted || event.repeat || !["Enter", " "].includes(event.key)) return;
      const typing =
        ecrit(event.target) &&
        (event.key === " " || (event.target instanceof HTMLTextAreaElement && !event.ctrlKey && !event.metaKey));
      if (!typing) page.__activation?.();
    },
    { capture: true },
  );
}
