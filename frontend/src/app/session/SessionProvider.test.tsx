import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { jetons } from "../../api/jetons";
import { uneHabilitation, uneSession } from "../../testing/donnees";
import { fauxServeur } from "../../testing/fauxServeur";
import type { HabilitationDemandee } from "./adresse";
import { useContratSession } from "./contexte";
import { SessionProvider } from "./SessionProvider";

const JETON = { corps: { access_token: "t", expires_in: 300, token_type: "Bearer" } };

function Temoin() {
  const { etat, avis, changerHabilitation, seConnecter, seDeconnecter, reessayer } = useContratSession();
  return (
    <>
      <p data-testid="etat">{etat.etat}</p>
      <p data-testid="nom">{etat.etat === "connecte" ? etat.session.habilitation?.entete : ""}</p>
      <p data-testid="avis">{avis}</p>
      <button type="button" onClick={() => void changerHabilitation(102)}>
        Changer
      </button>
      <button type="button" onClick={() => seConnecter()}>
        Connecter
      </button>
      <button type="button" onClick={() => void seDeconnecter()}>
        Déconnecter
      </button>
      <button type="button" onClick={reessayer}>
        Réessayer
      </button>
    </>
  );
}

function monter(demande: HabilitationDemandee = { id: null, invalide: false }) {
  const queries = new QueryClient();
  queries.setQueryData(["conventions", "liste"], "lu sous l’ancienne habilitation");
  queries.setQueryData(["configuration"], "pour tous");
  render(
    <QueryClientProvider client={queries}>
      <SessionProvider demande={demande}>
        <Temoin />
      </SessionProvider>
    </QueryClientProvider>,
  );
  return queries;
}

const etat = () => screen.getByTestId("etat").textContent;

beforeEach(() => {
  jetons.clear();
  window.sessionStorage.clear();
  window.localStorage.clear();
  window.history.replaceState(null, "", "/conventions");
});

describe("start (05 C.3, C.4)", () => {
  test("a signed-in user gets his session without any click", async () => {
    const { demandes } = fauxServeur({ "POST /auth/refresh": JETON, "GET /session": { corps: uneSession() } });
    monter();
    await waitFor(() => expect(etat()).toBe("connecte"));
    expect(demandes[0]?.entetes.get("X-Requested-With")).toBe("fetch");
    expect(demandes[1]?.entetes.get("Authorization")).toBe("Bearer t");
  });
  test("nobody on a private page: one question, then anonymous", async () => {
    const { demandes } = fauxServeur({ "POST /auth/refresh": { statut: 401 } });
    monter();
    await waitFor(() => expect(etat()).toBe("anonyme"));
    expect(demandes).toHaveLength(1);
  });
  test("nobody on a public page: no question at all", async () => {
    window.history.replaceState(null, "", "/accessibilite");
    const { demandes } = fauxServeur({});
    monter();
    await waitFor(() => expect(etat()).toBe("anonyme"));
    expect(demandes).toHaveLength(0);
  });
  test("the habilitation of the link is taken before the session is read", async () => {
    const { demandes } = fauxServeur({
      "POST /auth/refresh": JETON,
      "PUT /session/habilitation": { corps: uneSession() },
      "GET /session": { corps: uneSession() },
    });
    monter({ id: 102, invalide: false });
    await waitFor(() => expect(etat()).toBe("connecte"));
    expect(demandes.map(({ methode, chemin, corps }) => [methode, chemin, corps])).toEqual([
      ["POST", "/auth/refresh", {}],
      ["PUT", "/session/habilitation", { habilitation_id: 102 }],
      ["POST", "/auth/refresh", { habilitation_id: 102 }],
      ["GET", "/session", null],
    ]);
  });
  test.each([
    { id: 999, invalide: false },
    { id: null, invalide: true },
  ])("an unusable habilitation (%o) keeps the current one and says so", async (demande) => {
    fauxServeur({
      "POST /auth/refresh": JETON,
      "PUT /session/habilitation": { statut: 403, corps: { code: "HABILITATION_INVALIDE" } },
      "GET /session": { corps: uneSession() },
    });
    monter(demande);
    await waitFor(() => expect(etat()).toBe("connecte"));
    expect(screen.getByTestId("avis").textContent).toContain("Vous gardez votre habilitation actuelle");
  });
  test("a server that fails is not a sign-out: it can be tried again", async () => {
    let calls = 0;
    fauxServeur({
      "POST /auth/refresh": () => {
        calls += 1;
        return calls === 1 ? { statut: 503 } : JETON;
      },
      "GET /session": { corps: uneSession() },
    });
    monter();
    await waitFor(() => expect(etat()).toBe("panne"));
    await userEvent.click(screen.getByRole("button", { name: "Réessayer" }));
    await waitFor(() => expect(etat()).toBe("connecte"));
  });
});

test("changing habilitation forgets everything read under the former one", async () => {
  fauxServeur({
    "POST /auth/refresh": JETON,
    "PUT /session/habilitation": { corps: {} },
    "GET /session": () => ({
      corps:
        jetons.habilitation() === 102
          ? uneSession({ habilitation: { ...uneHabilitation, id: 102, entete: "Maître d’ouvrage" } })
          : uneSession(),
    }),
  });
  const queries = monter();
  await waitFor(() => expect(etat()).toBe("connecte"));
  await userEvent.click(screen.getByRole("button", { name: "Changer" }));
  await waitFor(() => expect(screen.getByTestId("nom").textContent).toBe("Maître d’ouvrage"));
  expect(queries.getQueryData(["conventions", "liste"])).toBeUndefined();
  expect(queries.getQueryData(["configuration"])).toBe("pour tous");
});

test("a visitor sent to the sign-in comes back to the same page with the habilitation of the link", async () => {
  fauxServeur({ "POST /auth/refresh": { statut: 401 } });
  window.history.replaceState(null, "", "/operations/1?x=y");
  const assign = vi.spyOn(window.location, "assign").mockImplementation(() => undefined);
  monter({ id: 102, invalide: false });
  await waitFor(() => expect(etat()).toBe("anonyme"));
  await userEvent.click(screen.getByRole("button", { name: "Connecter" }));
  expect(assign).toHaveBeenCalledWith(
    `/accounts/cerbere-login?next=${encodeURIComponent("/operations/1?x=y&habilitation_id=102")}`,
  );
});

test("sign-out erases the traces of the tab, then leaves", async () => {
  fauxServeur({
    "POST /auth/refresh": JETON,
    "GET /session": { corps: uneSession() },
    "POST /auth/logout": { corps: { redirect: "/deconnexion" } },
  });
  const assign = vi.spyOn(window.location, "assign").mockImplementation(() => undefined);
  monter();
  await waitFor(() => expect(etat()).toBe("connecte"));
  await jetons.refresh(102);
  await userEvent.click(screen.getByRole("button", { name: "Déconnecter" }));
  await waitFor(() => expect(assign).toHaveBeenCalledWith("/deconnexion"));
  expect(jetons.habilitation()).toBeNull();
});
