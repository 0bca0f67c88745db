import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { largeurEcran, rendre } from "../testing/rendu";
import { ConfirmDialog } from "./ConfirmDialog";

beforeEach(() => largeurEcran(1280));
afterEach(() => vi.restoreAllMocks());

const bouton = () => document.querySelector<HTMLButtonElement>(".fr-modal__footer .fr-btn:not(.fr-btn--secondary)");
const reseau = (online: boolean) => {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(online);
  act(() => void window.dispatchEvent(new Event(online ? "online" : "offline")));
};

function dialogue(sansEnvoi: boolean) {
  const confirmer = vi.fn();
  rendre(
    <ConfirmDialog
      ouvert
      titre="Soumettre"
      libelleConfirmer="Soumettre"
      sansEnvoi={sansEnvoi}
      onConfirmer={confirmer}
      onFermer={() => undefined}
    >
      <p>Le service sera prévenu.</p>
    </ConfirmDialog>,
  );
  return confirmer;
}

test("without network a command waits, says why, and goes when the network is back", () => {
  const confirmer = dialogue(false);
  reseau(false);
  expect(screen.getByText(/^Vous êtes hors connexion/)).toBeTruthy();
  expect(bouton()?.getAttribute("aria-disabled")).toBe("true");
  fireEvent.click(bouton() as HTMLElement);
  expect(confirmer).not.toHaveBeenCalled();
  reseau(true);
  expect(screen.queryByText(/^Vous êtes hors connexion/)).toBeNull();
  fireEvent.click(bouton() as HTMLElement);
  expect(confirmer).toHaveBeenCalledTimes(1);
});

test("what sends nothing is answered without network", () => {
  const confirmer = dialogue(true);
  reseau(false);
  fireEvent.click(bouton() as HTMLElement);
  expect(confirmer).toHaveBeenCalledTimes(1);
});
