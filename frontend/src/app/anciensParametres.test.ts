import { expect, test } from "vitest";
import { traduireRecherche } from "./anciensParametres";

test.each([
  ["cstatut=2. Instruction requise&search_lieu=Troyes", "statut=INSTRUCTION&lieu=Troyes"],
  ["cstatut=1. Projet,4. A signer", "statut=PROJET&statut=A_SIGNER"],
  ["cstatut=1. Projet&cstatut=5. Signée", "statut=PROJET&statut=SIGNEE"],
  [
    "search_operation_nom=Les+Tilleuls&search_numero=1234&financement=PLUS",
    "q=Les+Tilleuls&numero=1234&financement=PLUS",
  ],
  ["cstatut=PROJET&page=2&inconnu=1", "statut=PROJET&page=2"],
  ["search_lieu=&cstatut=", "tri=-mis_a_jour_le"],
])("former search %s", (before, after) => expect(traduireRecherche(new URLSearchParams(before))).toBe(after));
