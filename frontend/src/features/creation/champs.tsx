/** Fields that several of these forms share. Each control has the id `champ-<name>`, where errors lead. */
import { Input } from "@codegouvfr/react-dsfr/Input";
import { Select } from "@codegouvfr/react-dsfr/Select";
import { useState } from "react";
import { useConfiguration } from "../../app/configuration";
import { jourDeParis } from "../../lib/dates";
import { formatTaille } from "../../lib/nombres";
import { useEnLigne } from "../../lib/useEnLigne";
import { Combobox, type OptionCombobox } from "../../ui/Combobox";
import { FileDrop } from "../../ui/FileDrop";
import { chercherAdministrations, chercherBailleurs, type DocumentImporte, envoyerDocument } from "./api";
import { anneesDepuis, FINANCEMENTS, type FinancementSaisi, NATURES, type SaisieOperation } from "./rules";

type Etat = { state: "error" | "default"; stateRelatedMessage?: string };
type Champ = (name: never) => Etat;

type Base = { label: string; hintText?: string; etat: Etat; nom: string };

type TexteProps = Base & {
  valeur: string;
  onChange: (valeur: string) => void;
  max?: number;
  chiffres?: boolean;
};

export function ChampTexte({ label, hintText, etat, nom, valeur, onChange, max = 255, chiffres = false }: TexteProps) {
  return (
    <Input
      {...etat}
      label={label}
      hintText={hintText}
      nativeInputProps={{
        id: `champ-${nom}`,
        value: valeur,
        maxLength: max,
        autoComplete: "off",
        inputMode: chiffres ? "numeric" : undefined,
        onChange: (event) => onChange(event.target.value),
      }}
    />
  );
}

export function ChampLong({ label, hintText, etat, nom, valeur, onChange }: Omit<TexteProps, "max" | "chiffres">) {
  return (
    <Input
      {...etat}
      textArea
      label={label}
      hintText={hintText}
      nativeTextAreaProps={{
        id: `champ-${nom}`,
        value: valeur,
        rows: 4,
        maxLength: 5000,
        onChange: (event) => onChange(event.target.value),
      }}
    />
  );
}

type ListeProps<T extends string> = Base & {
  valeur: T | "";
  onChange: (valeur: T | "") => void;
  choix: readonly (readonly [T, string])[];
  invite: string;
};

export function ChampListe<T extends string>({
  label,
  hintText,
  etat,
  nom,
  valeur,
  onChange,
  choix,
  invite,
}: ListeProps<T>) {
  return (
    <Select
      {...etat}
      label={label}
      hint={hintText}
      nativeSelectProps={{
        id: `champ-${nom}`,
        value: valeur,
        onChange: (event) => onChange(event.target.value as T | ""),
      }}
    >
      <option value="">{invite}</option>
      {choix.map(([code, libelle]) => (
        <option key={code} value={code}>
          {libelle}
        </option>
      ))}
    </Select>
  );
}

/** Year of signature, the most recent first. */
export function ChampAnnee({
  etat,
  valeur,
  onChange,
  label = "Année de signature (obligatoire)",
  hintText,
  nom = "annee_signature",
}: {
  etat: Etat;
  valeur: string;
  onChange: (valeur: string) => void;
  label?: string;
  hintText?: string;
  nom?: string;
}) {
  const courante = Number(jourDeParis(new Date()).slice(0, 4));
  return (
    <ChampListe
      label={label}
      hintText={hintText}
      etat={etat}
      nom={nom}
      valeur={valeur}
      onChange={onChange}
      invite="Choisissez"
      choix={anneesDepuis(courante).map((annee) => [String(annee), String(annee)] as const)}
    />
  );
}

type EntiteProps = {
  libelle: string;
  aide?: string;
  etat: Etat;
  valeur: OptionCombobox | null;
  onChange: (option: OptionCombobox | null) => void;
};

export const ChampBailleur = ({
  libelle,
  aide,
  etat,
  valeur,
  onChange,
  codePostal,
}: EntiteProps & { codePostal?: string }) => (
  <Combobox
    id="champ-bailleur_uuid"
    libelle={libelle}
    aide={aide ?? "Nom ou SIREN, deux caractères au moins."}
    valeur={valeur}
    onChange={onChange}
    chercher={chercherBailleurs(codePostal)}
    erreur={etat.stateRelatedMessage}
  />
);

export const ChampAdministration = ({ libelle, aide, etat, valeur, onChange }: EntiteProps) => (
  <Combobox
    id="champ-administration_uuid"
    libelle={libelle}
    aide={aide ?? "Nom ou code du service instructeur, deux caractères au moins."}
    valeur={valeur}
    onChange={onChange}
    chercher={chercherAdministrations}
    erreur={etat.stateRelatedMessage}
  />
);

