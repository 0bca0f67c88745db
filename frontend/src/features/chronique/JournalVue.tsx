/** The journal de bord: facts noted by the service, the latest first; a cancelled one stays, struck through (JO-11). */
import { Badge } from "@codegouvfr/react-dsfr/Badge";
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useState } from "react";
import { nouvelleCle } from "../../api/client";
import { formatDateLongue, formatInstant } from "../../lib/dates";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { EmptyState } from "../../ui/EmptyState";
import { useMessages } from "../../ui/Messages";
import { Pages } from "../../ui/Pages";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { Timeline } from "../../ui/Timeline";
import {
  type Evenement,
  type Journal,
  type Piece,
  type TypeEvenement,
  useAnnulerEvenement,
  useRetirerPiece,
  useVersions,
} from "./api";
import { EvenementForm } from "./EvenementForm";
import { Pieces } from "./Pieces";

type Props = {
  uuid: string;
  journal: Journal;
  types: readonly TypeEvenement[];
  /** Previous versions are for superusers. */
  versions: boolean;
  adresse: (page: number) => string;
};

export function JournalVue({ uuid, journal, types, versions, adresse }: Props) {
  const { resultats, total, page, par_page, ouvert, ecriture_possible } = journal;
  const [saisie, setSaisie] = useState<Evenement | "nouveau" | null>(null);
  const [aAnnuler, setAAnnuler] = useState<{ evenement: Evenement; cle: string } | null>(null);
  const [aRetirer, setARetirer] = useState<Retrait | null>(null);
  const { mutate, isPending, error, reset } = useAnnulerEvenement(uuid);
  const { afficher } = useMessages();
  const ferme = () => {
    setAAnnuler(null);
    reset();
  };
  if (!ouvert)
    return (
      <EmptyState titre="Le journal de bord n’est pas encore ouvert" icone="fr-icon-booklet-line">
        <p>Il s’ouvre quand le dossier est validé, au statut « À signer ».</p>
      </EmptyState>
    );
  return (
    <div className="ap-journal">
      {ecriture_possible && saisie === null ? (
        <Button iconId="fr-icon-add-line" onClick={() => setSaisie("nouveau")}>
          Ajouter un événement
        </Button>
      ) : null}
      {saisie ? (
        <EvenementForm
          key={saisie === "nouveau" ? "nouveau" : saisie.uuid}
          uuid={uuid}
          types={types}
          evenement={saisie === "nouveau" ? null : saisie}
          onFermer={() => setSaisie(null)}
          onEnregistre={() => {
            afficher({
              severite: "success",
              titre: saisie === "nouveau" ? "Événement ajouté au journal de bord" : "Événement corrigé",
            });
            setSaisie(null);
          }}
        />
      ) : null}
      {resultats.length === 0 && saisie ? null : resultats.length === 0 ? (
        <EmptyState titre="Aucun événement" icone="fr-icon-booklet-line">
          <p>Notez ici ce qui arrive hors de la plateforme : envois, retours, échanges avec le bailleur.</p>
        </EmptyState>
      ) : (
        <Timeline
          libelle="Journal de bord, du plus récent au plus ancien"
          evenements={resultats.map((evenement) => ({
            id: evenement.uuid,
            le: evenement.survenu_le,
            quand: formatDateLongue(evenement.survenu_le),
            icone: "fr-icon-booklet-line",
            titre: <Titre evenement={evenement} />,
            contenu: (
              <Contenu
                evenement={evenement}
                versions={versions}
                onCorriger={() => setSaisie(evenement)}
                onAnnuler={() => setAAnnuler({ evenement, cle: nouvelleCle() })}
                onRetirer={(piece) => setARetirer({ evenement, piece })}
              />
            ),
          }))}
        />
      )}
      <Pages total={total} parPage={par_page} page={page} adresse={adresse} />
      <ConfirmDialog
        ouvert={aAnnuler !== null}
        titre="Annuler cet événement ?"
        libelleConfirmer="Annuler l’événement"
        libelleOccupe="Annulation…"
        libelleAnnuler="Garder l’événement"
        occupe={isPending}
        erreur={error}
        onFermer={ferme}
        onConfirmer={() => {
          if (aAnnuler)
            mutate(aAnnuler, {
              onSuccess: () => {
                ferme();
                afficher({ severite: "success", titre: "Événement annulé : il reste visible, barré" });
              },
            });
        }}
      >
        <p>
          « {aAnnuler?.evenement.type_libelle} » du {formatDateLongue(aAnnuler?.evenement.survenu_le)} restera dans le
          journal, barré. Rien n’est effacé, et cela ne se défait pas.
        </p>
      </ConfirmDialog>
      <RetraitPiece uuid={uuid} retrait={aRetirer} onFermer={() => setARetirer(null)} />
    </div>
  );
}

