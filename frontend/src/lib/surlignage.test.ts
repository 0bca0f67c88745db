import { expect, test } from "vitest";
import { surligner } from "./surlignage";

const marked = (text: string, search: string) =>
  surligner(text, search)
    .map((part) => (part.trouve ? `[${part.texte}]` : part.texte))
    .join("");

test("marks whatever the accents and the case, with the letters of the source", () => {
  expect(marked("Évry-Courcouronnes", "evry")).toBe("[Évry]-Courcouronnes");
  expect(marked("Résidence BEL-AIR", "bel résidence")).toBe("[Résidence] [BEL]-AIR");
});
test("never loses a character, and ignores short terms", () => {
  expect(marked("L’Haÿ-les-Roses", "ha")).toBe("L’Haÿ-les-Roses");
  expect(
    surligner("Œuvre 🏠 n° 10000", "10000")
      .map((part) => part.texte)
      .join(""),
  ).toBe("Œuvre 🏠 n° 10000");
  expect(surligner("", "abc")).toEqual([]);
});
test("text that looks like markup stays text", () => {
  expect(marked("<img src=x>", "img")).toBe("<[img] src=x>");
});
