import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { describe, expect, test, vi } from "vitest";
import { contenuDe, DOUBLE_APPUI, useCommande, useIntention } from "./commande";

type Demande = { uuid: string; cle?: string };
type Envoi = { demande: Demande; repondre: (text: string) => void; refuser: (error: Error) => void };

/** A command whose answers the test gives, at the time that the test tells. */
function commande() {
  const envois: Envoi[] = [];
  let now = 1000;
  const queries = new QueryClient({ defaultOptions: { mutations: { retry: false } } });
  const { result } = renderHook(
    () =>
      useCommande<string, Error, Demande>(
        {
          mutationFn: (demande) =>
            new Promise((repondre, refuser) => {
              envois.push({ demande, repondre, refuser });
            }),
        },
        () => now,
      ),
    {
      wrapper: ({ children }: { children: ReactNode }) => (
        <QueryClientProvider client={queries}>{children}</QueryClientProvider>
      ),
    },
  );
  const envoi = async (rank: number) => {
    await waitFor(() => expect(envois.length).toBeGreaterThanOrEqual(rank));
    return envois[rank - 1] as Envoi;
  };
  return {
    result,
    envois,
    envoi,
    avancer: (ms: number) => {
      now += ms;
    },
  };
}

describe("a command pressed twice (ux §3, double action)", () => {
  test("leaves once, and what follows the answer of the first press happens, once", async () => {
    const { result, envois, envoi } = commande();
    const first = vi.fn();
    const second = vi.fn();
    result.current.mutate({ uuid: "a", cle: "k1" }, { onSuccess: first });
    // The page does not know yet that the first one runs.
    expect(result.current.isPending).toBe(false);
    result.current.mutate({ uuid: "a", cle: "k2" }, { onSuccess: second });
    (await envoi(1)).repondre("faite");
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    expect(envois).toHaveLength(1);
    expect(first).toHaveBeenCalledTimes(1);
    expect(second).not.toHaveBeenCalled();
  });

  test("leaves once too when the answer was quicker than the second press", async () => {
    const { result, envois, envoi, avancer } = commande();
    result.current.mutate({ uuid: "a" });
    (await envoi(1)).repondre("faite");
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    avancer(DOUBLE_APPUI - 1);
    result.current.mutate({ uuid: "a" });
    avancer(1);
    result.current.mutate({ uuid: "a" });
    await envoi(2);
    expect(envois).toHaveLength(2);
  });

  test("closed by the page, it may be asked for again at once", async () => {
    const { result, envois, envoi } = commande();
    result.current.mutate({ uuid: "a" });
    (await envoi(1)).repondre("faite");
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    result.current.reset();
    result.current.mutate({ uuid: "a" });
    await envoi(2);
    expect(envois).toHaveLength(2);
  });

  test("refused, it may be tried again at once", async () => {
    const { result, envois, envoi } = commande();
    result.current.mutate({ uuid: "a" });
    (await envoi(1)).refuser(new Error("refusée"));
    await waitFor(() => expect(result.current.isError).toBe(true));
    result.current.mutate({ uuid: "a" });
    await envoi(2);
    expect(envois).toHaveLength(2);
  });

  test("never holds back a command about something else", async () => {
    const { result, envois, envoi } = commande();
    result.current.mutate({ uuid: "a" });
    result.current.mutate({ uuid: "b" });
    await envoi(2);
    expect(envois.map(({ demande }) => demande.uuid)).toEqual(["a", "b"]);
  });

  test("the promise of a press that was held back calls nothing", async () => {
    const { result, envoi } = commande();
    const done = vi.fn();
    result.current.mutateAsync({ uuid: "a" }).then(done, done);
    result.current.mutateAsync({ uuid: "a" }).then(done, done);
    (await envoi(1)).repondre("faite");
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    expect(done.mock.calls).toEqual([["faite"]]);
  });
});

describe("the key of an intention (CC-10)", () => {
  test("is kept as long as the content is, renewed with it and once it is done", () => {
    const { result, rerender } = renderHook(() => useIntention());
    const first = result.current.cle({ nom: "A" });
    rerender();
    expect(result.current.cle({ nom: "A" })).toBe(first);
    const other = result.current.cle({ nom: "B" });
    expect(other).not.toBe(first);
    result.current.faite();
    expect(result.current.cle({ nom: "B" })).not.toBe(other);
  });
});

test("contenuDe tells two files apart and leaves the key out", () => {
  const file = (name: string) => new File(["x"], name, { lastModified: 1 });
  expect(contenuDe({ a: file("1.pdf"), cle: "k1" })).toBe(contenuDe({ a: file("1.pdf"), cle: "k2" }));
  expect(contenuDe({ a: file("1.pdf") })).not.toBe(contenuDe({ a: file("2.pdf") }));
  expect(contenuDe(undefined)).toBe("");
});