type Retrait = { evenement: Evenement; piece: Piece };

/** Confirmation of the removal of one file: what becomes of it is said before. */
function RetraitPiece({ uuid, retrait, onFermer }: { uuid: string; retrait: Retrait | null; onFermer: () => void }) {
  const { mutate, isPending, error, reset } = useRetirerPiece(uuid);
  const { afficher } = useMessages();
  const ferme = () => {
    onFermer();
    reset();
  };
  return (
    <ConfirmDialog
      ouvert={retrait !== null}
      titre="Retirer cette pièce ?"
      libelleConfirmer="Retirer la pièce"
      libelleOccupe="Retrait…"
      libelleAnnuler="Garder la pièce"
      occupe={isPending}
      erreur={error}
      onFermer={ferme}
      onConfirmer={() => {
        if (retrait)
          mutate(
            { evenement: retrait.evenement, piece: retrait.piece.uuid },
            {
              onSuccess: () => {
                ferme();
                afficher({ severite: "success", titre: `Pièce retirée : ${retrait.piece.nom}` });
              },
            },
          );
      }}
    >
      <p>
        « {retrait?.piece.nom} » ne sera plus jointe à l’événement. Elle reste dans sa version précédente, que
        l’assistance peut relire.
      </p>
    </ConfirmDialog>
  );
}

function Titre({ evenement: { type_libelle, annule_le } }: { evenement: Evenement }) {
  if (!annule_le) return type_libelle;
  return (
    <>
      <del>{type_libelle}</del>{" "}
      <Badge small noIcon severity="warning" as="span">
        Annulé
      </Badge>
    </>
  );
}

function Contenu({
  evenement,
  versions,
  onCorriger,
  onAnnuler,
  onRetirer,
}: {
  evenement: Evenement;
  versions: boolean;
  onCorriger: () => void;
  onAnnuler: () => void;
  onRetirer: (piece: Piece) => void;
}) {
  const {
    description,
    cree_par,
    cree_le,
    modifie_le,
    modifie_par,
    annule_le,
    annule_par,
    pieces,
    modifiable,
    type_libelle,
  } = evenement;
  const text = <p className="ap-texte-long fr-mb-1v">{description}</p>;
  return (
    <>
      {annule_le ? <del>{text}</del> : text}
      <Pieces pieces={pieces} libelle={`Pièces : ${type_libelle}`} onRetirer={modifiable ? onRetirer : undefined} />
      <p className="ap-mention fr-text--sm fr-mb-1v">
        Noté par {cree_par || "une personne inconnue"} le {formatInstant(cree_le)}
        {annule_le
          ? `, annulé par ${annule_par || "une personne inconnue"} le ${formatInstant(annule_le)}`
          : modifie_le
            ? `, modifié par ${modifie_par || "une personne inconnue"} le ${formatInstant(modifie_le)}`
            : ""}
        .
      </p>
      {modifiable ? (
        <ul className="fr-btns-group fr-btns-group--inline fr-btns-group--sm fr-mb-n2w">
          <li>
            <Button size="small" priority="tertiary" onClick={onCorriger}>
              Corriger<span className="fr-sr-only"> « {type_libelle} »</span>
            </Button>
          </li>
          <li>
            <Button size="small" priority="tertiary no outline" onClick={onAnnuler}>
              Annuler l’événement<span className="fr-sr-only"> « {type_libelle} »</span>
            </Button>
          </li>
        </ul>
      ) : null}
      {versions && evenement.version > 1 ? <Versions uuid={evenement.uuid} /> : null}
    </>
  );
}

function Versions({ uuid }: { uuid: string }) {
  const [open, setOpen] = useState(false);
  const requete = useVersions(uuid, open);
  return (
    <details className="ap-versions fr-mt-1w" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Versions précédentes</summary>
      {open ? (
        <Requete
          requete={requete}
          bloc
          squelette={<Skeleton forme="lignes" nombre={2} libelle="Chargement des versions" />}
        >
          {(liste) => (
            <ul>
              {liste.map(({ version, type_libelle, survenu_le, description, pieces, remplacee_le, remplacee_par }) => (
                <li key={version}>
                  <strong>{type_libelle}</strong>, {formatDateLongue(survenu_le)}
                  <p className="ap-texte-long fr-mb-1v">{description}</p>
                  <Pieces pieces={pieces} libelle={`Pièces de la version ${version}`} />
                  <p className="ap-mention">
                    Remplacée par {remplacee_par || "une personne inconnue"} le {formatInstant(remplacee_le)}.
                  </p>
                </li>
              ))}
            </ul>
          )}
        </Requete>
      ) : null}
    </details>
  );
}
