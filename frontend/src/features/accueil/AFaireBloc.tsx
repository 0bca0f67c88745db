/**
 * « À faire »: figures that open their list, then the rows that wait, each a single link to the action itself.
 * A row that arrives later never moves what is being read: it is offered on top.
 */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useEffect, useRef, useState } from "react";
import type { AFaire, BrouillonAFaire, LigneAFaire, TuileAFaire } from "../../api/dto";
import { formatInstant } from "../../lib/dates";
import { accord, compte, formatEntier } from "../../lib/nombres";
import { apparenceStatut } from "../../lib/statuts";
import { useAnnonce } from "../../ui/Annonces";
import { EmptyState } from "../../ui/EmptyState";
import { Lien } from "../../ui/Lien";
import { StatutBadge } from "../../ui/StatutBadge";

type Props = { donnees: AFaire; lectureSeule: boolean; peutCreer: boolean };

export function AFaireBloc({ donnees, lectureSeule, peutCreer }: Props) {
  const { affiche, nouveautes, montrer } = useSansSursaut(donnees);
  return (
    <>
      <Tuiles tuiles={affiche.tuiles} />
      {affiche.brouillons.length > 0 ? <Brouillons brouillons={affiche.brouillons} /> : null}
      {nouveautes > 0 ? (
        <p className="ap-nouveautes">
          <Button size="small" priority="secondary" iconId="fr-icon-refresh-line" onClick={montrer}>
            {compte(nouveautes, "nouveauté")}, afficher
          </Button>
        </p>
      ) : null}
      {affiche.lignes.length > 0 ? (
        <section aria-labelledby="file" className="ap-bloc">
          <h2 id="file" tabIndex={-1} className="fr-h5">
            Ce qui vous attend, le plus ancien d’abord
          </h2>
          <ul className="fr-raw-list ap-file">
            {affiche.lignes.map((row, index) => (
              <Ligne key={row.uuid} row={row} premiere={index === 0} />
            ))}
          </ul>
          {affiche.total > affiche.lignes.length ? (
            <p className="ap-mention">
              {affiche.lignes.length} {accord(affiche.lignes.length, "dossier affiché", "dossiers affichés")} sur{" "}
              {formatEntier(affiche.total)} : les suivants sont dans la liste.
            </p>
          ) : null}
        </section>
      ) : (
        <Rien lectureSeule={lectureSeule} peutCreer={peutCreer} />
      )}
    </>
  );
}

/** Keeps showing the first answer; new rows are counted and shown on demand. Removed rows leave at once. */
function useSansSursaut(donnees: AFaire) {
  const [base, setBase] = useState(donnees);
  const annoncer = useAnnonce();
  const known = new Set(base.lignes.map((row) => row.uuid));
  const current = new Map(donnees.lignes.map((row) => [row.uuid, row]));
  const nouveautes = donnees.lignes.filter((row) => !known.has(row.uuid)).length;
  const said = useRef(0);
  useEffect(() => {
    if (nouveautes > said.current) annoncer(`${compte(nouveautes, "nouveauté")} à afficher`);
    said.current = nouveautes;
  }, [nouveautes, annoncer]);
  const lignes = base.lignes.flatMap((row) => current.get(row.uuid) ?? []);
  return { affiche: { ...donnees, lignes }, nouveautes, montrer: () => setBase(donnees) };
}

function Tuiles({ tuiles }: { tuiles: readonly TuileAFaire[] }) {
  return (
    <ul className="fr-raw-list ap-tuiles" aria-label="Conventions par statut">
      {tuiles.map(({ code, libelle, nombre, lien }) => {
        const { icone, couleur } = apparenceStatut(code);
        return (
          <li key={code}>
            <Lien to={lien} className={`ap-tuile ap-tuile--${couleur}`}>
              <span className={`ap-tuile__icone ${icone}`} aria-hidden="true" />
              <span className="ap-tuile__nombre">{formatEntier(nombre)}</span>
              <span className="ap-tuile__libelle">{libelle}</span>
            </Lien>
          </li>
        );
      })}
    </ul>
  );
}

function Ligne({ row, premiere }: { row: LigneAFaire; premiere: boolean }) {
  return (
    <li className="ap-file__ligne">
      <div className="ap-file__statut">
        <StatutBadge statut={row.statut} libelle={row.statut_libelle} />
      </div>
      <div className="ap-file__texte">
        <p className="ap-file__titre">{row.titre}</p>
        <p className="ap-file__sous-titre">{row.sous_titre}</p>
      </div>
      <p className="ap-file__resume">{row.resume}</p>
      <Lien to={row.action.lien} className={`fr-btn fr-btn--sm ${premiere ? "" : "fr-btn--secondary"}`}>
        {row.action.libelle}
        <span className="fr-sr-only"> : {row.titre}</span>
      </Lien>
    </li>
  );
}

function Brouillons({ brouillons }: { brouillons: readonly BrouillonAFaire[] }) {
  return (
    <section aria-labelledby="brouillons" className="ap-brouillons">
      <h2 id="brouillons" className="fr-h6 fr-mb-1w">
        Reprendre un brouillon
      </h2>
      <ul className="fr-raw-list">
        {brouillons.map((draft) => (
          <li key={`${draft.convention_uuid}${draft.etape}`} className="ap-brouillons__ligne">
            <span className="fr-icon-edit-line fr-icon--sm" aria-hidden="true" />
            <span>
              « {draft.libelle} », {draft.titre}, <time dateTime={draft.cree_le}>{formatInstant(draft.cree_le)}</time>
            </span>
            <Lien to={draft.lien} className="fr-btn fr-btn--tertiary fr-btn--sm">
              Reprendre
              <span className="fr-sr-only">
                {" "}
                « {draft.libelle} », {draft.titre}
              </span>
            </Lien>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Rien({ lectureSeule, peutCreer }: Omit<Props, "donnees">) {
  return (
    <div id="file" tabIndex={-1}>
      <EmptyState
        titre={lectureSeule ? "Rien n’attend d’action de votre part" : "Rien à faire pour l’instant"}
        icone="fr-icon-checkbox-circle-line"
        actions={
          <>
            {peutCreer ? <Button linkProps={{ to: "/operations" }}>Créer une convention</Button> : null}
            <Button priority="secondary" linkProps={{ to: "/conventions?tri=-mis_a_jour_le" }}>
              Voir toutes les conventions
            </Button>
          </>
        }
      >
        {lectureSeule ? (
          <p>Votre profil consulte : retrouvez une convention par son numéro, sa commune ou son opération.</p>
        ) : null}
      </EmptyState>
    </div>
  );
}
