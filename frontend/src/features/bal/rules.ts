/**
 * What a report means, in words: verdict first, then figures. Pure functions: the server has already decided (07 §10.10
 * for levels, §4.4 for the rules of the deposit), nothing here judges a file.
 */
import { accord, compte, ESPACE_FINE, formatDecimal, formatEntier } from "../../lib/nombres";
import type { AdresseComparee, Comparaison, Controle, ErreurDeLecture, Niveau, Rapport, Validation } from "./contrat";

export type Severite = "success" | "warning" | "error";
export type Verdict = { severite: Severite; titre: string; detail?: string };

export const NIVEAUX: readonly { niveau: Niveau; libelle: string; singulier: string }[] = [
  { niveau: "E", libelle: "Erreurs", singulier: "erreur" },
  { niveau: "W", libelle: "Avertissements", singulier: "avertissement" },
  { niveau: "I", libelle: "Informations", singulier: "information" },
];

export const CODE_PERTE_IMPORTANTE = "rows.delete_many_addresses";
export const CODE_PERTE_REFUSEE = "rows.delete_too_many_addresses";

/** Rules of the deposit itself: they belong to no line and are not always in the summary (07 §4.4). */
const REGLES_DU_DEPOT: Record<string, string> = {
  "commune_insee.valeur_inattendue": "Le code INSEE de la commune est différent de celui de la révision",
  "commune_insee.out_of_perimeter": "La commune est hors du périmètre du chef de file",
  [CODE_PERTE_REFUSEE]: "Plus de 80 % des adresses seraient supprimées",
  [CODE_PERTE_IMPORTANTE]: "Plus de 20 % des adresses seraient supprimées",
};

/** Controls of the report, and those that the deposit added to the validation. Errors first, most frequent first. */
export function controlesDe(rapport: Pick<Rapport, "summary">, validation?: Validation): Controle[] {
  const controls = [...(rapport.summary ?? [])];
  const known = new Set(controls.map(({ code }) => code));
  const add = (codes: readonly string[] | undefined, level: Niveau) => {
    for (const code of codes ?? []) {
      const label = REGLES_DU_DEPOT[code];
      if (label === undefined || known.has(code)) continue;
      known.add(code);
      controls.push({ code, level, label, count: 0, firstLines: [] });
    }
  };
  add(validation?.errors, "E");
  add(validation?.warnings, "W");
  const rank: Record<Niveau, number> = { E: 0, W: 1, I: 2 };
  return controls.sort((a, b) => rank[a.level] - rank[b.level] || b.count - a.count);
}

/** What the file itself says, without the rules of the deposit: what a correction of the file may change. */
export const duFichier = (controls: readonly Controle[]): Controle[] =>
  controls.filter(({ code }) => !(code in REGLES_DU_DEPOT));

/** Times a level was met. A rule of the whole file counts once. */
export const occurrences = (controls: readonly Controle[], niveau: Niveau): number =>
  controls.filter(({ level }) => level === niveau).reduce((sum, { count }) => sum + Math.max(1, count), 0);

/** The file is accepted: the server says so, else no error remains. */
export const estAccepte = (rapport: Rapport, validation?: Validation): boolean =>
  validation?.valid ??
  rapport.valid ??
  (rapport.parseOk && !(rapport.summary ?? []).some(({ level }) => level === "E"));

