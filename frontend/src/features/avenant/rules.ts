/** Words of the differences between two versions. */
import { formatDate } from "../../lib/dates";
import { nomDuGenre } from "../../lib/genres";
import { accord, compte } from "../../lib/nombres";
import type { BlocCompare, LigneComparee, TableauCompare, TypeAvenant, VersionComparee } from "./api";

/** « Avenant n° 1, signé le 03/05/2021 », « Convention n° 13.D.26.0001 ». */
export function nomDeVersion({
  genre,
  numero,
  date_signature,
}: Pick<VersionComparee, "genre" | "numero" | "date_signature">): string {
  const name = `${nomDuGenre(genre)}${numero ? ` n° ${numero}` : " sans numéro"}`;
  if (!date_signature) return name;
  return `${name}, ${genre === "avenant" ? "signé" : "signée"} le ${formatDate(date_signature)}`;
}

/** The same in a sentence: « la convention n° 13.D.26.0001, signée le 03/05/2021 ». */
export function versionEnPhrase(version: Pick<VersionComparee, "genre" | "numero" | "date_signature">): string {
  const name = nomDeVersion(version);
  return `${version.genre === "avenant" ? "l’" : "la "}${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

const SORTS: Record<LigneComparee["sort"], { mot: string; signe: string }> = {
  ajoutee: { mot: "Ajouté", signe: "+" },
  supprimee: { mot: "Supprimé", signe: "−" },
  modifiee: { mot: "Modifié", signe: "≠" },
  inchangee: { mot: "Inchangé", signe: "=" },
};

/** Fate of a row: a word and a sign, so that colour is never alone. A file is not modified, another one takes its place. */
export const sortEnMots = (sort: LigneComparee["sort"], table = ""): { mot: string; signe: string } =>
  table === "fichier_rattache" && sort === "modifiee" ? { mot: "Remplacé", signe: "≠" } : SORTS[sort];

/** « 2 ajoutés, 1 supprimé »; empty when the rows are the same. */
export function resumeTableau({ ajoutees, supprimees, modifiees }: TableauCompare): string {
  return [
    ajoutees > 0 ? compte(ajoutees, "ajout") : "",
    supprimees > 0 ? compte(supprimees, "suppression") : "",
    modifiees > 0 ? compte(modifiees, "modification") : "",
  ]
    .filter(Boolean)
    .join(", ");
}

/** What a block changes, for the card of its type: one change is said whole, several are counted. */
export function resumeBloc(bloc: BlocCompare | undefined): string {
  if (!bloc) return "";
  if (bloc.nb_changements === 0) return bloc.coche ? "Aucun changement pour le moment" : "";
  const changed = bloc.champs.filter(({ change }) => change);
  const rows = bloc.tableaux
    .map((table) => ({ titre: table.titre, resume: resumeTableau(table) }))
    .filter(({ resume }) => resume !== "");
  const [only] = changed;
  const fields =
    changed.length === 0
      ? []
      : only && changed.length === 1
        ? [`${only.libelle} : ${court(only.avant)} → ${court(only.apres)}`]
        : [`${compte(changed.length, "champ")} ${accord(changed.length, "modifié")}`];
  return [...fields, ...rows.map(({ titre, resume }) => `${titre} : ${resume}`)].join(" · ");
}

/** A value in a sentence. */
export function court(value: string): string {
  const text = value.trim().replace(/\s*\n\s*/g, ", ");
  if (text === "") return "vide";
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** What removing a type will undo, one line per field or table; `reste` counts those that are not listed. */
export function pertes(bloc: BlocCompare | undefined, max = 6): { lignes: string[]; reste: number } {
  if (!bloc) return { lignes: [], reste: 0 };
  const all = [
    ...bloc.champs
      .filter(({ change }) => change)
      .map(({ libelle, lot, avant, apres }) => {
        const name = lot ? `${libelle} (${lot})` : libelle;
        return `${name} : ${court(apres)} redeviendra ${avant.trim() === "" ? "vide" : court(avant)}`;
      }),
    ...bloc.tableaux.filter((t) => resumeTableau(t) !== "").map((t) => `${t.titre} : ${resumeTableau(t)} perdus`),
  ];
  return { lignes: all.slice(0, max), reste: Math.max(0, all.length - max) };
}

/** Why a type cannot be checked; empty when it can. */
export function raisonFermee(type: TypeAvenant, modifiable: boolean): string {
  if (!modifiable) return "";
  if (!type.coche && !type.disponible) return "Cette rubrique ne se saisit pas encore en ligne.";
  return "";
}
