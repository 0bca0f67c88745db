/** The same objects for who only reads: values as text, no control that writes (ST-05). */
import type { ReactNode } from "react";
import { formatInstant } from "../../../lib/dates";
import type { ChefDeFile, Client, Mandataire } from "./contrat";
import { PerimetresListe } from "./Perimetres";
import { STRATEGIES } from "./rules";

function Fiche({ termes }: { termes: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="ap-bal-fiche">
      {termes.map(([terme, valeur]) => (
        <div key={terme}>
          <dt>{terme}</dt>
          <dd>{valeur}</dd>
        </div>
      ))}
    </dl>
  );
}

export function ClientFiche({ client }: { client: Client }) {
  return (
    <Fiche
      termes={[
        ["Nom", client.nom],
        ["Mandataire", client.mandataire.nom],
        ["Chef de file", client.chef_de_file?.nom ?? "Aucun"],
        ["Adresse de contact publique", client.email ?? "Celle du mandataire"],
        ["Autorisation de publier", STRATEGIES[client.strategie].libelle],
        ["État", client.actif ? "Actif" : "Désactivé"],
        ["Créé le", formatInstant(client.cree_le)],
      ]}
    />
  );
}

export function MandataireFiche({ mandataire }: { mandataire: Mandataire }) {
  return (
    <Fiche
      termes={[
        ["Nom", mandataire.nom],
        ["Adresse électronique", mandataire.email],
        ["Créé le", formatInstant(mandataire.cree_le)],
      ]}
    />
  );
}

export function ChefFiche({ chef }: { chef: ChefDeFile }) {
  return (
    <Fiche
      termes={[
        ["Nom", chef.nom],
        ["Adresse électronique", `${chef.email}${chef.email_public ? " (visible du public)" : ""}`],
        ["Signataire de la charte", chef.signataire_charte ? "Oui" : "Non"],
        ["Périmètre", <PerimetresListe key="perimetres" perimetres={chef.perimetres} />],
        ["Créé le", formatInstant(chef.cree_le)],
      ]}
    />
  );
}