/** First sentence of the result: what happened to the file, before any code. */
export function verdict(rapport: Rapport, validation?: Validation): Verdict {
  if (!rapport.parseOk) {
    const [first] = rapport.parseErrors ?? [];
    return { severite: "error", titre: "Fichier illisible", detail: first ? lectureEnMots(first) : undefined };
  }
  const controls = controlesDe(rapport, validation);
  const lines = compte(rapport.rowsCount ?? 0, "ligne");
  // A loss of addresses is told apart, in figures: it is not something to improve in the file.
  const warnings = occurrences(duFichier(controls), "W");
  if (estAccepte(rapport, validation)) {
    return warnings === 0
      ? { severite: "success", titre: `Fichier accepté : ${lines}, rien à améliorer.` }
      : {
          severite: "success",
          titre: `Fichier accepté : ${lines}, ${compte(warnings, "point")} à améliorer, aucune ligne refusée.`,
        };
  }
  return {
    severite: "error",
    titre: `Fichier refusé : ${ceQuiRefuse(rapport, controls)}.`,
    detail:
      warnings > 0
        ? `${compte(warnings, "autre point", "autres points")} à améliorer, sans bloquer la publication.`
        : undefined,
  };
}

/** « 3 lignes à corriger sur 812, et 1 erreur porte sur le fichier entier » */
function ceQuiRefuse({ rowsInvalid = 0, rowsCount = 0 }: Rapport, controls: readonly Controle[]): string {
  const whole = controls.filter(({ level, firstLines }) => level === "E" && firstLines.length === 0).length;
  const carry = whole < 2 ? "porte" : "portent";
  const ofFile = `${compte(whole, "erreur")} ${carry} sur le fichier entier`;
  if (rowsInvalid === 0) return ofFile;
  const ofLines = `${compte(rowsInvalid, "ligne")} à corriger sur ${formatEntier(rowsCount)}`;
  return whole === 0 ? ofLines : `${ofLines}, et ${ofFile}`;
}

/** Number of a line in a spreadsheet, from the rank of its data row. */
export const ligneDuTableur = (row: number): number => row + 2;

/** A reading error for a person: what it is, where, what to do. */
export function lectureEnMots({ code, message, row }: ErreurDeLecture): string {
  const where = row === undefined ? "" : ` à la ligne ${formatEntier(ligneDuTableur(row))}`;
  const figures = /expected (\d+) fields? but parsed (\d+)/.exec(message);
  switch (code) {
    case "TooFewFields":
    case "TooManyFields":
      return figures
        ? `Le nombre de colonnes change${where} : ${figures[2]} au lieu de ${figures[1]}. Vérifiez les séparateurs et les guillemets de cette ligne.`
        : `Le nombre de colonnes change${where}. Vérifiez les séparateurs et les guillemets de cette ligne.`;
    case "MissingQuotes":
      return `Un guillemet ouvert${where} n’est jamais refermé. Ajoutez le guillemet manquant.`;
    case "InvalidQuotes":
      return `Un guillemet est mal placé${where}. Doublez les guillemets qui font partie du texte.`;
    case "UndetectableDelimiter":
      return "Le séparateur de colonnes n’a pas été reconnu : le fichier est vide ou n’a qu’une colonne. Enregistrez-le au format CSV avec le point-virgule.";
    case "NonTextFile":
      return "Ce n’est pas un fichier texte (classeur, image, archive ou PDF). Ouvrez-le dans votre tableur et enregistrez-le au format CSV.";
    case "UnsupportedEncoding":
    case "UndetectableEncoding":
      return "L’encodage du fichier n’est pas lisible. Enregistrez-le au format CSV en UTF-8.";
    default:
      return `La lecture s’arrête${where}. Vérifiez que le fichier est bien un CSV.`;
  }
}

const SEPARATEURS: Record<string, string> = {
  ";": "point-virgule",
  ",": "virgule",
  "\t": "tabulation",
  "|": "barre verticale",
};
const FINS_DE_LIGNE: Record<string, string> = {
  "\n": "Unix (LF)",
  "\r\n": "Windows (CRLF)",
  "\r": "ancien Mac (CR)",
};
const ENCODAGES: Record<string, string> = { "utf-8": "UTF-8", "windows-1252": "Windows-1252" };

