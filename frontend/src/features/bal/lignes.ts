/** What one line of the file shows for one control. Pure functions. */
import type { LigneDuFichier } from "./contrat";
import { ligneDuTableur, valeurEnMots } from "./rules";

export type EcartDeLigne = {
  cle: string;
  /** Number of the line in a spreadsheet: the header is line 1. */
  ligne: number;
  adresse: string;
  /** Column of the value; null when the control speaks of the whole line. */
  colonne: string | null;
  lue: string;
  proposee: string | null;
  /** The proposal rests on nothing in the file (today's date): the person must look at it. */
  supposee: boolean;
};

/** « 12 bis rue des Lilas », from the values as they were read. A place name (99999) has no number. */
export function adresseDe(raw: Record<string, string>): string {
  const number = (raw.numero ?? "").trim();
  const name = (raw.voie_nom ?? raw.toponyme ?? "").trim();
  return [number === "99999" ? "" : number, (raw.suffixe ?? "").trim(), name].filter(Boolean).join(" ");
}

/** One entry for each time the control speaks on this line. */
export function ecartsDe({ line, rawValues, remediations = {}, errors }: LigneDuFichier, code: string): EcartDeLigne[] {
  return errors
    .filter((error) => error.code === code)
    .map(({ schemaName }, rank) => {
      const colonne = schemaName ?? colonneDuCode(code, rawValues);
      const remedy =
        Object.entries(remediations).find(([, { errors: fixed }]) => fixed?.includes(code)) ??
        (colonne && remediations[colonne] ? ([colonne, remediations[colonne]] as const) : undefined);
      const [field, found] = remedy ?? [null, null];
      return {
        cle: `${line}-${rank}`,
        ligne: ligneDuTableur(line),
        adresse: adresseDe(rawValues),
        colonne: colonne ?? field,
        lue: valeurEnMots(rawValues[colonne ?? field ?? ""]),
        proposee: found?.value ? found.value : null,
        supposee: found?.assumed ?? false,
      };
    });
}

/** « voie_nom.trop_court » speaks of the column voie_nom; « row.… », « rows.… » and « file.… » of none. */
function colonneDuCode(code: string, raw: Record<string, string>): string | null {
  const column = code.split(".")[0] ?? "";
  return column in raw ? column : null;
}
