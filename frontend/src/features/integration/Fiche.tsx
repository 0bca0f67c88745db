/** An object as terms and values, for what does not change or for who only reads. */
import type { ReactNode } from "react";
import { formatDate, formatInstant, jourDeParis } from "../../lib/dates";
import { type ClientAPI, EVENEMENTS, PORTEES, type Webhook } from "./contrat";

export function Fiche({ termes }: { termes: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="ap-int-fiche">
      {termes.map(([terme, valeur]) => (
        <div key={terme}>
          <dt>{terme}</dt>
          <dd>{valeur}</dd>
        </div>
      ))}
    </dl>
  );
}

const Liste = ({ textes }: { textes: readonly string[] }) => (
  <ul className="fr-raw-list">
    {textes.map((texte) => (
      <li key={texte}>{texte}</li>
    ))}
  </ul>
);

/** What no one changes any more: where the client comes from and what it sees. */
export function IdentiteClient({ client }: { client: ClientAPI }) {
  const { perimetre } = client;
  return (
    <Fiche
      termes={[
        [
          "Périmètre",
          perimetre.bailleurs.length > 0 ? (
            <Liste key="bailleurs" textes={perimetre.bailleurs.map(({ nom }) => nom)} />
          ) : (
            perimetre.libelle
          ),
        ],
        ["Créé le", `${formatInstant(client.cree_le)}${client.cree_par ? `, par ${client.cree_par}` : ""}`],
        ...(client.revoque_le ? [["Révoqué le", formatInstant(client.revoque_le)] as const] : []),
      ]}
    />
  );
}

export function ClientFiche({ client }: { client: ClientAPI }) {
  return (
    <Fiche
      termes={[
        ["Nom", client.nom],
        ["Description", client.description || "–"],
        ["Portées", <Liste key="portees" textes={client.portees.map((portee) => PORTEES[portee].libelle)} />],
        ["Dernier jour de validité", client.expire_le ? formatDate(jourDeParis(client.expire_le)) : "Sans échéance"],
        ["Requêtes par minute", client.debit_par_minute ?? "600 (débit habituel)"],
        ["Compte SIAP", client.login_siap ? `${client.login_siap}, habilitation ${client.habilitation_siap}` : "Aucun"],
      ]}
    />
  );
}

export function WebhookFiche({ webhook }: { webhook: Webhook }) {
  return (
    <Fiche
      termes={[
        ["Adresse", webhook.url],
        ["Description", webhook.description || "–"],
        ["Événements", <Liste key="evenements" textes={webhook.evenements.map((one) => EVENEMENTS[one])} />],
        ["État", webhook.actif ? "Actif" : "Arrêté"],
      ]}
    />
  );
}
