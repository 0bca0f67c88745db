import { expect, type Locator, type Page } from "@playwright/test";

/** What keeps a keyboard user from seeing where he is; null when the focus is drawn and nothing covers it. */
function cacheDuFocus(): string | null {
  const element = document.activeElement;
  if (!element || element === document.body) return null; // between the page and the browser itself
  const nom = element.outerHTML.slice(0, 160);
  const dessinent = [
    element,
    element.closest("label"),
    element.nextElementSibling,
    element.id ? document.querySelector(`label[for="${CSS.escape(element.id)}"]`) : null,
  ];
  const dessine = dessinent.some((porteur) =>
    [null, "::before", "::after"].some((pseudo) => {
      const style = porteur ? getComputedStyle(porteur, pseudo) : null;
      return style !== null && style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) > 0;
    }),
  );
  if (!dessine) return `no focus is drawn on ${nom}`;
  const zones = element.getClientRects();
  const points = Array.from(zones).flatMap(({ left, right, top, bottom }) => [
    [(left + right) / 2, (top + bottom) / 2],
    [left + 3, top + 3],
    [left + 3, bottom - 3],
  ]);
  const visible = points.some(([x = -1, y = -1]) => {
    const dessus = document.elementFromPoint(x, y);
    return (
      dessus !== null &&
      dessinent.some((porteur) => porteur !== null && (porteur.contains(dessus) || dessus.contains(porteur)))
    );
  });
  return visible ? null : `the focus is hidden or out of the window: ${nom}`;
}

/**
 * A visitor without a mouse. Nothing is pressed but keys, what has the focus is always in sight, and going on with Tab
 * always leads somewhere else.
 */
export class Clavier {
  constructor(private readonly page: Page) {}

  /** Goes on with Tab until something has the focus; `sens` goes back with Shift+Tab. */
  async aller(but: Locator, sens: "avant" | "arriere" = "avant"): Promise<void> {
    await expect(but).toBeVisible();
    const plafond = 400;
    let immobile = 0;
    let dernier = "";
    for (let pas = 0; pas < plafond; pas += 1) {
      if (await but.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press(sens === "avant" ? "Tab" : "Shift+Tab");
      await expect
        .poll(() => this.page.evaluate(cacheDuFocus), { message: "the focus can be seen", timeout: 10_000 })
        .toBeNull();
      const ici = await this.page.evaluate(marquer);
      immobile = ici === dernier ? immobile + 1 : 0;
      dernier = ici;
      expect(immobile, `the focus is caught on ${ici}`).toBeLessThan(3);
    }
    expect(false, `${but} is not reached in ${plafond} steps`).toBe(true);
  }

  /** Reaches something and activates it. */
  async activer(but: Locator, touche: "Enter" | "Space" = "Enter"): Promise<void> {
    await this.aller(but);
    await this.page.keyboard.press(touche);
  }

  /** Reaches a field and replaces what it holds. */
  async saisir(champ: Locator, texte: string): Promise<void> {
    await this.aller(champ);
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.type(texte);
    await expect(champ).toHaveValue(texte);
  }
}

/** A name for what has the focus, the same each time it is met. */
function marquer(): string {
  const element = document.activeElement;
  if (!element || element === document.body) return "the page";
  const rang = Array.from(document.querySelectorAll("*")).indexOf(element);
  return `${rang} ${element.outerHTML.slice(0, 120)}`;
}
