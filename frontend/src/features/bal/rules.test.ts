import { describe, expect, test } from "vitest";
import type { Comparaison, Controle, Rapport, Validation } from "./contrat";
import {
  bilanDe,
  celluleCsv,
  chiffreConfirme,
  communeDuFichier,
  controlesDe,
  estAccepte,
  gardeDe,
  lectureDuFichier,
  lectureEnMots,
  lignesEnMots,
  phraseBilan,
  phraseChangements,
  phrasePerteRefusee,
  pourcentage,
  rapportCsv,
  verdict,
} from "./rules";

/** Texts are compared with ordinary spaces: which no-break space is used belongs to lib/nombres. */
const plain = (text: string | undefined) => (text ?? "").replace(/[\u00a0\u202f]/g, " ");

const controle = (change: Partial<Controle> = {}): Controle => ({
  code: "numero.type_invalide",
  level: "E",
  label: "La valeur du champ numéro doit être un nombre entier",
  count: 3,
  firstLines: [12, 45, 46],
  ...change,
});

const rapport = (change: Partial<Rapport> = {}): Rapport => ({
  parseOk: true,
  encoding: "utf-8",
  delimiter: ";",
  linebreak: "\r\n",
  profile: "1.4",
  rowsCount: 8190,
  rowsInvalid: 0,
  valid: true,
  summary: [],
  ...change,
});

describe("verdict first, in words (ux 2.11)", () => {
  test("accepted, nothing to improve", () => {
    expect(plain(verdict(rapport()).titre)).toBe("Fichier accepté : 8 190 lignes, rien à améliorer.");
  });

  test("accepted with warnings: how many, and that no line is refused", () => {
    const found = verdict(rapport({ summary: [controle({ level: "W", count: 12 })] }));
    expect(found.severite).toBe("success");
    expect(plain(found.titre)).toBe("Fichier accepté : 8 190 lignes, 12 points à améliorer, aucune ligne refusée.");
  });

  test("refused: lines and rules of the whole file are told apart", () => {
    const whole = controle({ code: "file.encoding.non_standard", count: 1, firstLines: [] });
    const lines = verdict(rapport({ valid: false, rowsInvalid: 3, summary: [controle(), whole] }));
    expect(plain(lines.titre)).toBe(
      "Fichier refusé : 3 lignes à corriger sur 8 190, et 1 erreur porte sur le fichier entier.",
    );
    const alone = verdict(rapport({ valid: false, summary: [whole] }));
    expect(plain(alone.titre)).toBe("Fichier refusé : 1 erreur porte sur le fichier entier.");
  });

  test("4.4: the validation of the deposit wins over the report of the format", () => {
    const validation: Validation = { valid: false, errors: ["rows.delete_too_many_addresses"], rowsCount: 8190 };
    expect(estAccepte(rapport(), validation)).toBe(false);
    expect(verdict(rapport(), validation).severite).toBe("error");
  });

  test("an unreadable file tells why in plain words", () => {
    const found = verdict(
      rapport({
        parseOk: false,
        parseErrors: [
          {
            type: "FieldMismatch",
            code: "TooFewFields",
            message: "Too few fields: expected 19 fields but parsed 18",
            row: 11,
          },
        ],
      }),
    );
    expect(found.titre).toBe("Fichier illisible");
    expect(plain(found.detail)).toBe(
      "Le nombre de colonnes change à la ligne 13 : 18 au lieu de 19. Vérifiez les séparateurs et les guillemets de cette ligne.",
    );
  });
});

test.each([
  ["NonTextFile", /pas un fichier texte/],
  ["UnsupportedEncoding", /UTF-8/],
  ["UndetectableDelimiter", /séparateur/],
  ["MissingQuotes", /guillemet/],
  ["Inconnu", /CSV/],
])("10.3: the reading error %s says what to do", (code, sentence) => {
  expect(lectureEnMots({ type: "File", code, message: "x" })).toMatch(sentence);
});

test("controls: errors first, the most frequent first, and the deposit's own rules are added once", () => {
  const found = controlesDe(
    { summary: [controle({ level: "I", code: "a" }), controle({ count: 1, code: "b" }), controle({ code: "c" })] },
    { errors: ["b", "commune_insee.valeur_inattendue"], warnings: ["rows.delete_many_addresses"] },
  );
  expect(found.map(({ code }) => code)).toEqual([
    "c",
    "b",
    "commune_insee.valeur_inattendue",
    "rows.delete_many_addresses",
    "a",
  ]);
});

test("how the file was read: names, and what is not as the format asks", () => {
  const facts = lectureDuFichier(rapport({ encoding: "windows-1252", delimiter: ",", linebreak: "\n" }));
  expect(facts.map(({ terme, valeur, conforme }) => `${terme} ${plain(valeur)} ${conforme}`)).toEqual([
    "Encodage Windows-1252 false",
    "Séparateur virgule false",
    "Fins de ligne Unix (LF) true",
    "Version du format BAL 1.4 true",
    "Lignes 8 190 true",
  ]);
});

