/** Alerts of a convention: what SIAP shows, then what the platform sent or still has to send. */
import { Badge } from "@codegouvfr/react-dsfr/Badge";
import { formatDate } from "../../../lib/dates";
import { type Colonne, DataTable } from "../../../ui/DataTable";
import { Lien } from "../../../ui/Lien";
import { Pages } from "../../../ui/Pages";
import type { AlertesConvention } from "./api";
import { EssaisAlerte, EtatAlerte, EtatAuSiap } from "./EtatAlerte";
import { type Alerte, CANAUX, destinataireDe, instantCourt, titreDe } from "./rules";

type AlerteAuSiap = AlertesConvention["siap"]["alertes"][number];

const AU_SIAP: Colonne<AlerteAuSiap>[] = [
  { cle: "libelle", titre: "Alerte", enTete: true, rendu: (row) => row.libelle },
  { cle: "genre", titre: "Genre", rendu: (row) => (row.action ? "Action à faire" : "Information") },
  { cle: "cree", titre: "Créée le", rendu: (row) => formatDate(row.cree_le) || row.cree_le },
  {
    cle: "etat",
    titre: "État",
    rendu: (row) => (
      <Badge small severity={row.supprimee ? "warning" : "success"}>
        {row.supprimee ? "Supprimée" : "Affichée"}
      </Badge>
    ),
  },
];

const messages = (equipe: boolean): Colonne<Alerte>[] => [
  {
    cle: "titre",
    titre: "Message",
    enTete: true,
    className: "ap-colonne--moyenne",
    rendu: (row) => (
      <>
        {equipe ? <Lien to={`/admin/alertes-siap/${row.uuid}`}>{titreDe(row)}</Lien> : titreDe(row)}
        <span className="ap-mention ap-alertes__suite">
          {[CANAUX[row.canal], destinataireDe(row)].filter(Boolean).join(", ")}
        </span>
      </>
    ),
  },
  { cle: "cree", titre: "Créé le", rendu: (row) => instantCourt(row.cree_le) },
  {
    cle: "etat",
    titre: "État",
    className: "ap-colonne--moyenne",
    rendu: (row) => (
      <>
        <EtatAlerte alerte={row} />
        {row.erreur_libelle ? <span className="ap-mention ap-alertes__suite">{row.erreur_libelle}</span> : null}
      </>
    ),
  },
  { cle: "essais", titre: "Essais", rendu: (row) => <EssaisAlerte alerte={row} /> },
  { cle: "siap", titre: "Dans le SIAP", rendu: (row) => <EtatAuSiap alerte={row} /> },
];

const RAISONS: Record<string, string> = {
  indisponible: "Le SIAP ne répond pas : ses alertes ne peuvent pas être lues pour le moment.",
  compte_local: "Votre compte n’a pas d’habilitation du SIAP : ses alertes ne peuvent pas être lues.",
};

type Props = { alertes: AlertesConvention; equipe: boolean; occupe: boolean; adresse: (page: number) => string };

export function AlertesVue({ alertes, equipe, occupe, adresse }: Props) {
  const { siap, resultats, total, page, par_page } = alertes;
  return (
    <>
      <section aria-labelledby="alertes-siap">
        <h2 id="alertes-siap" className="fr-h4">
          Dans le SIAP
        </h2>
        {siap.disponible ? (
          siap.alertes.length === 0 ? (
            <p>Le SIAP n’affiche aucune alerte pour cette convention.</p>
          ) : (
            <DataTable
              legende="Alertes affichées par le SIAP"
              colonnes={AU_SIAP}
              lignes={siap.alertes}
              cleDe={(row) => String(row.id)}
            />
          )
        ) : (
          <div className="fr-alert fr-alert--warning fr-alert--sm fr-mb-3w">
            <p>{RAISONS[siap.raison ?? "indisponible"]}</p>
          </div>
        )}
      </section>
      <section aria-labelledby="alertes-plateforme">
        <h2 id="alertes-plateforme" className="fr-h4 fr-mt-4w">
          {equipe ? "Envoyés par la plateforme" : "Envoyés à la suite de vos actions"}
        </h2>
        {total === 0 ? (
          <p>Aucun message pour cette convention.</p>
        ) : (
          <DataTable
            legende="Messages de la plateforme, du plus récent au plus ancien"
            colonnes={messages(equipe)}
            lignes={resultats}
            cleDe={(row) => row.uuid}
            occupe={occupe}
          />
        )}
        <Pages total={total} parPage={par_page} page={page} adresse={adresse} />
      </section>
    </>
  );
}
