import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError, NetworkError } from "../../api/problem";
import type { EtatSauvegarde } from "../../ui/SaveStatus";
import { causeEchec, creerGarde, type Depot } from "./garde";

const depot = (valeurs: Depot["valeurs"]): Depot => ({ valeurs, base: 4, champ: "nom" });
const refus = (status: number) => new ApiError(status, {}, new Headers());

/** Lets the promises of the guard settle, without any timer. */
const souffler = () => vi.advanceTimersByTimeAsync(0);

function monter(envoyer: (d: Depot) => Promise<void> = async () => undefined) {
  const etats: EtatSauvegarde["etat"][] = [];
  const deps = {
    ecrireLocal: vi.fn(async (_: Depot, _envoye: boolean) => undefined),
    effacerLocal: vi.fn(async () => undefined),
    envoyer: vi.fn(envoyer),
    effacerDistant: vi.fn(async () => undefined),
  };
  const garde = creerGarde({ ...deps, onEtat: ({ etat }) => void etats.push(etat) });
  return { garde, etats, ...deps };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("what is typed", () => {
  test("is on the device at once and on the server within two seconds, even while typing goes on", async () => {
    const { garde, envoyer, ecrireLocal } = monter();
    for (const text of ["L", "Le", "Les"]) {
      garde.noter(depot({ nom: text }));
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(ecrireLocal).toHaveBeenCalledTimes(4); // three typings, then the receipt
    expect(envoyer).toHaveBeenCalledTimes(1);
    expect(envoyer.mock.calls[0]?.[0].valeurs).toEqual({ nom: "Les" });
    expect(ecrireLocal.mock.calls.at(-1)?.[1]).toBe(true);
  });

  test("is told from « non gardées » to « gardé »", async () => {
    const { garde, etats } = monter();
    garde.noter(depot({ nom: "A" }));
    await vi.advanceTimersByTimeAsync(1500);
    expect(etats).toEqual(["modifie", "enregistrement", "brouillon"]);
  });

  test("typed during a request is sent after it, never at the same time", async () => {
    let finir: () => void = () => undefined;
    const { garde, envoyer } = monter(
      () =>
        new Promise((resolve) => {
          finir = resolve;
        }),
    );
    garde.noter(depot({ nom: "A" }));
    await vi.advanceTimersByTimeAsync(1200);
    garde.noter(depot({ nom: "AB" }));
    await vi.advanceTimersByTimeAsync(5000);
    expect(envoyer).toHaveBeenCalledTimes(1);
    finir();
    await vi.advanceTimersByTimeAsync(1200);
    expect(envoyer).toHaveBeenCalledTimes(2);
    expect(envoyer.mock.calls[1]?.[0].valeurs).toEqual({ nom: "AB" });
  });

  test("undone completely erases both copies", async () => {
    const { garde, envoyer, effacerDistant, effacerLocal } = monter();
    garde.noter(depot({}));
    await vi.advanceTimersByTimeAsync(1500);
    expect(envoyer).not.toHaveBeenCalled();
    expect(effacerDistant).toHaveBeenCalledTimes(1);
    expect(effacerLocal).toHaveBeenCalled();
  });
});

describe("a failure", () => {
  test("is tried again after 1, 2, 4… seconds, and what was typed last is what leaves", async () => {
    let up = false;
    const { garde, envoyer, etats } = monter(async () => {
      if (!up) throw new NetworkError(new Error("cut"));
    });
    garde.noter(depot({ nom: "A" }));
    await vi.advanceTimersByTimeAsync(1200);
    expect(etats.at(-1)).toBe("echec");
    await vi.advanceTimersByTimeAsync(1000);
    expect(envoyer).toHaveBeenCalledTimes(2);
    garde.noter(depot({ nom: "AB" }));
    expect(etats.at(-1)).toBe("echec");
    await vi.advanceTimersByTimeAsync(1999);
    expect(envoyer).toHaveBeenCalledTimes(2);
    up = true;
    await vi.advanceTimersByTimeAsync(1);
    expect(envoyer.mock.calls[2]?.[0].valeurs).toEqual({ nom: "AB" });
    expect(etats.at(-1)).toBe("brouillon");
  });

  test("that another try cannot change is not tried again by itself", async () => {
    const { garde, envoyer } = monter(async () => {
      throw refus(403);
    });
    garde.noter(depot({ nom: "A" }));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(envoyer).toHaveBeenCalledTimes(1);
    await garde.forcer();
    expect(envoyer).toHaveBeenCalledTimes(2);
  });

  test("has its cause in words", () => {
    expect([new NetworkError(null), refus(401), refus(403), refus(413), refus(503)].map(causeEchec)).toEqual([
      "réseau",
      "session terminée",
      "étape fermée à la modification",
      "saisies trop longues",
      "service indisponible",
    ]);
  });
});

describe("the save of the step", () => {
  test("waits for the draft under way, holds the next one, and leaves nothing of what it saved", async () => {
    let finir: () => void = () => undefined;
    const { garde, envoyer, effacerLocal, etats } = monter(
      () =>
        new Promise((resolve) => {
          finir = resolve;
        }),
    );
    garde.noter(depot({ nom: "A" }));
    await vi.advanceTimersByTimeAsync(1200);
    let held = false;
    const waiting = garde.suspendre().then(() => {
      held = true;
    });
    await souffler();
    expect(held).toBe(false);
    finir();
    await waiting;
    garde.noter(depot({ nom: "AB" }));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(envoyer).toHaveBeenCalledTimes(1);
    garde.enregistre({ etat: "enregistre", le: "2026-03-12T13:33:00Z" }, depot({}));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(envoyer).toHaveBeenCalledTimes(1);
    expect(effacerLocal).toHaveBeenCalled();
    expect(etats.at(-1)).toBe("enregistre");
  });

  test("of one field keeps a draft of the others", async () => {
    const { garde, envoyer } = monter();
    await garde.suspendre();
    garde.enregistre({ etat: "enregistre", le: "2026-03-12T13:33:00Z" }, depot({ ville: "Couzeix" }));
    await vi.advanceTimersByTimeAsync(1200);
    expect(envoyer.mock.calls[0]?.[0].valeurs).toEqual({ ville: "Couzeix" });
  });

  test("refused, lets drafts go on", async () => {
    const { garde, envoyer } = monter();
    await garde.suspendre();
    garde.noter(depot({ nom: "A" }));
    garde.reprendre();
    await vi.advanceTimersByTimeAsync(1200);
    expect(envoyer).toHaveBeenCalledTimes(1);
  });
});

describe("leaving", () => {
  test("is safe once the device has the copy, whatever the server does", async () => {
    const { garde } = monter(async () => {
      throw refus(503);
    });
    garde.noter(depot({ nom: "A" }));
    expect(garde.enSurete()).toBe(false);
    await souffler();
    expect(garde.enSurete()).toBe(true);
  });

  test("is not when neither the device nor the server could keep it", async () => {
    const { garde, ecrireLocal } = monter(async () => {
      throw refus(503);
    });
    ecrireLocal.mockRejectedValue(new Error("disk full"));
    garde.noter(depot({ nom: "A" }));
    await vi.advanceTimersByTimeAsync(1500);
    expect(garde.enSurete()).toBe(false);
  });

  test("sends what waits, and says nothing more", async () => {
    const { garde, envoyer, etats } = monter();
    garde.noter(depot({ nom: "A" }));
    garde.arreter();
    await vi.advanceTimersByTimeAsync(5000);
    expect(envoyer).toHaveBeenCalledTimes(1);
    expect(etats).toEqual(["modifie", "enregistrement"]);
  });
});
