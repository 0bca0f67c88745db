import { describe, expect, test } from "vitest";
import { type ChangementDirect, creerDirect, delai, type EtatDirect } from "./direct";

type Reponse = { statut?: number; entetes?: Record<string, string>; morceaux?: string[]; ouverte?: boolean } | "reseau";

const evenement = (nom: string, donnees: unknown, id?: string) =>
  `event: ${nom}\n${id ? `id: ${id}\n` : ""}data: ${JSON.stringify(donnees)}\n\n`;

/** A server that gives these answers one after the other, then refuses for good. */
function banc(reponses: Reponse[], silence = 60_000) {
  const demandes: Request[] = [];
  const changements: ChangementDirect[] = [];
  const etats: EtatDirect[] = [];
  const attentes: number[] = [];
  let relectures = 0;
  let finir: () => void = () => undefined;
  const fini = new Promise<void>((done) => {
    finir = done;
  });
  const direct = creerDirect({
    origine: "http://localhost",
    silence,
    hasard: () => 0.5,
    attendre: async (ms) => void attentes.push(ms),
    onChangement: (c) => void changements.push(c),
    onToutRelire: () => {
      relectures += 1;
    },
    onEtat: (etat) => {
      etats.push(etat);
      if (etat === "ferme") finir();
    },
    envoyer: async (request) => {
      demandes.push(request);
      const reponse = reponses.shift() ?? { statut: 404 };
      if (reponse === "reseau") throw new TypeError("network");
      const { statut = 200, entetes, morceaux = [], ouverte = false } = reponse;
      const encodeur = new TextEncoder();
      const corps = new ReadableStream<Uint8Array>({
        start(c) {
          for (const m of morceaux) c.enqueue(encodeur.encode(m));
          if (!ouverte) c.close();
          else request.signal.addEventListener("abort", () => c.error(new DOMException("", "AbortError")));
        },
      });
      return new Response(corps, { status: statut, headers: entetes });
    },
  });
  return { direct, demandes, changements, etats, attentes, fini, relectures: () => relectures };
}

const changement = { objet: "convention", uuid: "u1", version: 2, statut: "PROJET", rang: 7 };

describe("creerDirect", () => {
  test("tells changes whatever the cuts, and comes back from the last identifier", async () => {
    const texte = evenement("pret", { rejoue: false }, "10") + evenement("changement", changement, "11");
    const octets = [texte.slice(0, 5), texte.slice(5, 60), texte.slice(60)];
    const b = banc([{ morceaux: octets }, { morceaux: [evenement("pret", { rejoue: true }, "11")] }]);
    b.direct.demarrer();
    await b.fini;
    expect(b.changements).toEqual([changement]);
    expect(b.demandes.map((r) => r.headers.get("Last-Event-ID"))).toEqual([null, "11", "11"]);
    expect(b.relectures()).toBe(0);
    expect(b.attentes).toEqual([2000, 2000]);
  });
  test("a character cut between two pieces is whole", async () => {
    const octets = new TextEncoder().encode(evenement("changement", { ...changement, statut: "é" }));
    const coupe = octets.indexOf(0xc3) + 1;
    const lus: ChangementDirect[] = [];
    await new Promise<void>((done) => {
      let premiere = true;
      creerDirect({
        origine: "http://localhost",
        attendre: async () => undefined,
        onChangement: (c) => void lus.push(c),
        onToutRelire: () => undefined,
        onEtat: (etat) => etat === "ferme" && done(),
        envoyer: async () => {
          if (!premiere) return new Response(null, { status: 403 });
          premiere = false;
          return new Response(
            new ReadableStream({
              start(c) {
                c.enqueue(octets.slice(0, coupe));
                c.enqueue(octets.slice(coupe));
                c.close();
              },
            }),
          );
        },
      }).demarrer();
    });
    expect(lus[0]?.statut).toBe("é");
  });
  test("what could not be replayed is read again, and so is a change in bulk", async () => {
    const b = banc([
      { morceaux: [evenement("pret", { rejoue: false }, "1")] },
      { morceaux: [evenement("pret", { rejoue: false }, "9"), evenement("tout", {}, "9")] },
    ]);
    b.direct.demarrer();
    await b.fini;
    expect(b.relectures()).toBe(2);
  });
  test("waits longer and longer for a network that fails, and starts afresh once it was open", async () => {
    const b = banc(["reseau", "reseau", "reseau", { morceaux: [evenement("pret", {}, "1")] }, "reseau"]);
    b.direct.demarrer();
    await b.fini;
    expect(b.attentes).toEqual([1500, 3000, 6000, 2000, 1500]);
  });
  test.each([401, 403, 404])("%d is the end", async (statut) => {
    const b = banc([{ statut }, { morceaux: [evenement("changement", changement)] }]);
    b.direct.demarrer();
    await b.fini;
    expect([b.demandes.length, b.attentes]).toEqual([1, []]);
  });
  test("a full server is left alone as long as it says", async () => {
    const b = banc([{ statut: 503, entetes: { "Retry-After": "120" } }, { statut: 429 }]);
    b.direct.demarrer();
    await b.fini;
    expect(b.attentes).toEqual([180_000, 90_000]);
  });
  test("a page too many stays closed", async () => {
    const b = banc([{ morceaux: [evenement("pret", {}, "1"), evenement("fin", { motif: "limite" })] }, {}]);
    b.direct.demarrer();
    await b.fini;
    expect(b.demandes).toHaveLength(1);
  });
  test("a silent connection is given up", async () => {
    const b = banc([{ morceaux: [evenement("pret", {}, "1")], ouverte: true }], 20);
    b.direct.demarrer();
    await b.fini;
    expect(b.demandes).toHaveLength(2);
  });
  test("starting twice opens one stream; stopping closes it at once", async () => {
    const b = banc([{ morceaux: [evenement("pret", {}, "1")], ouverte: true }]);
    b.direct.demarrer();
    b.direct.demarrer();
    b.direct.arreter();
    await b.fini;
    expect(b.demandes).toHaveLength(1);
    expect(b.demandes[0]?.signal.aborted).toBe(true);
    expect(b.etats.at(-1)).toBe("ferme");
  });
  test("an end that was announced is followed by a short wait", () => {
    expect(delai({ motif: "jeton", ouvert: true }, 0, 0.5)).toBe(500);
    expect(delai({ motif: "arret", ouvert: true }, 0, 1)).toBe(3500);
    expect(delai({ motif: "indisponible", ouvert: true }, 0, 0.5)).toBe(60_000);
    expect(delai({ ouvert: false }, 40, 1)).toBe(30_000);
  });
});
