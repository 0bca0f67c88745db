/** P80: what waits for somebody, what is broken, what runs. Figures lead to the list they count. */
import { Badge } from "@codegouvfr/react-dsfr/Badge";
import type { ReactNode } from "react";
import { depuis, formatInstant } from "../../lib/dates";
import { compte, formatEntier, formatTaille } from "../../lib/nombres";
import { Lien } from "../../ui/Lien";
import { CANAUX } from "./alertes/rules";
import { type CompteAttente, RUBRIQUES, SERVICES, type Tableau } from "./tableau";

export function TableauVue({ tableau, superuser = false }: { tableau: Tableau; superuser?: boolean }) {
  const { messages, anomalies_siap, taches, stockage, services, programme, schema, lu_le } = tableau;
  const lost = messages.filter(({ perdus }) => perdus.nombre > 0);
  const waiting = messages.filter(({ en_cours }) => en_cours.nombre > 0);
  return (
    <>
      <section aria-labelledby="a-traiter">
        <h2 id="a-traiter" className="fr-h4">
          À traiter
        </h2>
        <ul className="ap-tableau-bord fr-raw-list">
          {lost.length === 0 ? (
            <Chiffre nombre={0} libelle="message en échec" lien="/admin/alertes-siap?etat=perdus&canal=tous" />
          ) : null}
          {lost.map(({ canal, perdus }) => (
            <Chiffre
              key={canal}
              nombre={perdus.nombre}
              libelle={`en échec : ${CANAUX[canal]}`}
              lien={`/admin/alertes-siap?etat=perdus${canal === "ALERTE_SIAP" ? "" : `&canal=${canal}`}`}
              detail={anciennete(perdus)}
            />
          ))}
          <Chiffre
            nombre={anomalies_siap.nombre}
            libelle={anomalies_siap.nombre > 1 ? "anomalies des données du SIAP" : "anomalie des données du SIAP"}
            detail={anciennete(anomalies_siap)}
          />
          <Chiffre
            nombre={taches.perdues.nombre}
            libelle={taches.perdues.nombre > 1 ? "tâches de fond abandonnées" : "tâche de fond abandonnée"}
            detail={anciennete(taches.perdues)}
          />
        </ul>
      </section>
      <div className="fr-grid-row fr-grid-row--gutters fr-mt-2w">
        <Bloc titre="En cours">
          {waiting.map(({ canal, en_cours }) => (
            <Ligne key={canal} terme={CANAUX[canal]}>
              {compte(en_cours.nombre, "message")} en attente{suite(en_cours)}
            </Ligne>
          ))}
          <Ligne terme="Tâches de fond">
            {compte(taches.en_attente.nombre, "tâche")} en attente{suite(taches.en_attente)}
            {taches.relancees > 0
              ? `, ${compte(taches.relancees, "nouvel essai prévu", "nouveaux essais prévus")}`
              : ""}
          </Ligne>
        </Bloc>
        <Bloc titre="Services">
          {services.map(({ nom, repond, remarque }) => (
            <Ligne key={nom} terme={SERVICES[nom] ?? nom}>
              <Badge small severity={repond ? "success" : remarque === "non configuré" ? "info" : "error"}>
                {repond ? "Répond" : remarque === "non configuré" ? "Non configuré" : "En difficulté"}
              </Badge>
              {!repond && remarque !== "non configuré" ? (
                <span className="ap-mention ap-alertes__suite">{remarque}</span>
              ) : null}
            </Ligne>
          ))}
        </Bloc>
        <Bloc titre="Stockage et version">
          <Ligne terme="Fichiers">
            {compte(stockage.fichiers, "fichier")}, {formatTaille(stockage.octets)}
          </Ligne>
          <Ligne terme="Base de données">{formatTaille(stockage.base_octets)}</Ligne>
          <Ligne terme="Version">
            {programme.version || "développement"}
            {programme.commit ? ` (${programme.commit.slice(0, 8)})` : ""}
          </Ligne>
          <Ligne terme="Schéma">migration {schema}</Ligne>
        </Bloc>
      </div>
      <p className="ap-mention fr-mt-2w">Lu le {formatInstant(lu_le)}, mis à jour chaque minute.</p>
      <section aria-labelledby="rubriques">
        <h2 id="rubriques" className="fr-h4 fr-mt-4w">
          Rubriques
        </h2>
        <ul className="ap-tableau-bord ap-tableau-bord--large fr-raw-list">
          {RUBRIQUES.filter((one) => superuser || !one.superuser).map(({ libelle, lien, description }) => (
            <li key={lien} className="ap-tableau-bord__carte">
              <Lien className="fr-link" to={lien}>
                {libelle}
              </Lien>
              <p className="ap-mention fr-mb-0">{description}</p>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

const anciennete = ({ nombre, plus_ancienne }: CompteAttente): string | undefined =>
  nombre > 0 && plus_ancienne ? depuis(plus_ancienne) : undefined;

const suite = (c: CompteAttente): string => {
  const age = anciennete(c);
  return age ? `, ${age}` : "";
};

function Chiffre({
  nombre,
  libelle,
  lien,
  detail,
}: {
  nombre: number;
  libelle: string;
  lien?: string;
  detail?: string;
}) {
  return (
    <li className="ap-tableau-bord__carte">
      <p className="ap-tableau-bord__nombre">{formatEntier(nombre)}</p>
      <p className="fr-mb-0">
        {lien && nombre > 0 ? (
          <Lien className="fr-link" to={lien}>
            {libelle}
          </Lien>
        ) : (
          libelle
        )}
      </p>
      {detail ? <p className="ap-mention fr-mb-0">{detail}</p> : null}
    </li>
  );
}

function Bloc({ titre, children }: { titre: string; children: ReactNode }) {
  return (
    <section className="fr-col-12 fr-col-md-4">
      <h2 className="fr-h5">{titre}</h2>
      <dl className="ap-tableau-bord__termes">{children}</dl>
    </section>
  );
}

function Ligne({ terme, children }: { terme: string; children: ReactNode }) {
  return (
    <div>
      <dt>{terme}</dt>
      <dd>{children}</dd>
    </div>
  );
}
