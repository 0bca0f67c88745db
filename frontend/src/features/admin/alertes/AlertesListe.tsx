/** Messages that left the platform or wait to, for the staff: criteria, table, relaunch of one or of all. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useMemo, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { compte, formatEntier } from "../../../lib/nombres";
import type { Colonne } from "../../../ui/DataTable";
import { EmptyState } from "../../../ui/EmptyState";
import { Lien } from "../../../ui/Lien";
import { ListePaginee } from "../../../ui/ListePaginee";
import { useAlertes } from "./api";
import { Criteres } from "./Criteres";
import { EssaisAlerte, EtatAlerte } from "./EtatAlerte";
import { ecrireFiltresAlertes, type FiltresAlertes, lireFiltresAlertes, PAR_PAGE, sansCritere } from "./filtres";
import { RelanceDialogue, RelanceTout } from "./Relance";
import { type Alerte, destinataireDe, estPerdue, instantCourt, objetDe, titreDe } from "./rules";

/** The server stops counting there. */
const PLAFOND = 10_000;

const colonnes = (onRelancer: ((alerte: Alerte) => void) | null): Colonne<Alerte>[] => [
  {
    cle: "titre",
    titre: "Message",
    enTete: true,
    className: "ap-colonne--moyenne",
    rendu: (row) => (
      <>
        <Lien to={`/admin/alertes-siap/${row.uuid}`}>{titreDe(row)}</Lien>
        <span className="ap-mention ap-alertes__suite">
          {[destinataireDe(row), row.auteur && `par ${row.auteur}`].filter(Boolean).join(", ")}
        </span>
      </>
    ),
  },
  {
    cle: "objet",
    titre: "Convention",
    className: "ap-colonne--moyenne",
    rendu: (row) =>
      row.convention_uuid ? <Lien to={`/conventions/${row.convention_uuid}`}>{objetDe(row)}</Lien> : objetDe(row),
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
  ...(onRelancer
    ? [
        {
          cle: "action",
          titre: "Action",
          rendu: (row: Alerte) =>
            estPerdue(row) ? (
              <Button
                size="small"
                priority="secondary"
                title={`Relancer « ${titreDe(row)} », ${objetDe(row)}`}
                onClick={() => onRelancer(row)}
              >
                Relancer
              </Button>
            ) : (
              "–"
            ),
        },
      ]
    : []),
];

export function AlertesListe({ peutAgir }: { peutAgir: boolean }) {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const filtres = useMemo(() => lireFiltresAlertes(new URLSearchParams(search)), [search]);
  const [chosen, setChosen] = useState<Alerte | null>(null);
  const requete = useAlertes(filtres);
  const columns = useMemo(() => colonnes(peutAgir ? setChosen : null), [peutAgir]);
  const adresse = (next: FiltresAlertes) => {
    const query = ecrireFiltresAlertes(next).toString();
    return query ? `${pathname}?${query}` : pathname;
  };
  return (
    <>
      <Criteres filtres={filtres} onChercher={(next) => navigate(adresse(next), { preventScrollReset: true })} />
      <ListePaginee
        requete={requete}
        page={filtres.page}
        parPage={PAR_PAGE}
        adresse={(page) => adresse({ ...filtres, page })}
        legende="Messages, du plus récent au plus ancien"
        colonnes={columns}
        cleDe={(row) => row.uuid}
        nombre={(total) => (total >= PLAFOND ? `Plus de ${formatEntier(PLAFOND)} messages` : compte(total, "message"))}
        outils={peutAgir ? <RelanceTout filtres={filtres} /> : null}
        libelleAttente="Chargement des messages"
        vide={
          <EmptyState
            titre={sansCritere(filtres) ? "Aucun message pour le moment" : "Aucun message avec ces critères"}
            actions={
              sansCritere(filtres) ? null : (
                <Button priority="secondary" onClick={() => navigate(pathname)}>
                  Retirer les critères
                </Button>
              )
            }
          />
        }
      />
      <RelanceDialogue alerte={chosen} onFermer={() => setChosen(null)} />
    </>
  );
}
