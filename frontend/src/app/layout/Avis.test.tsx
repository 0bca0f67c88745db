import { screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type { Session } from "../../api/dto";
import { uneHabilitation, uneSession } from "../../testing/donnees";
import { fauxServeur } from "../../testing/fauxServeur";
import { rendre } from "../../testing/rendu";
import { ContexteSession, type ContratSession } from "../session/contexte";
import { Avis } from "./Avis";

function monter(session: Session | null, configuration: Record<string, unknown> = {}) {
  fauxServeur({
    "GET /configuration": {
      corps: { environnement: "production", simulateurs: false, utilisateur_simule: false, ...configuration },
    },
  });
  const etat = session ? { etat: "connecte", session } : { etat: "anonyme" };
  const contrat = { etat, avis: null, fin: "loin" } as unknown as ContratSession;
  rendre(
    <ContexteSession.Provider value={contrat}>
      <Avis />
    </ContexteSession.Provider>,
  );
}

const lecture = { ...uneHabilitation, lecture_seule: true };

beforeEach(() => window.sessionStorage.clear());

test("a simulated sign-in is said to everybody, signed in or not (05 C.1)", async () => {
  monter(null, { utilisateur_simule: true });
  expect(await screen.findByText(/Connexion simulée/)).toBeTruthy();
});

test("SIAP down at the sign-in: what is known is shown for reading, and said (05 C.4)", async () => {
  monter(
    uneSession({
      siap: { disponible: false, lu_le: "2026-03-01T09:00:00Z" },
      avertissements: [
        { code: "SIAP_INJOIGNABLE_LECTURE_SEULE", detail: "Le SIAP est injoignable, sans pouvoir modifier." },
      ],
    }),
  );
  expect(await screen.findByText(/sans pouvoir modifier/)).toBeTruthy();
  expect(screen.queryByText(/Vous pouvez continuer/)).toBeNull();
});

test("a read-only profile is told once; acting as somebody in reading, the red banner says it", async () => {
  monter(uneSession({ habilitation: lecture }));
  expect(await screen.findByText(/profil est en lecture seule/)).toBeTruthy();
});

test("no second notice under the red banner", async () => {
  const detournement = { mode: "lecture" as const, par: "A", motif: "Appel", expire_le: "2026-03-01T10:00:00Z" };
  monter(uneSession({ habilitation: lecture, detournement }), { environnement: "staging" });
  expect(await screen.findByText(/Environnement de recette/)).toBeTruthy();
  expect(screen.queryByText(/profil est en lecture seule/)).toBeNull();
});
