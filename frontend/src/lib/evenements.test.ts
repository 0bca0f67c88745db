import { describe, expect, test } from "vitest";
import { type Evenement, lecteurEvenements } from "./evenements";

const FLUX =
  ': \n\nevent: pret\nid: 12\ndata: {"rejoue":true}\n\nevent: changement\r\nid: 13\r\ndata: {"uuid":"é"}\r\n\r\ndata: a\ndata:b\n\nevent: vide\n\n';
const ATTENDUS: Evenement[] = [
  { nom: "pret", id: "12", donnees: '{"rejoue":true}' },
  { nom: "changement", id: "13", donnees: '{"uuid":"é"}' },
  { nom: "message", id: null, donnees: "a\nb" },
];

describe("lecteurEvenements", () => {
  test("every place where the network may cut gives the same events", () => {
    for (let coupe = 0; coupe <= FLUX.length; coupe += 1) {
      const lire = lecteurEvenements();
      expect([...lire(FLUX.slice(0, coupe)), ...lire(FLUX.slice(coupe))], `cut at ${coupe}`).toEqual(ATTENDUS);
    }
  });
  test("one character at a time", () => {
    const lire = lecteurEvenements();
    expect([...FLUX].flatMap((c) => lire(c))).toEqual(ATTENDUS);
  });
  test("an event that is not finished is not told", () => {
    expect(lecteurEvenements()("event: changement\ndata: {}\n")).toEqual([]);
  });
});