/** How the file was read: what a person needs to export it again. */
export function lectureDuFichier(rapport: Rapport): { terme: string; valeur: string; conforme: boolean }[] {
  const facts: { terme: string; valeur: string; conforme: boolean }[] = [];
  const add = (terme: string, raw: string | null | undefined, names: Record<string, string>, standard: string[]) => {
    if (raw) facts.push({ terme, valeur: names[raw] ?? raw, conforme: standard.includes(raw) });
  };
  add("Encodage", rapport.encoding, ENCODAGES, ["utf-8"]);
  add("Séparateur", rapport.delimiter, SEPARATEURS, [";"]);
  add("Fins de ligne", rapport.linebreak, FINS_DE_LIGNE, ["\n", "\r\n"]);
  if (rapport.profile) facts.push({ terme: "Version du format", valeur: `BAL ${rapport.profile}`, conforme: true });
  if (rapport.parseOk && rapport.rowsCount !== undefined) {
    facts.push({ terme: "Lignes", valeur: formatEntier(rapport.rowsCount), conforme: rapport.rowsCount > 0 });
  }
  return facts;
}

/** « lignes 12, 45, 46 et 4 autres »; empty for a rule of the whole file. */
export function lignesEnMots({ count, firstLines }: Pick<Controle, "count" | "firstLines">, max = 3): string {
  if (firstLines.length === 0) return "";
  const shown = firstLines.slice(0, max).map(formatEntier);
  const others = Math.max(count, firstLines.length) - shown.length;
  const word = accord(shown.length + others, "ligne");
  if (others === 0) {
    const last = shown.at(-1);
    return shown.length === 1 ? `${word} ${last}` : `${word} ${shown.slice(0, -1).join(", ")} et ${last}`;
  }
  return `${word} ${shown.join(", ")} et ${compte(others, "autre")}`;
}

/** « 0,3 % »: a share that is neither nothing nor everything is never told as such. */
export function pourcentage(part: number, total: number): string {
  if (total <= 0) return `0${ESPACE_FINE}%`;
  const tenths = Math.round((part * 1000) / total);
  if (tenths === 0 && part > 0) return `moins de 0,1${ESPACE_FINE}%`;
  if (tenths === 1000 && part < total) return `plus de 99,9${ESPACE_FINE}%`;
  const text = `${Math.floor(tenths / 10)}.${tenths % 10}`;
  return `${tenths % 10 === 0 ? formatEntier(Math.floor(tenths / 10)) : formatDecimal(text, 1)}${ESPACE_FINE}%`;
}

/** Addresses before and after, whatever became of each. */
export type Bilan = { avant: number; apres: number; ajoutees: number; supprimees: number; modifiees: number };

export function bilanDe(comparaison: Comparaison): Bilan {
  const { added, removed, changed, unchanged } = comparaison;
  return {
    avant: removed + changed + unchanged,
    apres: added + changed + unchanged,
    ajoutees: added,
    supprimees: removed,
    modifiees: changed,
  };
}

/** « 24 adresses en moins (0,3 %) par rapport à la version en vigueur. » */
export function phraseBilan({ avant, apres }: Pick<Bilan, "avant" | "apres">): string {
  if (avant === 0) return `Première publication : ${compte(apres, "adresse")}.`;
  const gap = apres - avant;
  if (gap === 0) return "Autant d’adresses que dans la version en vigueur.";
  const word = gap < 0 ? "en moins" : "en plus";
  return `${compte(Math.abs(gap), "adresse")} ${word} (${pourcentage(Math.abs(gap), avant)}) par rapport à la version en vigueur.`;
}

