import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { fautesAxe, largeurEcran, rendre } from "../testing/rendu";
import { ActionBar } from "./ActionBar";

beforeEach(() => largeurEcran(1280));

test("an action without obstacle runs", async () => {
  const run = vi.fn();
  rendre(<ActionBar principale={{ code: "soumettre", libelle: "Soumettre au service", onActiver: run }} />);
  await userEvent.click(screen.getByRole("button", { name: "Soumettre au service" }));
  expect(run).toHaveBeenCalledOnce();
});

test("unmet preconditions: focusable, described, opens the list of what is missing instead of running", async () => {
  const run = vi.fn();
  const { container } = rendre(
    <ActionBar
      principale={{
        code: "soumettre",
        libelle: "Soumettre au service",
        onActiver: run,
        preconditions: [
          { code: "P1", detail: "Renseignez l’adresse", lien: "/conventions/u/etapes/operation#adresse" },
          { code: "P2", detail: "Ajoutez un logement" },
        ],
      }}
    />,
  );
  const button = screen.getByRole("button", { name: "Soumettre au service" });
  expect(button.getAttribute("aria-disabled")).toBe("true");
  expect(button.hasAttribute("disabled")).toBe(false);
  expect(document.getElementById(button.getAttribute("aria-describedby") ?? "")?.textContent).toContain("à compléter");
  button.focus();
  await userEvent.keyboard("{Enter}");
  expect(run).not.toHaveBeenCalled();
  expect(screen.getByRole("link", { name: "Renseignez l’adresse" }).getAttribute("href")).toBe(
    "/conventions/u/etapes/operation#adresse",
  );
  expect(document.activeElement?.textContent).toContain("attend 2");
  expect(await fautesAxe(container)).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Fermer la liste" }));
  expect(screen.queryByText("Ajoutez un logement")).toBeNull();
});

test("a busy action says its verb and does not run twice", async () => {
  const run = vi.fn();
  rendre(
    <ActionBar
      principale={{
        code: "s",
        libelle: "Soumettre au service",
        libelleOccupe: "Soumission…",
        occupe: true,
        onActiver: run,
      }}
    />,
  );
  await userEvent.click(screen.getByRole("button", { name: "Soumission…" }));
  expect(run).not.toHaveBeenCalled();
});

test("on a phone: one primary button and « Autres actions », closed by Escape", async () => {
  largeurEcran(375);
  const annuler = vi.fn();
  rendre(
    <ActionBar
      principale={{ code: "s", libelle: "Soumettre" }}
      autres={[
        { code: "a", libelle: "Annuler la convention", onActiver: annuler },
        { code: "b", libelle: "Relancer", lien: "/x" },
      ]}
    />,
  );
  expect(screen.queryByRole("button", { name: "Annuler la convention" })).toBeNull();
  const more = screen.getByRole("button", { name: "Autres actions" });
  await userEvent.click(more);
  expect(within(screen.getByRole("list")).getByRole("link", { name: "Relancer" })).toBeTruthy();
  await userEvent.keyboard("{Escape}");
  expect(more.getAttribute("aria-expanded")).toBe("false");
  expect(document.activeElement).toBe(more);
  await userEvent.click(more);
  await userEvent.click(screen.getByRole("button", { name: "Annuler la convention" }));
  expect(annuler).toHaveBeenCalledOnce();
  expect(more.getAttribute("aria-expanded")).toBe("false");
});

test("when the other side has the ball a sentence replaces the buttons", () => {
  rendre(<ActionBar phrase="Le service instructeur a la main depuis le 3 mars." />);
  expect(screen.getByText(/a la main/)).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});
