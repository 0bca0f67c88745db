/** A fact of the journal de bord: what, when, in which words, with which files. Nothing typed is lost by a refusal. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Input } from "@codegouvfr/react-dsfr/Input";
import { Select } from "@codegouvfr/react-dsfr/Select";
import { type FormEvent, useId, useState } from "react";
import { useIntention } from "../../api/commande";
import { hasStatus } from "../../api/problem";
import { jourDeParis } from "../../lib/dates";
import { formatTaille } from "../../lib/nombres";
import { useEnLigne } from "../../lib/useEnLigne";
import { ErrorState } from "../../ui/ErrorState";
import { ErrorSummary } from "../../ui/ErrorSummary";
import { useSaisie } from "../../ui/useSaisie";
import { type Evenement, PiecesRefusees, type SaisieEvenement, type TypeEvenement, useNoter } from "./api";
import { controlerEvenement, DESCRIPTION_MAX, PIECES_ACCEPTEES, refusDesPieces } from "./rules";

type Props = {
  uuid: string;
  types: readonly TypeEvenement[];
  /** The fact to correct; null for a new one. */
  evenement: Evenement | null;
  onEnregistre: (evenement: Evenement) => void;
  onFermer: () => void;
};

export function EvenementForm({ uuid, types, evenement, onEnregistre, onFermer }: Props) {
  const today = jourDeParis(new Date());
  const form = useSaisie<SaisieEvenement>({
    initiale: {
      type_evenement: evenement?.type_evenement ?? types[0]?.code ?? "",
      survenu_le: evenement?.survenu_le ?? today,
      description: evenement?.description ?? "",
    },
    controler: (values) => controlerEvenement(values, today),
  });
  const [fichiers, setFichiers] = useState<readonly File[]>([]);
  const intention = useIntention();
  // The words are kept by the server even when the files are refused: a new try then corrects what was created.
  const [garde, setGarde] = useState<Evenement | null>(null);
  const { mutate, isPending, error } = useNoter(uuid);
  const online = useEnLigne();
  const refus = refusDesPieces(fichiers);
  const { valeurs, changer, champ } = form;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isPending || !online || !form.valide() || refus) return;
    const saisie = { ...valeurs, description: valeurs.description.trim() };
    mutate(
      { evenement: garde ?? evenement, saisie, fichiers, cle: intention.cle(saisie) },
      {
        onSuccess: onEnregistre,
        onError: (failure) => {
          if (failure instanceof PiecesRefusees) setGarde(failure.evenement);
          else if (hasStatus(failure, 422)) form.refuser(failure);
        },
      },
    );
  };
  const name = evenement ? "Corriger l’événement" : "Ajouter un événement";
  return (
    <form onSubmit={submit} noValidate className="ap-encadre ap-evenement-form" aria-label={name}>
      <h2 className="fr-h6">{name}</h2>
      <ErrorSummary points={form.points} envoi={form.envoi} />
      <Select
        {...champ("type_evenement")}
        label="Type (obligatoire)"
        nativeSelectProps={{
          id: "champ-type_evenement",
          value: valeurs.type_evenement,
          onChange: (event) => changer({ type_evenement: event.target.value }),
        }}
      >
        {types.map(({ code, libelle }) => (
          <option key={code} value={code}>
            {libelle}
          </option>
        ))}
      </Select>
      <Input
        {...champ("survenu_le")}
        label="Date (obligatoire)"
        hintText="Le jour où c’est arrivé, aujourd’hui au plus tard."
        nativeInputProps={{
          id: "champ-survenu_le",
          type: "date",
          value: valeurs.survenu_le,
          max: today,
          onChange: (event) => changer({ survenu_le: event.target.value }),
        }}
      />
      <Input
        {...champ("description")}
        label="Description (obligatoire)"
        hintText={`${DESCRIPTION_MAX.toLocaleString("fr-FR")} caractères au plus. Le bailleur ne lit pas le journal de bord.`}
        textArea
        nativeTextAreaProps={{
          id: "champ-description",
          rows: 4,
          value: valeurs.description,
          onChange: (event) => changer({ description: event.target.value }),
        }}
      />
      <ChoixFichiers evenement={evenement} fichiers={fichiers} refus={refus} onChoix={setFichiers} />
      {error && form.points.length === 0 ? <Refuse erreur={error} /> : null}
      <ul className="fr-btns-group fr-btns-group--inline fr-btns-group--sm fr-mt-3w fr-mb-n2w">
        <li>
          <Button
            size="small"
            type="submit"
            nativeButtonProps={{
              "aria-disabled": isPending || !online || undefined,
              "aria-busy": isPending || undefined,
              title: online ? undefined : "Indisponible hors connexion",
            }}
          >
            {isPending ? "Enregistrement…" : "Enregistrer l’événement"}
          </Button>
        </li>
        <li>
          <Button size="small" type="button" priority="secondary" onClick={onFermer}>
            {garde ? "Fermer" : "Annuler la saisie"}
          </Button>
        </li>
      </ul>
    </form>
  );
}

function Refuse({ erreur }: { erreur: Error }) {
  if (erreur instanceof PiecesRefusees)
    return (
      <ErrorState
        compact
        titre="L’événement est enregistré, mais ses pièces n’ont pas été jointes"
        erreur={erreur.origine}
      />
    );
  return (
    <ErrorState
      compact
      titre={
        hasStatus(erreur, 412)
          ? "Cet événement vient d’être modifié par quelqu’un d’autre : fermez la saisie pour le relire"
          : "L’événement n’a pas été enregistré"
      }
      erreur={erreur}
    />
  );
}

function ChoixFichiers({
  evenement,
  fichiers,
  refus,
  onChoix,
}: {
  evenement: Evenement | null;
  fichiers: readonly File[];
  refus: string | null;
  onChoix: (files: readonly File[]) => void;
}) {
  const id = useId();
  const replaces = (evenement?.pieces.length ?? 0) > 0;
  return (
    <div className={`fr-upload-group fr-mt-3w${refus ? " fr-upload-group--error" : ""}`}>
      <label className="fr-label" htmlFor={id}>
        {replaces ? "Remplacer les pièces" : "Pièces"}
        <span className="fr-hint-text">
          PDF, images ou documents bureautiques, 100 Mo au plus chacun.
          {replaces
            ? " Les fichiers choisis prennent la place de ceux en vigueur, qui restent dans les versions précédentes."
            : ""}
        </span>
      </label>
      <input
        id={id}
        className="fr-upload"
        type="file"
        multiple
        accept={PIECES_ACCEPTEES.join(",")}
        aria-describedby={refus ? `${id}-refus` : undefined}
        onChange={(event) => onChoix([...(event.target.files ?? [])])}
      />
      {fichiers.length > 0 ? (
        <ul className="fr-mt-1w fr-mb-0">
          {fichiers.map(({ name, size }) => (
            <li key={`${name}${size}`}>
              {name} ({formatTaille(size)})
            </li>
          ))}
        </ul>
      ) : null}
      {refus ? (
        <p id={`${id}-refus`} className="fr-error-text">
          {refus}
        </p>
      ) : null}
    </div>
  );
}
