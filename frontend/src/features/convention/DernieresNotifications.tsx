/** When each side last wrote to the other, beside what is about to be written (JO-02). */
import { useHistorique } from "../../api/convention";
import { formatInstant } from "../../lib/dates";
import { dernieresNotifications } from "./suivi";

export function DernieresNotifications({ uuid }: { uuid: string }) {
  const { data } = useHistorique(uuid, true);
  const { bailleur, service } = dernieresNotifications(data?.pages[0]?.evenements ?? []);
  if (!bailleur && !service) return null;
  return (
    <dl className="ap-notifications fr-mb-2w" aria-label="Dernières notifications">
      {bailleur ? <Derniere cote="du bailleur" le={bailleur} /> : null}
      {service ? <Derniere cote="du service instructeur" le={service} /> : null}
    </dl>
  );
}

function Derniere({ cote, le }: { cote: string; le: string }) {
  return (
    <div>
      <dt>Dernière notification {cote}</dt>
      <dd>
        <time dateTime={le}>{formatInstant(le)}</time>
      </dd>
    </div>
  );
}
