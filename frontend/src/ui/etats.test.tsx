import { useQuery } from "@tanstack/react-query";
import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { NetworkError, toApiError } from "../api/problem";
import { fautesAxe, rendre } from "../testing/rendu";
import { EmptyState } from "./EmptyState";
import { ErrorState, phraseErreur } from "./ErrorState";
import { ErrorSummary } from "./ErrorSummary";
import { useMessages, ZoneMessages } from "./Messages";
import { AutresHabilitations, NotFound } from "./NotFound";
import { TitrePage } from "./Page";
import { Requete } from "./Requete";
import { phraseSauvegarde, SaveStatus } from "./SaveStatus";
import { Skeleton } from "./Skeleton";
import { StatutBadge } from "./StatutBadge";

const problem = (status: number, detail = "Détail du refus.") =>
  toApiError(status, { detail, code: "X", request_id: "7f3a" }, new Headers());

describe("Skeleton", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  test("says nothing for 300 ms, then that it loads", () => {
    rendre(<Skeleton libelle="Chargement de la liste" />);
    expect(screen.queryByText(/Chargement/)).toBeNull();
    act(() => void vi.advanceTimersByTime(301));
    expect(screen.getByText("Chargement de la liste…")).toBeTruthy();
  });
});

describe("ErrorState", () => {
  test("a refusal speaks with the server's words, an incident with ours, a cut network says so", () => {
    expect(phraseErreur(problem(409))).toBe("Détail du refus.");
    expect(phraseErreur(problem(500, "secret"))).not.toContain("secret");
    expect(phraseErreur(new NetworkError(null))).toContain("connexion");
    expect(phraseErreur(new Error("x is undefined"))).not.toContain("undefined");
  });
  test("gives the reference and the way to try again", async () => {
    const retry = vi.fn();
    const { container } = rendre(<ErrorState erreur={problem(500)} onReessayer={retry} />);
    expect(screen.getByText("7f3a")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Réessayer" }));
    expect(retry).toHaveBeenCalledOnce();
    expect(await fautesAxe(container)).toEqual([]);
  });
});

function Lecture({ lire, bloc = false }: { lire: () => Promise<string>; bloc?: boolean }) {
  const requete = useQuery({ queryKey: ["x"], queryFn: lire });
  return (
    <Requete requete={requete} bloc={bloc}>
      {(data) => <p>{data}</p>}
    </Requete>
  );
}

describe("Requete", () => {
  test("data", async () => {
    rendre(<Lecture lire={async () => "contenu"} />);
    expect(await screen.findByText("contenu")).toBeTruthy();
  });
  test.each([403, 404])("%i is the one page for unknown and forbidden", async (status) => {
    rendre(<Lecture lire={() => Promise.reject(problem(status))} />);
    expect(await screen.findByRole("heading", { name: "Page introuvable" })).toBeTruthy();
  });
  test("a block that fails alone keeps the page", async () => {
    rendre(<Lecture bloc lire={() => Promise.reject(problem(404))} />);
    expect(await screen.findByRole("alert")).toBeTruthy();
    expect(screen.queryByRole("heading", { name: "Page introuvable" })).toBeNull();
  });
  test("trying again after a failure shows the data", async () => {
    const read = vi.fn().mockRejectedValueOnce(problem(500)).mockResolvedValue("contenu");
    rendre(<Lecture lire={read} />);
    await userEvent.click(await screen.findByRole("button", { name: "Réessayer" }));
    expect(await screen.findByText("contenu")).toBeTruthy();
  });
});

test("NotFound offers the other habilitations, and says when the change fails", async () => {
  const change = vi.fn().mockRejectedValue(problem(409));
  const { container } = rendre(
    <AutresHabilitations.Provider
      value={{ autres: [{ id: 2, libelle: "Mon Logis" }], changer: change, accueil: "/conventions" }}
    >
      <NotFound reference="7f3a" />
    </AutresHabilitations.Provider>,
  );
  await userEvent.click(screen.getByRole("button", { name: "Mon Logis" }));
  expect(change).toHaveBeenCalledWith(2);
  expect(await screen.findByText(/Détail du refus/)).toBeTruthy();
  expect(await fautesAxe(container)).toEqual([]);
});

describe("ErrorSummary", () => {
  const points = [{ message: "Le nom est obligatoire", champ: "nom" }, { message: "Le service refuse" }];
  test("takes the focus at each refused save, links to the field, marks the tab", async () => {
    const view = (sent: number) => (
      <>
        <ErrorSummary points={points} envoi={sent} />
        <input id="nom" aria-label="Nom" />
      </>
    );
    document.title = "Étape — APiLos";
    const { container } = rendre(view(1));
    expect(document.activeElement?.textContent).toContain("2 points à corriger");
    expect(document.title).toBe("Erreur : Étape — APiLos");
    await userEvent.click(screen.getByRole("link", { name: "Le nom est obligatoire" }));
    expect(document.activeElement).toBe(screen.getByLabelText("Nom"));
    expect(screen.queryByRole("link", { name: "Le service refuse" })).toBeNull();
    expect(await fautesAxe(container)).toEqual([]);
  });
  test("nothing to correct, nothing shown", () => {
    rendre(<ErrorSummary points={[]} envoi={1} />);
    expect(screen.queryByRole("region")).toBeNull();
  });
});

describe("SaveStatus", () => {
  test.each([
    [{ etat: "modifie" } as const, "Modifications non gardées"],
    [{ etat: "enregistrement" } as const, "Enregistrement…"],
    [{ etat: "brouillon", le: "2026-03-12T13:32:00Z" } as const, "Brouillon gardé à 14\u00a0h\u00a032"],
    [{ etat: "enregistre", le: "2026-03-12T13:33:00Z" } as const, "Étape enregistrée à 14\u00a0h\u00a033"],
  ])("%o", (state, text) => expect(phraseSauvegarde(state)).toBe(text));
  test("a failure is said at once, with what to do", async () => {
    const retry = vi.fn();
    rendre(
      <SaveStatus
        sauvegarde={{ etat: "echec", depuis: "2026-03-12T13:30:00Z", cause: "réseau" }}
        onReessayer={retry}
        onCopier={() => undefined}
      />,
    );
    expect(screen.getByRole("alert").textContent).toContain("restent sur cet appareil");
    await userEvent.click(screen.getByRole("button", { name: "Réessayer" }));
    expect(retry).toHaveBeenCalledOnce();
    expect(screen.getByRole("button", { name: "Copier mes saisies" })).toBeTruthy();
  });
});

test("TitrePage names the tab and takes the focus when the page changes, not at first load", async () => {
  const { naviguer } = rendre(<TitrePage titre="Les Tilleuls" onglet="Opération 1" />, { chemin: "/a" });
  expect(document.title).toBe("Opération 1 — APiLos");
  expect(document.activeElement).toBe(document.body);
  await act(() => naviguer("/b"));
  expect(document.activeElement).toBe(screen.getByRole("heading", { level: 1 }));
});

test("Messages: shown, announced, closable", async () => {
  function Bouton() {
    const { afficher } = useMessages();
    return (
      <button type="button" onClick={() => afficher({ severite: "success", titre: "Étape enregistrée" })}>
        Go
      </button>
    );
  }
  rendre(
    <>
      <ZoneMessages />
      <Bouton />
    </>,
  );
  await userEvent.click(screen.getByRole("button", { name: "Go" }));
  expect(screen.getByRole("status").textContent).toBe("Étape enregistrée");
  await userEvent.click(screen.getByRole("button", { name: "Masquer le message" }));
  expect(screen.queryByRole("button", { name: "Masquer le message" })).toBeNull();
});

test("EmptyState and StatutBadge have no accessibility fault", async () => {
  const { container } = rendre(
    <>
      <h1>Page</h1>
      <EmptyState titre="Rien à faire" actions={<a href="/x">Voir</a>}>
        <p>Texte</p>
      </EmptyState>
      <StatutBadge statut="SIGNEE" libelle="Finalisée" complement="Résiliation programmée" />
    </>,
  );
  expect(screen.getByText("Résiliation programmée")).toBeTruthy();
  expect(await fautesAxe(container)).toEqual([]);
});

describe("a message follows the redirections of its command, and no page opened later", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  function Banc() {
    const { afficher, changementDePage } = useMessages();
    return (
      <>
        <ZoneMessages />
        <button type="button" onClick={() => afficher({ severite: "info", titre: "Convention créée" })}>
          Créer
        </button>
        <button type="button" onClick={changementDePage}>
          Page
        </button>
      </>
    );
  }
  const shown = () => screen.queryByRole("button", { name: "Masquer le message" }) !== null;
  test("two redirections at once, then a page a minute later", () => {
    rendre(<Banc />);
    act(() => screen.getByRole("button", { name: "Créer" }).click());
    act(() => screen.getByRole("button", { name: "Page" }).click());
    act(() => screen.getByRole("button", { name: "Page" }).click());
    expect(shown()).toBe(true);
    act(() => void vi.advanceTimersByTime(60_000));
    act(() => screen.getByRole("button", { name: "Page" }).click());
    expect(shown()).toBe(false);
  });
});
