import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, expect, test } from "vitest";
import { fautesAxe, largeurEcran, rendre } from "../testing/rendu";
import { CommentPanel } from "./CommentPanel";
import { CompletenessMeter } from "./CompletenessMeter";
import { estServiParLeServeur, Lien, LienExterne } from "./Lien";
import { Timeline } from "./Timeline";

beforeEach(() => largeurEcran(1280));

test("CompletenessMeter: blocking points before advised ones, each a link", async () => {
  const point = (niveau: "B" | "C", libelle: string) => ({
    niveau,
    code: libelle,
    etape: "operation",
    etape_libelle: "Opération",
    libelle,
    lien: `/c#${libelle}`,
  });
  const { container } = rendre(
    <CompletenessMeter
      pourcentage={61.6}
      bloquants={1}
      conseilles={1}
      points={[point("C", "permis"), point("B", "adresse")]}
    />,
  );
  expect(screen.getAllByRole("link").map((link) => link.textContent)).toEqual(["adresse", "permis"]);
  expect(screen.getByRole("progressbar", { name: "Complétude" }).getAttribute("value")).toBe("62");
  expect(await fautesAxe(container)).toEqual([]);
});

test("CompletenessMeter: nothing left", () => {
  rendre(<CompletenessMeter pourcentage={100} />);
  expect(screen.getByText("Tout est renseigné.")).toBeTruthy();
});

test("Timeline: date in full beside the relative one", async () => {
  const { container } = rendre(
    <Timeline
      libelle="Historique"
      evenements={[{ id: "1", le: "2026-03-12T13:32:00Z", titre: "Soumise", auteur: "Mme Roy", fort: true }]}
    />,
  );
  expect(screen.getByText(/12 mars 2026 à 14/).getAttribute("datetime")).toBe("2026-03-12T13:32:00Z");
  expect(screen.getByText(/Mme Roy/)).toBeTruthy();
  expect(await fautesAxe(container)).toEqual([]);
});

function Fil() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Commenter
      </button>
      <CommentPanel
        titre="Commentaires : Adresse"
        ouvert={open}
        onFermer={() => setOpen(false)}
        pied={<textarea aria-label="Votre commentaire" />}
      >
        <p>Revoir l’adresse</p>
      </CommentPanel>
    </>
  );
}

test.each([1280, 375])("CommentPanel at %i px: focus goes in, Escape gives it back", async (width) => {
  largeurEcran(width);
  const { container } = rendre(<Fil />);
  const opener = screen.getByRole("button", { name: "Commenter" });
  await userEvent.click(opener);
  expect(document.activeElement).toBe(screen.getByRole("heading", { name: "Commentaires : Adresse" }));
  expect(document.documentElement.classList.contains("ap-feuille-ouverte")).toBe(width < 992);
  expect(await fautesAxe(container)).toEqual([]);
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByText("Revoir l’adresse")).toBeNull();
  expect(document.activeElement).toBe(opener);
  expect(document.documentElement.classList.contains("ap-feuille-ouverte")).toBe(false);
});

test("links: served addresses leave the application, the others stay in it", () => {
  for (const address of ["/accounts/cerbere-login?next=/", "/api/v1/x", "/__dev/mails", "/sante/pret"])
    expect(estServiParLeServeur(address)).toBe(true);
  for (const address of ["/conventions", "/accessibilite", "/operations/api"])
    expect(estServiParLeServeur(address)).toBe(false);
  rendre(
    <>
      <Lien to="/conventions">Liste</Lien>
      <LienExterne href="https://a.fr">Site</LienExterne>
    </>,
  );
  expect(screen.getByRole("link", { name: "Liste" }).getAttribute("href")).toBe("/conventions");
  const external = screen.getByRole("link", { name: /Site/ });
  expect(external.getAttribute("rel")).toContain("noopener");
  expect(external.getAttribute("title")).toBe("Site (nouvelle fenêtre)");
});
