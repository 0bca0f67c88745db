/** Step 1: which administration, and what it receives, by département or by a list of communes. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { RadioButtons } from "@codegouvfr/react-dsfr/RadioButtons";
import { useState } from "react";
import { DEPARTEMENTS } from "../../../lib/departements";
import { Combobox, type OptionCombobox } from "../../../ui/Combobox";
import { ErrorState } from "../../../ui/ErrorState";
import { FileDrop } from "../../../ui/FileDrop";
import { MultiSelect } from "../../../ui/MultiSelect";
import { chercherAdministrations, envoyerListe, type Reassignation, useSimulation } from "./api";

const TAILLE_MAX = 2 * 1024 * 1024;
const TYPES = [".xlsx", ".csv", "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"];
const OPTIONS = DEPARTEMENTS.map(({ code, nom }) => ({ valeur: code, libelle: `${code} ${nom}` }));

export function Choix({ onSimulation }: { onSimulation: (simulation: Reassignation) => void }) {
  const [cible, setCible] = useState<OptionCombobox | null>(null);
  const [mode, setMode] = useState<"departements" | "communes">("departements");
  const [departements, setDepartements] = useState<string[]>([]);
  const [sent, setSent] = useState(false);
  const simuler = useSimulation();
  const sansCible = sent && !cible ? "Choisissez l’administration qui recevra les opérations." : undefined;
  const sansDepartement = sent && departements.length === 0;
  return (
    <form
      className="ap-delegataires__choix"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setSent(true);
        if (!cible || mode !== "departements" || departements.length === 0) return;
        simuler.mutate({ cible: cible.valeur, departements }, { onSuccess: onSimulation });
      }}
    >
      <Combobox
        libelle="Nouvelle administration (obligatoire)"
        aide="Nom ou code, deux caractères au moins"
        valeur={cible}
        onChange={setCible}
        chercher={chercherAdministrations}
        erreur={sansCible}
      />
      <RadioButtons
        legend="Opérations à lui confier"
        name="mode-reassignation"
        options={[
          {
            label: "Par département",
            hintText: "Toutes les opérations des départements choisis",
            nativeInputProps: { checked: mode === "departements", onChange: () => setMode("departements") },
          },
          {
            label: "Par liste de communes",
            hintText: "Toutes les opérations des communes d’un fichier",
            nativeInputProps: { checked: mode === "communes", onChange: () => setMode("communes") },
          },
        ]}
      />
      {mode === "departements" ? (
        <>
          <MultiSelect
            libelle="Départements (obligatoire)"
            options={OPTIONS}
            valeurs={departements}
            onChange={setDepartements}
            aucun="Choisissez un ou plusieurs départements"
            nomPluriel="départements choisis"
          />
          {sansDepartement ? (
            <p className="fr-message fr-message--error fr-mb-3w" role="alert">
              Choisissez au moins un département.
            </p>
          ) : null}
          {simuler.error ? <ErrorState compact titre="La simulation a échoué" erreur={simuler.error} /> : null}
          <Button type="submit" nativeButtonProps={{ "aria-busy": simuler.isPending || undefined }}>
            {simuler.isPending ? "Recherche en cours…" : "Voir ce qui sera réassigné"}
          </Button>
        </>
      ) : (
        <>
          <p className="fr-mb-1w">
            Le fichier a deux colonnes, « Code postal » et « Commune », dans une feuille « Communes » ou dans un texte
            CSV. Une commune qui a plusieurs codes postaux est prise entière. Les lignes qui ne désignent aucune commune
            vous seront montrées, avec leur numéro.
          </p>
          {cible ? null : <p className="fr-message fr-message--info">Choisissez d’abord l’administration.</p>}
          <FileDrop
            libelle="Liste de communes"
            aide="XLSX ou CSV, 2 Mo et 5 000 lignes au plus"
            accepte={TYPES}
            tailleMax={TAILLE_MAX}
            inactif={!cible}
            envoyer={envoyerListe(cible?.valeur ?? "", onSimulation)}
          />
        </>
      )}
    </form>
  );
}
