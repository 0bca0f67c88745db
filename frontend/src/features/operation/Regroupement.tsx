/** Ticks and commands to group or ungroup the conventions of an operation, with dialogs that say what will happen. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useId, useState } from "react";
import { useIntention } from "../../api/commande";
import type { ConventionLigne, Operation } from "../../api/dto";
import { accord, compte } from "../../lib/nombres";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorState } from "../../ui/ErrorState";
import { useMessages } from "../../ui/Messages";
import { Skeleton } from "../../ui/Skeleton";
import {
  casesUtiles,
  choixDe,
  enumerer,
  phraseEcart,
  regroupablesDe,
  useConventionADegrouper,
  useDegroupement,
  useRegroupement,
} from "./mixte";

export type Selection = {
  /** Rows that may be ticked; none when nothing can be grouped nor ungrouped. */
  possibles: readonly ConventionLigne[];
  cochees: ReadonlySet<string>;
  basculer: (uuid: string) => void;
  vider: () => void;
};

/** Ticked rows; those that leave the operation, or that can no longer be grouped, are forgotten. */
export function useSelection(operation: Operation): Selection {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const rows = regroupablesDe(operation);
  const possibles = casesUtiles(rows) ? rows : [];
  return {
    possibles,
    cochees: new Set(possibles.map(({ uuid }) => uuid).filter((uuid) => ticked.has(uuid))),
    basculer: (uuid) =>
      setTicked((before) => {
        const next = new Set(before);
        if (!next.delete(uuid)) next.add(uuid);
        return next;
      }),
    vider: () => setTicked(new Set()),
  };
}

const nom = ({ financements, numero }: ConventionLigne): string =>
  `la convention ${enumerer(financements)}${numero ? ` (${numero})` : ""}`;

/** Box of a row. A convention of several financements has one row for each: they share the same tick. */
export function Case({ selection, convention }: { selection: Selection; convention: ConventionLigne | null }) {
  const id = useId();
  if (!convention || !selection.possibles.some(({ uuid }) => uuid === convention.uuid)) return null;
  return (
    <div className="fr-checkbox-group fr-checkbox-group--sm ap-case">
      <input
        type="checkbox"
        id={id}
        checked={selection.cochees.has(convention.uuid)}
        onChange={() => selection.basculer(convention.uuid)}
      />
      <label className="fr-label" htmlFor={id}>
        <span className="fr-sr-only">Sélectionner {nom(convention)}</span>
      </label>
    </div>
  );
}

/** Command of the selection, under the table. */
export function BarreRegroupement({ operation, selection }: { operation: Operation; selection: Selection }) {
  const [dialog, setDialog] = useState(false);
  const { possibles, cochees } = selection;
  const choice = choixDe(possibles.filter(({ uuid }) => cochees.has(uuid)));
  const done = () => {
    setDialog(false);
    selection.vider();
  };
  if (possibles.length === 0) return null;
  return (
    <div className="ap-regroupement">
      <p className="fr-mb-0" role="status">
        {cochees.size > 0 ? `${compte(cochees.size, "convention")} ${accord(cochees.size, "cochée")}. ` : ""}
        {choice.geste === "aucun" ? choice.aide : ""}
      </p>
      {choice.geste === "aucun" ? null : (
        <Button
          priority="secondary"
          size="small"
          iconId={choice.geste === "grouper" ? "fr-icon-links-line" : "fr-icon-arrow-up-down-line"}
          onClick={() => setDialog(true)}
        >
          {choice.geste === "grouper" ? "Grouper les conventions" : "Dégrouper la convention"}
        </Button>
      )}
      <Grouper
        numero={operation.numero}
        ouvert={dialog && choice.geste === "grouper"}
        survivante={choice.geste === "grouper" ? choice.survivante : null}
        autres={choice.geste === "grouper" ? choice.autres : []}
        onFermer={() => setDialog(false)}
        onFait={done}
      />
      <Degrouper
        numero={operation.numero}
        convention={dialog && choice.geste === "degrouper" ? choice.convention : null}
        onFermer={() => setDialog(false)}
        onFait={done}
      />
    </div>
  );
}

type GrouperProps = {
  numero: string;
  ouvert: boolean;
  survivante: ConventionLigne | null;
  autres: readonly ConventionLigne[];
  onFermer: () => void;
  onFait: () => void;
};

