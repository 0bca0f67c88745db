/** Criteria in use, each removable. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Tag } from "@codegouvfr/react-dsfr/Tag";
import { type Filtres, modifier, nombreDeCriteres, SANS_FILTRE } from "./filtres";

export type Etiquette = { cle: string; texte: string; sans: Filtres };

type Noms = { statut: (code: string) => string; financement: (code: string) => string; bailleur: string };

/** Each criterion with the search as it would be without it. */
export function etiquettes(filters: Filtres, names: Noms): Etiquette[] {
  const text = (name: "q" | "numero" | "lieu", prefix: string): Etiquette[] =>
    filters[name].trim()
      ? [{ cle: name, texte: `${prefix} « ${filters[name].trim()} »`, sans: modifier(filters, { [name]: "" }) }]
      : [];
  return [
    ...text("q", "Recherche"),
    ...text("numero", "Numéro"),
    ...text("lieu", "Lieu"),
    ...(filters.bailleur
      ? [{ cle: "bailleur", texte: `Bailleur : ${names.bailleur}`, sans: modifier(filters, { bailleur: "" }) }]
      : []),
    ...(filters.aMoi ? [{ cle: "a_moi", texte: "À traiter par moi", sans: modifier(filters, { aMoi: false }) }] : []),
    ...filters.statut.map((code) => ({
      cle: `statut-${code}`,
      texte: names.statut(code),
      sans: modifier(filters, { statut: filters.statut.filter((other) => other !== code) }),
    })),
    ...filters.financement.map((code) => ({
      cle: `financement-${code}`,
      texte: names.financement(code),
      sans: modifier(filters, { financement: filters.financement.filter((other) => other !== code) }),
    })),
  ];
}

type Props = { filtres: Filtres; liste: Etiquette[]; onChange: (filters: Filtres) => void };

export function Etiquettes({ filtres, liste, onChange }: Props) {
  if (nombreDeCriteres(filtres) === 0) return null;
  return (
    <div className="ap-etiquettes">
      <ul className="fr-raw-list ap-etiquettes__liste" aria-label="Critères de recherche">
        {liste.map(({ cle, texte, sans }) => (
          <li key={cle}>
            <Tag
              dismissible
              small
              nativeButtonProps={{ onClick: () => onChange(sans), "aria-label": `Retirer le critère ${texte}` }}
            >
              {texte}
            </Tag>
          </li>
        ))}
      </ul>
      <Button
        size="small"
        priority="tertiary no outline"
        onClick={() => onChange({ ...SANS_FILTRE, tri: filtres.tri })}
      >
        Réinitialiser
      </Button>
    </div>
  );
}
