/** When each side last wrote to the other, beside what is about to be written (JO-02). */
import { useHistorique } from "../../api/convention";
import { formatInstant } from "../../lib/dates";
import { dernieresNotifications } from "./suivi";

export function DernieresNotifications({ uuid }: { uuid: string }) {
  const { data } = useHistorique(uuid, true);
  const { bailleur, service } = dernieresNotifications(data?.pages[0]?.evenements ?? []);
  if (!bailleur && !service) return null;
  return (
    <ul className="fr-raw-list ap-mention fr-text--sm fr-mb-2w" aria-label="Dernières notifications">
      {bailleur ? <Derniere cote="du bailleur" le={bailleur} /> : null}
      {service ? <Derniere cote="du service instructeur" le={service} /> : null}
    </ul>
  );
}

function Derniere({ cote, le }: { cote: string; le: string }) {
  return (
    <li>
      Dernière notification {cote} : <time dateTime={le}>{formatInstant(le)}</time>
    </li>
  );
}
