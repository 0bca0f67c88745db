/** What a new client will see: a kind of territory, then which one. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { RadioButtons } from "@codegouvfr/react-dsfr/RadioButtons";
import { Select } from "@codegouvfr/react-dsfr/Select";
import { DEPARTEMENTS } from "../../lib/departements";
import { Combobox } from "../../ui/Combobox";
import { chercherAdministrations, chercherBailleurs } from "./api";
import { PERIMETRES, REGIONS, type TypePerimetre } from "./contrat";
import type { SaisieClient } from "./rules";

type Etat = { state: "default" | "error"; stateRelatedMessage?: string };
type Props = {
  valeurs: SaisieClient;
  changer: (change: Partial<SaisieClient>) => void;
  champ: (nom: keyof SaisieClient) => Etat;
};

export function ChampsPerimetre({ valeurs, changer, champ }: Props) {
  return (
    <>
      <div id="champ-perimetre" tabIndex={-1}>
        <RadioButtons
          {...champ("perimetre")}
          legend="Périmètre (obligatoire)"
          hintText="Il ne change plus ensuite : pour un autre périmètre, créez un autre client."
          options={(Object.keys(PERIMETRES) as TypePerimetre[]).map((type) => ({
            label: PERIMETRES[type],
            nativeInputProps: {
              value: type,
              checked: valeurs.perimetre === type,
              onChange: () => changer({ perimetre: type }),
            },
          }))}
        />
      </div>
      <Precision valeurs={valeurs} changer={changer} champ={champ} />
    </>
  );
}

function Precision({ valeurs, changer, champ }: Props) {
  switch (valeurs.perimetre) {
    case "REGION":
      return (
        <Liste
          {...champ("region")}
          nom="region"
          libelle="Région (obligatoire)"
          valeur={valeurs.region}
          options={REGIONS.map(({ code, nom }) => ({ code, texte: nom }))}
          onChange={(region) => changer({ region })}
        />
      );
    case "DEPARTEMENT":
      return (
        <Liste
          {...champ("departement")}
          nom="departement"
          libelle="Département (obligatoire)"
          valeur={valeurs.departement}
          options={DEPARTEMENTS.map(({ code, nom }) => ({ code, texte: `${code} – ${nom}` }))}
          onChange={(departement) => changer({ departement })}
        />
      );
    case "ADMINISTRATION":
      return (
        <Combobox
          id="champ-administration"
          libelle="Administration (obligatoire)"
          aide="Nom ou code du service."
          valeur={valeurs.administration}
          erreur={champ("administration").stateRelatedMessage}
          onChange={(administration) => changer({ administration })}
          chercher={chercherAdministrations}
        />
      );
    case "BAILLEURS":
      return <Bailleurs valeurs={valeurs} changer={changer} champ={champ} />;
    default:
      return null;
  }
}

type ListeProps = Etat & {
  nom: string;
  libelle: string;
  valeur: string;
  options: readonly { code: string; texte: string }[];
  onChange: (code: string) => void;
};

function Liste({ nom, libelle, valeur, options, onChange, ...etat }: ListeProps) {
  return (
    <Select
      {...etat}
      label={libelle}
      nativeSelectProps={{ id: `champ-${nom}`, value: valeur, onChange: (event) => onChange(event.target.value) }}
    >
      <option value="" disabled>
        Choisir
      </option>
      {options.map(({ code, texte }) => (
        <option key={code} value={code}>
          {texte}
        </option>
      ))}
    </Select>
  );
}

function Bailleurs({ valeurs: { bailleurs }, changer, champ }: Props) {
  return (
    <>
      <Combobox
        key={bailleurs.length}
        id="champ-bailleurs"
        libelle="Ajouter un bailleur (obligatoire)"
        aide="Nom ou SIREN. Les filiales d’un bailleur sont vues avec lui."
        valeur={null}
        erreur={champ("bailleurs").stateRelatedMessage}
        onChange={(option) => {
          if (option && !bailleurs.some(({ valeur }) => valeur === option.valeur)) {
            changer({ bailleurs: [...bailleurs, option] });
          }
        }}
        chercher={chercherBailleurs}
      />
      {bailleurs.length > 0 ? (
        <ul className="ap-int-choisis fr-raw-list" aria-label="Bailleurs choisis">
          {bailleurs.map((one) => (
            <li key={one.valeur}>
              <span>{one.libelle}</span>
              <Button
                type="button"
                size="small"
                priority="tertiary no outline"
                iconId="fr-icon-delete-line"
                title={`Retirer ${one.libelle}`}
                onClick={() => changer({ bailleurs: bailleurs.filter(({ valeur }) => valeur !== one.valeur) })}
              >
                Retirer
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