/** What each group of addresses becomes, in words; « Aucune adresse ne change. » when nothing does. */
export function phraseChangements({ ajoutees, supprimees, modifiees }: Bilan): string {
  const parts = [
    ajoutees > 0 ? `${compte(ajoutees, "adresse ajoutée", "adresses ajoutées")}` : "",
    supprimees > 0 ? `${compte(supprimees, "adresse supprimée", "adresses supprimées")}` : "",
    modifiees > 0 ? `${compte(modifiees, "adresse modifiée", "adresses modifiées")}` : "",
  ].filter(Boolean);
  if (parts.length === 0) return "Aucune adresse ne change.";
  return `${parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(", ")} et ${parts.at(-1)}`}.`;
}

/** How much care the publication asks: nothing special, a loss to read and confirm in figures, or refused. */
export type Garde = { niveau: "libre" | "a-confirmer" | "impossible"; perdues: number; avant: number };

/**
 * The server decides of the refusal (more than 80 % of lines). The warning also covers what the number of lines hides:
 * a file where more than 20 % of the present addresses are replaced by others.
 */
export function gardeDe(
  validation: Validation,
  comparaison: Comparaison | null,
  lignesEnVigueur: number | null,
): Garde {
  const bilan = comparaison?.currentRevisionId ? bilanDe(comparaison) : null;
  const avant = lignesEnVigueur ?? bilan?.avant ?? 0;
  const apres = validation.rowsCount ?? bilan?.apres ?? 0;
  const enMoins = Math.max(0, avant - apres);
  if (validation.errors?.includes(CODE_PERTE_REFUSEE)) return { niveau: "impossible", perdues: enMoins, avant };
  const perdues = Math.max(bilan?.supprimees ?? 0, enMoins);
  const warned = validation.warnings?.includes(CODE_PERTE_IMPORTANTE) ?? false;
  return { niveau: warned || (avant > 0 && perdues * 5 > avant) ? "a-confirmer" : "libre", perdues, avant };
}

/** « Publication impossible : 6 700 adresses sur 8 214 disparaîtraient. Vérifiez que le fichier est complet. » */
export function phrasePerteRefusee({ perdues, avant }: Garde): string {
  return avant > 0
    ? `Publication impossible : ${compte(perdues, "adresse")} sur ${formatEntier(avant)} disparaîtraient. Vérifiez que le fichier est complet.`
    : "Publication impossible : plus de 80 % des adresses connues de la commune disparaîtraient. Vérifiez que le fichier est complet.";
}

/** The figure typed is the one that was read: spaces between thousands are free. */
export const chiffreConfirme = (text: string, expected: number): boolean =>
  text.replace(/[\s\u00a0\u202f.]/g, "") === String(expected);

/** Value of a field, in words when there is none. */
export const valeurEnMots = (value: string | undefined): string => (value ? value : "(vide)");

const formulaLead = /^[=+\-@\t\r]/;

/** One cell of a CSV opened in a spreadsheet: quotes doubled, no formula. */
export function celluleCsv(text: string): string {
  const safe = formulaLead.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const MOTS: Record<Niveau, string> = { E: "erreur", W: "avertissement", I: "information" };

/** The report as a spreadsheet reads it: one row per control, UTF-8 with its mark, semicolons. */
export function rapportCsv(controls: readonly Controle[]): string {
  const head = ["niveau", "code", "libelle", "nombre_de_lignes", "premieres_lignes"];
  const rows = controls.map(({ level, code, label, count, firstLines }) => [
    MOTS[level],
    code,
    label,
    String(count),
    firstLines.join(" "),
  ]);
  return `\ufeff${[head, ...rows].map((row) => row.map(celluleCsv).join(";")).join("\r\n")}\r\n`;
}

/** The commune of the file, when all its lines name the same one. */
export function communeDuFichier({ communes = [] }: Rapport): string | null {
  const [only] = communes;
  return communes.length === 1 && only?.code ? only.code : null;
}

/** « 12 bis rue des Lilas, hameau du Bas » */
export function adresseComparee({ numero, suffixe, voie, complement }: AdresseComparee): string {
  const street = [numero === "99999" ? "" : numero, suffixe, voie].filter(Boolean).join(" ");
  return complement ? `${street}, ${complement}` : street || "(adresse sans nom)";
}
