/** What the checkboxes and the content disagree on, with one click to make them agree. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import type { Comparaison, TypeAvenant, TypesAvenant } from "./api";

type Props = {
  comparaison: Pick<Comparaison, "avertissements">;
  types: TypesAvenant;
  occupe: boolean;
  onCocher: (type: TypeAvenant) => void;
};

export function Suggestions({ comparaison, types, occupe, onCocher }: Props) {
  if (comparaison.avertissements.length === 0) return null;
  return (
    <div className="fr-alert fr-alert--warning fr-alert--sm ap-types__suggestions">
      <ul className="fr-raw-list">
        {comparaison.avertissements.map(({ code, type, detail }) => {
          const target = types.types.find((t) => t.type === type);
          return (
            <li key={`${code}${type}`}>
              <span>{detail}</span>
              {code === "CHANGEMENT_SANS_TYPE" && target && types.modifiable ? (
                <Button size="small" priority="secondary" disabled={occupe} onClick={() => onCocher(target)}>
                  Cocher « {target.libelle} »
                </Button>
              ) : null}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
