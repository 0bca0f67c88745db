/** Where a mixte comes from: which conventions were grouped, when and by whom (MX-07). */
import { type Convention, useHistorique } from "../../api/convention";
import { formatInstant } from "../../lib/dates";
import { auteurDe } from "./HistoriqueVue";
import { regroupements } from "./suivi";

export function Regroupements({ convention }: { convention: Convention }) {
  const { data } = useHistorique(convention.uuid, true, convention.lots.length > 1);
  const groupings = regroupements(convention, data?.pages.flatMap(({ evenements }) => evenements) ?? []);
  if (groupings.length === 0) return null;
  return (
    <ul className="fr-raw-list ap-mention fr-mb-2w" aria-label="Origine de la convention mixte">
      {groupings.map((grouping) => (
        <li key={grouping.uuid}>
          {grouping.commentaire.replace(/\.$/, "")}, le {formatInstant(grouping.cree_le)}
          {grouping.auteur ? ` par ${auteurDe(grouping)}` : ""}.
        </li>
      ))}
    </ul>
  );
}
