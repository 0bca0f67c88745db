import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Session } from "../../api/dto";
import { jetons } from "../../api/jetons";
import { uneSession } from "../../testing/donnees";
import { fauxServeur } from "../../testing/fauxServeur";
import { fautesAxe, rendre } from "../../testing/rendu";
import { ContexteSession, type ContratSession } from "../session/contexte";
import { finDuDetournement } from "../session/detournement";
import { BandeauDetournement, minutesRestantes } from "./BandeauDetournement";

const detournement = (ms: number, mode: "lecture" | "complet" = "lecture"): Session["detournement"] => ({
  mode,
  par: "Aïda Soutien",
  motif: "Appel",
  expire_le: new Date(Date.now() + ms).toISOString(),
});

function monter(session: Session) {
  const contrat = { etat: { etat: "connecte", session } } as unknown as ContratSession;
  return rendre(
    <ContexteSession.Provider value={contrat}>
      <BandeauDetournement />
    </ContexteSession.Provider>,
  );
}

beforeEach(() => window.sessionStorage.clear());
afterEach(() => vi.useRealTimers());

test("nobody is acting: no banner", () => {
  const { container } = monter(uneSession());
  expect(container.querySelector(".ap-detournement")).toBeNull();
});

test("says who, how and for how long", async () => {
  const { container } = monter(uneSession({ detournement: detournement(42 * 60_000 - 1000) }));
  const banner = screen.getByRole("region", { name: /à la place d’une personne/ });
  expect(banner.textContent).toContain("Camille DURAND");
  expect(banner.textContent).toContain("sans pouvoir modifier");
  expect(banner.textContent).toMatch(/Encore 42\sminutes/);
  expect(await fautesAxe(container)).toEqual([]);
});

test("stopping comes back to oneself on the same page", async () => {
  const { demandes } = fauxServeur({
    "POST /auth/refresh": { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } },
    "DELETE /admin/detournements/courant": { statut: 204 },
  });
  const reload = vi.spyOn(window.location, "reload").mockImplementation(() => undefined);
  monter(uneSession({ detournement: detournement(600_000, "complet") }));
  await userEvent.click(screen.getByRole("button", { name: "Arrêter" }));
  // The store of this test file was never switched over: a token is asked first.
  await waitFor(() => expect(reload).toHaveBeenCalled());
  expect(demandes.at(-1)?.methode).toBe("DELETE");
  expect(jetons.detournement()).toBe(false);
  expect(finDuDetournement()).toContain("en votre nom");
  expect(finDuDetournement()).toBeNull();
});

test("the end of the hour comes by itself", () => {
  vi.useFakeTimers({ now: new Date("2026-03-01T09:00:00Z") });
  const reload = vi.spyOn(window.location, "reload").mockImplementation(() => undefined);
  reload.mockClear();
  monter(uneSession({ detournement: detournement(90_000) }));
  act(() => void vi.advanceTimersByTime(89_000));
  expect(reload).not.toHaveBeenCalled();
  act(() => void vi.advanceTimersByTime(2_000));
  expect(reload).toHaveBeenCalledTimes(1);
});

test.each([
  ["2026-03-01T10:00:00Z", 60],
  ["2026-03-01T09:00:01Z", 1],
  ["2026-03-01T08:59:00Z", 0],
])("minutes left until %s", (end, minutes) => {
  expect(minutesRestantes(end, new Date("2026-03-01T09:00:00Z").getTime())).toBe(minutes);
});