export const choixFinancements = (codes: readonly FinancementSaisi[]) =>
  codes.map((code) => [code, FINANCEMENTS[code]] as const);

type OperationProps = {
  valeurs: SaisieOperation;
  changer: (change: Partial<SaisieOperation>) => void;
  champ: Champ;
};

/** The operation and its convention, as P21 and P23 ask for them. */
export function ChampsOperation({ valeurs, changer, champ }: OperationProps) {
  const etat = champ as (name: keyof SaisieOperation) => Etat;
  return (
    <>
      <ChampTexte
        label="Nom de l’opération (obligatoire)"
        nom="nom"
        etat={etat("nom")}
        valeur={valeurs.nom}
        onChange={(nom) => changer({ nom })}
      />
      <ChampBailleur
        libelle="Bailleur (obligatoire)"
        etat={etat("bailleur_uuid")}
        codePostal={valeurs.code_postal}
        valeur={valeurs.bailleur_uuid}
        onChange={(bailleur_uuid) => changer({ bailleur_uuid })}
      />
      <ChampAdministration
        libelle="Administration (obligatoire)"
        etat={etat("administration_uuid")}
        valeur={valeurs.administration_uuid}
        onChange={(administration_uuid) => changer({ administration_uuid })}
      />
      <div className="fr-grid-row fr-grid-row--gutters">
        <div className="fr-col-12 fr-col-sm-4">
          <ChampTexte
            label="Code postal (obligatoire)"
            hintText="Par exemple 87000"
            nom="code_postal"
            max={5}
            chiffres
            etat={etat("code_postal")}
            valeur={valeurs.code_postal}
            onChange={(code_postal) => changer({ code_postal })}
          />
        </div>
        <div className="fr-col-12 fr-col-sm-8">
          <ChampTexte
            label="Ville (obligatoire)"
            hintText="Par exemple Limoges"
            nom="ville"
            etat={etat("ville")}
            valeur={valeurs.ville}
            onChange={(ville) => changer({ ville })}
          />
        </div>
      </div>
      <ChampListe
        label="Nature des logements (obligatoire)"
        nom="nature_logement"
        etat={etat("nature_logement")}
        valeur={valeurs.nature_logement}
        onChange={(nature_logement) => changer({ nature_logement })}
        invite="Choisissez une nature"
        choix={Object.entries(NATURES) as [keyof typeof NATURES, string][]}
      />
      <div className="fr-grid-row fr-grid-row--gutters">
        <div className="fr-col-12 fr-col-sm-6">
          <ChampListe
            label="Financement (obligatoire)"
            nom="financement"
            etat={etat("financement")}
            valeur={valeurs.financement}
            onChange={(financement) => changer({ financement })}
            invite="Choisissez un financement"
            choix={choixFinancements(Object.keys(FINANCEMENTS) as FinancementSaisi[])}
          />
        </div>
        <div className="fr-col-12 fr-col-sm-6">
          <ChampTexte
            label="Nombre de logements (obligatoire)"
            nom="nb_logements"
            max={6}
            chiffres
            etat={etat("nb_logements")}
            valeur={valeurs.nb_logements}
            onChange={(nb_logements) => changer({ nb_logements })}
          />
        </div>
      </div>
    </>
  );
}

type DocumentProps = {
  libelle: string;
  etat: Etat;
  recu: DocumentImporte | null;
  onChange: (document: DocumentImporte | null) => void;
};

/** Deposit of the signed PDF. It is sent at once and kept for its author; the form then only names it. */
export function ChampDocument({ libelle, etat, recu, onChange }: DocumentProps) {
  const { data: configuration } = useConfiguration();
  const online = useEnLigne();
  const [essai, setEssai] = useState(0);
  const max = configuration?.limites.document_signe_octets ?? 500_000_000;
  return (
    // The target of the summary of errors: the group takes the focus, its button is the next stop.
    <div id="champ-revision_id" tabIndex={-1} className="ap-creation__document">
      {recu ? (
        <p className="fr-message fr-message--valid" role="status">
          <span>
            <strong>{recu.nom}</strong> ({formatTaille(recu.taille)}) est prêt à être enregistré.
          </span>
        </p>
      ) : null}
      <FileDrop
        key={essai}
        libelle={recu ? "Remplacer le document" : libelle}
        aide={`PDF, ${formatTaille(max)} au plus.`}
        accepte={["application/pdf", ".pdf"]}
        tailleMax={max}
        envoyer={envoyerDocument(onChange)}
        onRecu={() => setEssai((n) => n + 1)}
        inactif={!online}
      />
      {etat.state === "error" ? <p className="fr-error-text">{etat.stateRelatedMessage}</p> : null}
    </div>
  );
}
