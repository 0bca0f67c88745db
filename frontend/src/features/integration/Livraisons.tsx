/** Deliveries of a webhook: what was sent, every try of it, and sending it again. */
import { Badge } from "@codegouvfr/react-dsfr/Badge";
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Select } from "@codegouvfr/react-dsfr/Select";
import { useEffect, useRef, useState } from "react";
import { formatInstant } from "../../lib/dates";
import { compte } from "../../lib/nombres";
import { type Colonne, DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { useMessages } from "../../ui/Messages";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { PAR_PAGE, useLivraison, useLivraisons, useRejeu } from "./api";
import { type Essai, ETATS_LIVRAISON, type EtatLivraison, EVENEMENTS, type Evenement, type Livraison } from "./contrat";

const nomDe = (evenement: string): string => EVENEMENTS[evenement as Evenement] ?? evenement;

const Etat = ({ etat }: { etat: EtatLivraison }) => (
  <Badge small as="span" severity={ETATS_LIVRAISON[etat].severite}>
    {ETATS_LIVRAISON[etat].libelle}
  </Badge>
);

type Props = { webhook: string; lectureSeule: boolean };

export function Livraisons({ webhook, lectureSeule }: Props) {
  const [etat, setEtat] = useState("");
  const [page, setPage] = useState(1);
  const [ouverte, setOuverte] = useState<string | null>(null);
  const requete = useLivraisons(webhook, etat, page);
  const columns: Colonne<Livraison>[] = [
    { cle: "evenement", titre: "Événement", enTete: true, rendu: (row) => nomDe(row.evenement) },
    { cle: "cree", titre: "Survenu le", rendu: (row) => formatInstant(row.cree_le) },
    { cle: "etat", titre: "État", rendu: (row) => <Etat etat={row.etat} /> },
    { cle: "essais", titre: "Essais", numerique: true, rendu: (row) => row.tentatives },
    {
      cle: "suite",
      titre: "Prochain essai",
      rendu: (row) => (row.prochain_essai_le ? formatInstant(row.prochain_essai_le) : "–"),
    },
    {
      cle: "action",
      titre: <span className="fr-sr-only">Action</span>,
      rendu: (row) => (
        <Button
          size="small"
          priority="secondary"
          nativeButtonProps={{ "aria-expanded": ouverte === row.uuid }}
          onClick={() => setOuverte(ouverte === row.uuid ? null : row.uuid)}
        >
          {ouverte === row.uuid ? "Fermer" : "Voir"}
          <span className="fr-sr-only">
            {" "}
            la livraison « {nomDe(row.evenement)} » du {formatInstant(row.cree_le)}
          </span>
        </Button>
      ),
    },
  ];
  return (
    <section className="ap-int-section" aria-labelledby="livraisons">
      <div className="ap-int-section__ligne">
        <h2 id="livraisons" className="fr-h5">
          Livraisons
        </h2>
        <Select
          label="État des livraisons"
          nativeSelectProps={{
            value: etat,
            onChange: (event) => {
              setEtat(event.target.value);
              setPage(1);
              setOuverte(null);
            },
          }}
        >
          <option value="">Tous</option>
          {(Object.keys(ETATS_LIVRAISON) as EtatLivraison[]).map((code) => (
            <option key={code} value={code}>
              {ETATS_LIVRAISON[code].libelle}
            </option>
          ))}
        </Select>
      </div>
      <Requete
        requete={requete}
        bloc
        squelette={<Skeleton forme="tableau" nombre={4} />}
        titreErreur="Les livraisons n’ont pas pu être chargées"
      >
        {({ resultats, total }) =>
          total === 0 ? (
            <EmptyState
              niveau={3}
              titre={etat ? "Aucune livraison dans cet état" : "Rien n’a encore été envoyé à cette adresse"}
            />
          ) : (
            <>
              <p className="ap-mention fr-mb-1w" role="status">
                {compte(total, "livraison")}
              </p>
              <DataTable
                legende="Livraisons, les plus récentes d’abord"
                colonnes={columns}
                lignes={resultats}
                cleDe={(row) => row.uuid}
                occupe={requete.isPlaceholderData}
              />
              {total > PAR_PAGE ? <Pages page={page} total={total} onPage={setPage} /> : null}
              {ouverte ? <Detail key={ouverte} webhook={webhook} id={ouverte} lectureSeule={lectureSeule} /> : null}
            </>
          )
        }
      </Requete>
    </section>
  );
}

function Pages({ page, total, onPage }: { page: number; total: number; onPage: (page: number) => void }) {
  const last = Math.ceil(total / PAR_PAGE);
  return (
    <nav className="ap-int-pages" aria-label="Pages des livraisons">
      <Button size="small" priority="secondary" disabled={page <= 1} onClick={() => onPage(page - 1)}>
        Plus récentes
      </Button>
      <span>
        Page {page} sur {last}
      </span>
      <Button size="small" priority="secondary" disabled={page >= last} onClick={() => onPage(page + 1)}>
        Plus anciennes
      </Button>
    </nav>
  );
}

/** Indented, when it is JSON; the order of its members is that of what was sent. */
function lisible(corps: string): string {
  try {
    return JSON.stringify(JSON.parse(corps), null, 2);
  } catch {
    return corps;
  }
}

const ESSAIS: Colonne<Essai>[] = [
  { cle: "rang", titre: "Essai", enTete: true, rendu: (row) => `Essai ${row.tentative}` },
  { cle: "le", titre: "Le", rendu: (row) => formatInstant(row.le) },
  { cle: "statut", titre: "Réponse", rendu: (row) => (row.statut_http ? `HTTP ${row.statut_http}` : "Aucune") },
  { cle: "duree", titre: "Durée", rendu: (row) => `${row.duree_ms} ms` },
  {
    cle: "detail",
    titre: "Détail",
    className: "ap-colonne--moyenne",
    rendu: (row) => <span className="ap-int-adresse">{row.erreur || row.reponse || "–"}</span>,
  },
];

function Detail({ webhook, id, lectureSeule }: { webhook: string; id: string; lectureSeule: boolean }) {
  const requete = useLivraison(webhook, id);
  const titre = useRef<HTMLHeadingElement>(null);
  // Below the list: whoever opened it is brought to it.
  useEffect(() => titre.current?.focus(), []);
  return (
    <div className="ap-int-detail">
      <h3 ref={titre} tabIndex={-1} className="fr-h6">
        Livraison choisie
      </h3>
      <Requete requete={requete} bloc squelette={<Skeleton />} titreErreur="La livraison n’a pas pu être chargée">
        {({ livraison, corps, essais }) => (
          <>
            <p>
              <strong>{nomDe(livraison.evenement)}</strong>, le {formatInstant(livraison.cree_le)}{" "}
              <Etat etat={livraison.etat} />
            </p>
            {livraison.erreur ? <p className="fr-message fr-message--error">{livraison.erreur}</p> : null}
            {essais.length > 0 ? (
              <DataTable
                legende="Essais de cette livraison"
                compact
                colonnes={ESSAIS}
                lignes={essais}
                cleDe={(row) => `${row.tentative}-${row.le}`}
              />
            ) : (
              <p className="ap-mention">Aucun essai pour le moment.</p>
            )}
            {corps ? (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by the keyboard
              <section className="ap-int-corps" tabIndex={0} aria-label="Contenu envoyé">
                <pre>{lisible(corps)}</pre>
              </section>
            ) : (
              <p className="ap-mention">Le contenu n’est plus conservé.</p>
            )}
            {lectureSeule || !corps ? null : <Rejeu webhook={webhook} id={id} etat={livraison.etat} />}
          </>
        )}
      </Requete>
    </div>
  );
}

function Rejeu({ webhook, id, etat }: { webhook: string; id: string; etat: EtatLivraison }) {
  const { mutate, isPending, error } = useRejeu(webhook);
  const { afficher } = useMessages();
  if (etat === "A_ENVOYER" || etat === "EN_COURS") {
    return <p className="ap-mention">Elle attend d’être envoyée.</p>;
  }
  return (
    <>
      {error ? <ErrorState compact titre="La livraison n’a pas été rejouée" erreur={error} /> : null}
      <Button
        priority="secondary"
        iconId="fr-icon-refresh-line"
        nativeButtonProps={{ "aria-busy": isPending || undefined }}
        onClick={() => {
          if (isPending) return;
          mutate(id, {
            onSuccess: () => afficher({ severite: "success", titre: "La livraison repart, comme le même événement." }),
          });
        }}
      >
        {isPending ? "Envoi…" : "Rejouer cette livraison"}
      </Button>
    </>
  );
}