function Grouper({ numero, ouvert, survivante, autres, onFermer, onFait }: GrouperProps) {
  const intention = useIntention();
  const { mutate, isPending, error, reset } = useRegroupement(numero);
  const { afficher } = useMessages();
  const close = () => {
    reset();
    onFermer();
  };
  const confirm = () => {
    if (!survivante) return;
    const uuids = [survivante.uuid, ...autres.map(({ uuid }) => uuid)];
    mutate(
      { uuids, cle: intention.cle(uuids) },
      {
        onSuccess: ({ convention, ecarts }) => {
          intention.faite();
          afficher({
            severite: ecarts.length > 0 ? "warning" : "success",
            titre: `Conventions groupées : ${enumerer(convention.financements)}`,
            detail:
              ecarts.length > 0 ? (
                <>
                  <p className="fr-mb-1v">Ces valeurs n’étaient pas les mêmes. Vérifiez celles qui sont gardées :</p>
                  <ul className="fr-mb-0">
                    {ecarts.map((ecart) => (
                      <li key={ecart.champ}>{phraseEcart(ecart)}</li>
                    ))}
                  </ul>
                </>
              ) : (
                "Aucune valeur saisie n’était différente."
              ),
          });
          onFait();
        },
      },
    );
  };
  return (
    <ConfirmDialog
      ouvert={ouvert}
      titre={`Grouper ${autres.length + 1} conventions`}
      libelleConfirmer="Grouper les conventions"
      libelleOccupe="Regroupement…"
      occupe={isPending}
      erreur={error}
      onConfirmer={confirm}
      onFermer={close}
      icone="fr-icon-arrow-right-line"
    >
      {survivante ? (
        <>
          <p>
            Il ne restera que <strong>{nom(survivante)}</strong>, la plus ancienne, avec ses valeurs. Elle portera les
            financements {enumerer([survivante, ...autres].flatMap(({ financements }) => financements))}.
          </p>
          <ul>
            <li>
              {autres.length > 1 ? "Les lots, logements et prêts de " : "Le lot, les logements et les prêts de "}
              {enumerer(autres.map(nom))} la rejoignent.
            </li>
            <li>Les commentaires, l’historique, les événements et les fichiers sont gardés, avec leur origine.</li>
            <li>Les valeurs qui diffèrent vous seront montrées après le regroupement.</li>
          </ul>
          <p className="fr-mb-0">Vous pourrez dégrouper tant que la convention est en projet.</p>
        </>
      ) : null}
    </ConfirmDialog>
  );
}

type DegrouperProps = {
  numero: string;
  convention: ConventionLigne | null;
  onFermer: () => void;
  onFait: () => void;
};

function Degrouper({ numero, convention, onFermer, onFait }: DegrouperProps) {
  const intention = useIntention();
  const { mutate, isPending, error, reset } = useDegroupement(numero);
  const { data, error: unread } = useConventionADegrouper(convention?.uuid ?? null);
  const { afficher } = useMessages();
  const close = () => {
    reset();
    onFermer();
  };
  const [first, ...others] = data?.lots ?? [];
  const confirm = () => {
    if (!convention || !data) return;
    mutate(
      { uuid: convention.uuid, version: data.version, cle: intention.cle([convention.uuid, data.version]) },
      {
        onSuccess: ({ creees }) => {
          intention.faite();
          afficher({
            severite: "success",
            titre: "Convention dégroupée",
            detail: `${compte(creees.length, "nouvelle convention", "nouvelles conventions")} en projet : ${enumerer(creees.map(({ financement }) => financement))}.`,
          });
          onFait();
        },
      },
    );
  };
  return (
    <ConfirmDialog
      ouvert={convention !== null}
      titre="Dégrouper la convention"
      libelleConfirmer="Dégrouper la convention"
      libelleOccupe="Dégroupement…"
      occupe={isPending}
      confirmable={data !== undefined}
      erreur={error}
      onConfirmer={confirm}
      onFermer={close}
      icone="fr-icon-arrow-right-line"
    >
      {unread ? <ErrorState compact titre="La convention n’a pas pu être lue" erreur={unread} /> : null}
      {data ? (
        <>
          <p>
            La convention garde le financement <strong>{first}</strong>, son adresse, son numéro, ses commentaires et
            son historique.
          </p>
          <ul className="fr-mb-0">
            <li>
              {compte(others.length, "nouvelle convention", "nouvelles conventions")} en projet : {enumerer(others)},
              avec une copie des valeurs saisies.
            </li>
            <li>Les commentaires posés sur les logements ou les prêts d’un lot suivent ce lot.</li>
          </ul>
        </>
      ) : unread ? null : (
        <Skeleton forme="fiche" nombre={2} libelle="Lecture de la convention" />
      )}
    </ConfirmDialog>
  );
}
