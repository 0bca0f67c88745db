/** Perimeters of a chef de file: communes, départements, EPCI, each with its name; added one by one, removed one by one. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Select } from "@codegouvfr/react-dsfr/Select";
import { useRef, useState } from "react";
import { compte } from "../../../lib/nombres";
import { useAnnonce } from "../../../ui/Annonces";
import { Combobox } from "../../../ui/Combobox";
import { chercherTerritoires } from "./api";
import type { Perimetre, TypePerimetre } from "./contrat";
import { ajouterPerimetre, nomDuType, retirerPerimetre, TYPES_DE_PERIMETRE } from "./rules";

/** « Aube (département 10) » */
export const nomDuPerimetre = ({ type, code, nom }: Perimetre): string =>
  nom ? `${nom} (${nomDuType(type).toLowerCase().replace("epci", "EPCI")} ${code})` : `${nomDuType(type)} ${code}`;

export function PerimetresListe({ perimetres }: { perimetres: readonly Perimetre[] }) {
  if (perimetres.length === 0) {
    return <p className="ap-mention">Aucun périmètre : tous les dépôts de ses clients sont refusés.</p>;
  }
  return (
    <ul>
      {perimetres.map((one) => (
        <li key={`${one.type}-${one.code}`}>{nomDuPerimetre(one)}</li>
      ))}
    </ul>
  );
}

type Props = { perimetres: readonly Perimetre[]; onChange: (perimetres: Perimetre[]) => void };

export function PerimetresEditeur({ perimetres, onChange }: Props) {
  const [type, setType] = useState<TypePerimetre>("departement");
  const title = useRef<HTMLLegendElement>(null);
  const annoncer = useAnnonce();
  return (
    <fieldset className="fr-fieldset ap-bal-perimetres" aria-labelledby="perimetres-titre">
      <legend ref={title} id="perimetres-titre" tabIndex={-1} className="fr-fieldset__legend">
        Périmètre ({compte(perimetres.length, "territoire")})
        <span className="fr-hint-text">Les clients de ce chef de file ne publient que dans ces territoires.</span>
      </legend>
      {perimetres.length === 0 ? (
        <p className="ap-mention ap-bal-perimetres__vide">
          Aucun périmètre : tous les dépôts de ses clients sont refusés.
        </p>
      ) : (
        <ul className="ap-bal-perimetres__liste fr-raw-list">
          {perimetres.map((one) => (
            <li key={`${one.type}-${one.code}`}>
              <span>{nomDuPerimetre(one)}</span>
              <Button
                type="button"
                size="small"
                priority="tertiary no outline"
                iconId="fr-icon-delete-line"
                title={`Retirer ${nomDuPerimetre(one)}`}
                onClick={() => {
                  onChange(retirerPerimetre(perimetres, one));
                  annoncer(`${nomDuPerimetre(one)} retiré`);
                  title.current?.focus();
                }}
              >
                Retirer
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="ap-bal-perimetres__ajout">
        <Select
          label="Type de territoire"
          nativeSelectProps={{ value: type, onChange: (event) => setType(event.target.value as TypePerimetre) }}
        >
          {TYPES_DE_PERIMETRE.map(({ type: value, libelle }) => (
            <option key={value} value={value}>
              {libelle}
            </option>
          ))}
        </Select>
        <Combobox
          key={`${type}-${perimetres.length}`}
          libelle="Ajouter un territoire (nom ou code)"
          valeur={null}
          onChange={(option) => {
            if (!option) return;
            const added = { type, code: option.valeur, nom: option.libelle };
            onChange(ajouterPerimetre(perimetres, added));
            annoncer(`${nomDuPerimetre(added)} ajouté`);
          }}
          chercher={(text, signal) => chercherTerritoires(type, text, signal)}
        />
      </div>
    </fieldset>
  );
}
