/** Renders a component with what every page has around it: router, cache, live regions, messages. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type RenderResult, render } from "@testing-library/react";
import axe from "axe-core";
import type { ReactNode } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { Annonces } from "../ui/Annonces";
import { Messages } from "../ui/Messages";
import { SuiviDuFocus } from "../ui/Page";

type Options = { chemin?: string; route?: string };

export function rendre(
  element: ReactNode,
  { chemin = "/", route = "*" }: Options = {},
): RenderResult & { naviguer: (to: string) => Promise<void> } {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } });
  const router = createMemoryRouter([{ path: route, element }], { initialEntries: [chemin] });
  const result = render(
    <QueryClientProvider client={queries}>
      <Annonces>
        <SuiviDuFocus>
          <Messages>
            <RouterProvider router={router} />
          </Messages>
        </SuiviDuFocus>
      </Annonces>
    </QueryClientProvider>,
  );
  return { ...result, naviguer: (to) => router.navigate(to) };
}

/** Accessibility faults found by axe in what is rendered; colours are checked in a real browser, not here. */
export async function fautesAxe(container: Element): Promise<string[]> {
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
}

/** Makes `matchMedia` answer for a screen of this width, in pixels (1em = 16px). */
export function largeurEcran(width: number): void {
  window.matchMedia = ((query: string) => {
    const min = /min-width:\s*([\d.]+)em/.exec(query)?.[1];
    const max = /max-width:\s*([\d.]+)em/.exec(query)?.[1];
    const matches =
      (min === undefined || width >= Number(min) * 16) && (max === undefined || width <= Number(max) * 16);
    return {
      matches,
      media: query,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    } as unknown as MediaQueryList;
  }) as typeof window.matchMedia;
}