test.each([
  [1, [12], "ligne 12"],
  [2, [12, 45], "lignes 12 et 45"],
  [3, [12, 45, 46], "lignes 12, 45 et 46"],
  [4, [12, 45, 46, 50], "lignes 12, 45, 46 et 1 autre"],
  [7, [12, 45, 46, 50], "lignes 12, 45, 46 et 4 autres"],
  [1, [], ""],
])("lines in words: %i of %j", (count, firstLines, text) => {
  expect(plain(lignesEnMots({ count, firstLines }))).toBe(text);
});

test.each([
  [24, 8214, "0,3 %"],
  [1, 100_000, "moins de 0,1 %"],
  [99_999, 100_000, "plus de 99,9 %"],
  [50, 100, "50 %"],
  [0, 0, "0 %"],
])("share %i of %i", (part, total, text) => expect(plain(pourcentage(part, total))).toBe(text));

describe("comparison in words", () => {
  test("fewer, as many, more, first", () => {
    expect(plain(phraseBilan({ avant: 8214, apres: 8190 }))).toBe(
      "24 adresses en moins (0,3 %) par rapport à la version en vigueur.",
    );
    expect(phraseBilan({ avant: 5, apres: 5 })).toMatch(/^Autant d’adresses/);
    expect(plain(phraseBilan({ avant: 5, apres: 6 }))).toMatch(/^1 adresse en plus \(20 %\)/);
    expect(plain(phraseBilan({ avant: 0, apres: 6 }))).toBe("Première publication : 6 adresses.");
  });

  test("what becomes of them", () => {
    const bilan = { avant: 0, apres: 0, ajoutees: 12, supprimees: 36, modifiees: 1 };
    expect(plain(phraseChangements(bilan))).toBe("12 adresses ajoutées, 36 adresses supprimées et 1 adresse modifiée.");
    expect(phraseChangements({ ...bilan, ajoutees: 0, supprimees: 0, modifiees: 0 })).toBe("Aucune adresse ne change.");
  });
});

const comparaison = (removed: number, kept: number, added = 0): Comparaison => ({
  currentRevisionId: "r0",
  added,
  removed,
  changed: 0,
  unchanged: kept,
  items: [],
});

describe("guard on massive loss", () => {
  test("20 % exactly is free, beyond is confirmed by its figure", () => {
    expect(gardeDe({ rowsCount: 80 }, comparaison(20, 80), 100)).toEqual({ niveau: "libre", perdues: 20, avant: 100 });
    expect(gardeDe({ rowsCount: 79 }, comparaison(21, 79), 100).niveau).toBe("a-confirmer");
  });

  test("the warning of the server is enough, even without comparison", () => {
    const garde = gardeDe({ rowsCount: 70, warnings: ["rows.delete_many_addresses"] }, null, 100);
    expect(garde).toEqual({ niveau: "a-confirmer", perdues: 30, avant: 100 });
  });

  test("as many lines, but other addresses: what disappears is confirmed too", () => {
    const garde = gardeDe({ rowsCount: 100 }, comparaison(90, 10, 90), 100);
    expect(garde).toEqual({ niveau: "a-confirmer", perdues: 90, avant: 100 });
  });

  test("more than 80 %: impossible, in figures", () => {
    const garde = gardeDe({ rowsCount: 1514, errors: ["rows.delete_too_many_addresses"] }, null, 8214);
    expect(garde.niveau).toBe("impossible");
    expect(plain(phrasePerteRefusee(garde))).toBe(
      "Publication impossible : 6 700 adresses sur 8 214 disparaîtraient. Vérifiez que le fichier est complet.",
    );
  });

  test("a first publication has nothing to lose", () => {
    const first = { ...comparaison(0, 0, 12), currentRevisionId: null };
    expect(gardeDe({ rowsCount: 12 }, first, null).niveau).toBe("libre");
    expect(bilanDe(first)).toMatchObject({ avant: 0, apres: 12 });
  });

  test("the figure may be typed with or without spaces, never another one", () => {
    expect(chiffreConfirme("6 700", 6700)).toBe(true);
    expect(chiffreConfirme("6\u202f700 ", 6700)).toBe(true);
    expect(chiffreConfirme("670", 6700)).toBe(false);
    expect(chiffreConfirme("", 6700)).toBe(false);
  });
});

test("report CSV: quotes doubled, formulas neutralised", () => {
  expect(celluleCsv('a "b"; c')).toBe('"a ""b""; c"');
  expect(celluleCsv("=1+1")).toBe("'=1+1");
  const csv = rapportCsv([controle({ label: "Clé ; numéro" })]);
  expect(csv.startsWith("\ufeffniveau;code;")).toBe(true);
  expect(csv).toContain('erreur;numero.type_invalide;"Clé ; numéro";3;12 45 46\r\n');
});

test("the commune of a file is the only one that its lines name", () => {
  expect(communeDuFichier(rapport({ communes: [{ code: "10387", rows: 3 }] }))).toBe("10387");
  expect(communeDuFichier(rapport({ communes: [{ code: "", rows: 3 }] }))).toBeNull();
  expect(
    communeDuFichier(
      rapport({
        communes: [
          { code: "10387", rows: 3 },
          { code: "10001", rows: 1 },
        ],
      }),
    ),
  ).toBeNull();
});
