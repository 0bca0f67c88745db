/** « Exporter la liste »: choice of the format, then the file, or the progress of the task that writes it. */

import { Alert } from "@codegouvfr/react-dsfr/Alert";
import { Button } from "@codegouvfr/react-dsfr/Button";
import { RadioButtons } from "@codegouvfr/react-dsfr/RadioButtons";
import { useState } from "react";
import { useCommande } from "../../api/commande";
import { formatDate, jourDeParis } from "../../lib/dates";
import { compte, formatEntier } from "../../lib/nombres";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorState } from "../../ui/ErrorState";
import { useMessages } from "../../ui/Messages";
import { type Export, exporter, type Format, finie, pourcentage, telechargerExport, useExport } from "./export";
import type { Filtres } from "./filtres";

/** Rows beyond which the server writes the file in the background. */
const IMMEDIAT = 1_000;

const FORMATS: { valeur: Format; libelle: string; aide: string }[] = [
  { valeur: "xlsx", libelle: "Classeur (XLSX)", aide: "Pour Excel ou LibreOffice" },
  { valeur: "csv", libelle: "Texte (CSV)", aide: "Séparé par des points-virgules, pour un autre logiciel" },
];

export function Exporter({ filtres, total }: { filtres: Filtres; total: number }) {
  const [open, setOpen] = useState(false);
  const [format, setFormat] = useState<Format>("xlsx");
  const [tache, setTache] = useState<string | null>(null);
  const { afficher } = useMessages();
  const lancer = useCommande({
    mutationFn: () => exporter(filtres, format),
    onSuccess: (lance) => {
      setOpen(false);
      if (lance.fini)
        afficher({ severite: "success", titre: "La liste est exportée : le fichier est dans vos téléchargements." });
      else setTache(lance.tache);
    },
  });
  return (
    <>
      <Button
        type="button"
        size="small"
        priority="tertiary"
        iconId="fr-icon-download-line"
        onClick={() => {
          lancer.reset();
          setOpen(true);
        }}
      >
        Exporter la liste
      </Button>
      {tache ? <Suivi uuid={tache} onFermer={() => setTache(null)} /> : null}
      <ConfirmDialog
        ouvert={open}
        titre="Exporter la liste"
        icone="fr-icon-information-line"
        libelleConfirmer="Exporter"
        libelleOccupe="Export en cours…"
        occupe={lancer.isPending}
        erreur={lancer.error}
        onConfirmer={() => lancer.mutate()}
        onFermer={() => setOpen(false)}
      >
        <p>
          {compte(total, "ligne")}, avec vos critères et dans votre périmètre.
          {total > IMMEDIAT
            ? " Le fichier sera préparé en arrière-plan : vous pourrez continuer à travailler, puis le télécharger ici pendant sept jours."
            : ""}{" "}
          L’export est journalisé.
        </p>
        <RadioButtons
          legend="Format"
          name="format-export"
          options={FORMATS.map(({ valeur, libelle, aide }) => ({
            label: libelle,
            hintText: aide,
            nativeInputProps: { value: valeur, checked: format === valeur, onChange: () => setFormat(valeur) },
          }))}
        />
      </ConfirmDialog>
    </>
  );
}

function Suivi({ uuid, onFermer }: { uuid: string; onFermer: () => void }) {
  const { data, error, refetch } = useExport(uuid);
  const saving = useCommande({ mutationFn: telechargerExport });
  if (error && !data) {
    return (
      <ErrorState compact titre="L’export ne peut plus être suivi" erreur={error} onReessayer={() => void refetch()} />
    );
  }
  if (!data || !finie(data.etat)) return <Progression en={data} />;
  if (data.etat !== "TERMINEE") {
    return (
      <Alert
        small
        severity="error"
        closable
        onClose={onFermer}
        description="L’export n’a pas abouti. Recommencez ; si cela se répète, réduisez la liste avec des critères."
      />
    );
  }
  return (
    <div className="ap-export" role="status">
      <p className="fr-mb-1w">
        Votre export est prêt : {compte(data.avancement, "ligne")}
        {data.expire_le ? `, à télécharger avant le ${formatDate(jourDeParis(data.expire_le))}` : ""}.
      </p>
      <Button
        type="button"
        size="small"
        iconId="fr-icon-download-line"
        nativeButtonProps={{ "aria-busy": saving.isPending || undefined }}
        onClick={() => saving.mutate(data)}
      >
        Télécharger le fichier
      </Button>
      <Button type="button" size="small" priority="tertiary no outline" onClick={onFermer}>
        Fermer
      </Button>
      {saving.error ? <ErrorState compact titre="Le fichier n’a pas pu être téléchargé" erreur={saving.error} /> : null}
    </div>
  );
}

function Progression({ en }: { en: Export | undefined }) {
  const part = en ? pourcentage(en) : null;
  return (
    <div className="ap-export">
      <label className="fr-label" htmlFor="progression-export">
        Export en cours{en?.total ? ` : ${formatEntier(en.avancement)} sur ${compte(en.total, "ligne")}` : "…"}
      </label>
      <progress id="progression-export" max={100} value={part ?? undefined} />
    </div>
  );
}
