import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { jetons } from "./jetons";
import { DELAI_DE_LECTURE, useLecture } from "./lectures";

function Page({ version, pret = true }: { version: number; pret?: boolean }) {
  useLecture("u", version, pret);
  return null;
}

const sent: string[] = [];
let visible: DocumentVisibilityState = "visible";

beforeEach(() => {
  sent.length = 0;
  visible = "visible";
  vi.useFakeTimers();
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => visible);
  vi.spyOn(jetons, "get").mockResolvedValue("jeton");
  vi.spyOn(window, "fetch").mockImplementation(async (input) => {
    const request = input as Request;
    sent.push(`${request.method} ${new URL(request.url).pathname} ${request.headers.get("If-Match")}`);
    return new Response(null, { status: 204 });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const passer = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

describe("marking a file as read", () => {
  test("after some seconds in sight, once for a version", async () => {
    const queries = new QueryClient();
    const page = (version: number, pret = true) => (
      <QueryClientProvider client={queries}>
        <Page version={version} pret={pret} />
      </QueryClientProvider>
    );
    const { rerender } = render(page(3, false));
    await passer(DELAI_DE_LECTURE * 2);
    expect(sent).toEqual([]);
    rerender(page(3));
    await passer(DELAI_DE_LECTURE - 1);
    expect(sent).toEqual([]);
    await passer(1);
    expect(sent).toEqual(['PUT /api/v1/moi/lectures/u "3"']);
    rerender(page(3));
    await passer(DELAI_DE_LECTURE * 2);
    expect(sent).toHaveLength(1);
    rerender(page(4));
    await passer(DELAI_DE_LECTURE);
    expect(sent[1]).toBe('PUT /api/v1/moi/lectures/u "4"');
  });

  test("a page that is not looked at is not read", async () => {
    visible = "hidden";
    render(
      <QueryClientProvider client={new QueryClient()}>
        <Page version={3} />
      </QueryClientProvider>,
    );
    await passer(DELAI_DE_LECTURE * 3);
    expect(sent).toEqual([]);
    visible = "visible";
    document.dispatchEvent(new Event("visibilitychange"));
    await passer(DELAI_DE_LECTURE);
    expect(sent).toHaveLength(1);
  });
});
