import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { describe, expect, test } from "vitest";
import type { Commentaire } from "../../api/convention";
import { useSelection } from "./useSelection";

const comments = [
  { uuid: "c1", nom_objet: "programme", champ_objet: "nom" },
  { uuid: "c2", nom_objet: "programme", champ_objet: "ville" },
] as Commentaire[];

/** The hook on the page of a convention, reached at `address` from the list. */
async function reach(address: string) {
  let content: ReactNode = null;
  const router = createMemoryRouter(
    [
      { path: "/conventions", Component: () => null },
      { path: "/page", Component: () => content },
    ],
    { initialEntries: ["/conventions", address], initialIndex: 1 },
  );
  const wrapper = ({ children }: { children: ReactNode }) => {
    content = children;
    return <RouterProvider router={router} />;
  };
  const { result } = renderHook(() => useSelection(comments), { wrapper });
  await waitFor(() => expect(router.state.initialized).toBe(true));
  const here = () => router.state.location.pathname + router.state.location.search;
  const step = async (run: () => unknown) => {
    await act(async () => {
      await run();
    });
  };
  return { result, router, here, step };
}

describe("the open thread lives in the address", () => {
  test("opening a field adds one step; Back closes the panel", async () => {
    const { result, router, here, step } = await reach("/page?vue=instruction");
    await step(() => result.current.ouvrirChamp("programme__nom"));
    expect(here()).toBe("/page?vue=instruction&champ=programme__nom");
    expect(result.current.cible).toBe("programme__nom");
    await step(() => router.navigate(-1));
    expect(here()).toBe("/page?vue=instruction");
    expect(result.current.cible).toBeNull();
  });

  test("going from thread to thread adds no step", async () => {
    const { result, router, here, step } = await reach("/page");
    await step(() => result.current.ouvrirChamp("programme__nom"));
    await step(() => result.current.ouvrirCommentaire("c2"));
    expect(result.current).toMatchObject({ cible: "programme__ville", commentaire: "c2" });
    await step(() => router.navigate(-1));
    expect(here()).toBe("/page");
  });

  test("closing comes back to the page, with its other parameters", async () => {
    const { result, here, step } = await reach("/page?filtre=commentaires");
    await step(() => result.current.ouvrirCommentaire("c1"));
    await step(() => result.current.fermer());
    await waitFor(() => expect(here()).toBe("/page?filtre=commentaires"));
    expect(result.current.cible).toBeNull();
  });

  test("reached by a link to a comment: it is open, and Back closes it before it leaves the page", async () => {
    const { result, router, here, step } = await reach("/page?vue=instruction&commentaire=c2");
    await waitFor(() => expect(router.state.location.state).toEqual({ panneau: true }));
    await waitFor(() =>
      expect(result.current).toMatchObject({ cible: "programme__ville", commentaire: "c2", introuvable: false }),
    );
    await step(() => router.navigate(-1));
    expect(here()).toBe("/page?vue=instruction");
    await step(() => router.navigate(-1));
    expect(here()).toBe("/conventions");
  });

  test("a comment that is not here is told, and opens nothing", async () => {
    const { result } = await reach("/page?commentaire=inconnu");
    await waitFor(() => expect(result.current.introuvable).toBe(true));
    expect(result.current.cible).toBeNull();
  });
});
