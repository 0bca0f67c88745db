/** The report of a file: verdict, how it was read, then every control by level, each with its lines. */
import { Accordion } from "@codegouvfr/react-dsfr/Accordion";
import { SegmentedControl, type SegmentedControlProps } from "@codegouvfr/react-dsfr/SegmentedControl";
import { type ReactNode, useState } from "react";
import { compte, formatEntier } from "../../lib/nombres";
import type { SourceDeLignes } from "./api";
import type { Controle, Niveau, Rapport, Validation } from "./contrat";
import { idDeLigne, Lignes } from "./Lignes";
import { controlesDe, lignesEnMots, NIVEAUX, occurrences } from "./rules";
import { LectureVue, VerdictVue } from "./Verdict";

type Props = {
  rapport: Rapport;
  validation?: Validation;
  /** Where lines can be read; null when they cannot. */
  source: SourceDeLignes | null;
  cle: string;
  envoi?: number;
  /** Between the verdict and the controls: comparison, guard, what to do. */
  children?: ReactNode;
  /** Level of its titles in the page. */
  niveauTitre?: 2 | 3;
};

export function RapportVue({ rapport, validation, source, cle, envoi, children, niveauTitre = 2 }: Props) {
  return (
    <div className="ap-bal-rapport">
      <VerdictVue rapport={rapport} validation={validation} envoi={envoi} niveauTitre={niveauTitre} />
      {children}
      <LectureVue rapport={rapport} />
      {rapport.parseOk ? (
        <Controles
          key={cle}
          controles={controlesDe(rapport, validation)}
          source={source}
          cle={cle}
          niveauTitre={niveauTitre}
        />
      ) : null}
    </div>
  );
}

/** Beyond this size, lines of a file that the server does not keep are read when asked: the file travels each time. */
const FICHIER_LEGER = 5_000_000;

const lignesAussitot = (source: SourceDeLignes | null): boolean =>
  source === null || "revisionId" in source || source.fichier.size <= FICHIER_LEGER;

type ControlesProps = {
  controles: readonly Controle[];
  source: SourceDeLignes | null;
  cle: string;
  niveauTitre: 2 | 3;
};

function Controles({ controles, source, cle, niveauTitre }: ControlesProps) {
  const Titre = niveauTitre === 2 ? "h2" : "h3";
  const first = NIVEAUX.find(({ niveau }) => controles.some(({ level }) => level === niveau))?.niveau ?? "E";
  const [niveau, setNiveau] = useState<Niveau>(first);
  const shown = controles.filter(({ level }) => level === niveau);
  if (controles.length === 0) {
    return <p className="fr-mb-0">Tous les contrôles sont passés : aucune erreur, aucun avertissement.</p>;
  }
  const segments = NIVEAUX.map(({ niveau: value, libelle }) => ({
    label: `${libelle} (${formatEntier(occurrences(controles, value))})`,
    nativeInputProps: { checked: niveau === value, onChange: () => setNiveau(value) },
  })) as unknown as SegmentedControlProps.Segments;
  const name = NIVEAUX.find((one) => one.niveau === niveau);
  return (
    <section aria-labelledby={`controles-${cle}`} className="ap-bal-controles">
      <Titre id={`controles-${cle}`} className="fr-h4">
        Détail des contrôles
      </Titre>
      <SegmentedControl small legend="Niveau" hideLegend className="ap-bal-niveaux" segments={segments} />
      {shown.length === 0 ? (
        <p className="fr-mt-2w">{`Aucun${niveau === "W" ? "" : "e"} ${name?.singulier ?? "contrôle"} dans ce fichier.`}</p>
      ) : (
        <div className="fr-accordions-group fr-mt-2w">
          {shown.map((controle, rank) => (
            <Groupe
              key={`${niveau}-${controle.code}`}
              controle={controle}
              source={source}
              cle={cle}
              ouvert={rank === 0 && niveau === "E" && lignesAussitot(source)}
              titreDe={niveauTitre === 2 ? "h3" : "h4"}
            />
          ))}
        </div>
      )}
    </section>
  );
}

/** Moves focus to a line of the table, once it is there. */
function allerALaLigne(code: string, line: number): void {
  const cell = document.getElementById(idDeLigne(code, line));
  cell?.scrollIntoView({ block: "center" });
  cell?.focus({ preventScroll: true });
}

type GroupeProps = {
  controle: Controle;
  source: SourceDeLignes | null;
  cle: string;
  ouvert: boolean;
  titreDe: "h3" | "h4";
};

function Groupe({ controle, source, cle, ouvert, titreDe }: GroupeProps) {
  const [expanded, setExpanded] = useState(ouvert);
  const { code, label, count, firstLines } = controle;
  const lines = lignesEnMots(controle);
  return (
    <Accordion
      titleAs={titreDe}
      expanded={expanded}
      onExpandedChange={(next) => setExpanded(next)}
      label={
        <span className="ap-bal-controle">
          <span>
            {label} <span className="ap-bal-controle__code">({code})</span>
          </span>
          <span className="ap-bal-controle__lignes">{count > 0 && lines ? lines : "Tout le fichier"}</span>
        </span>
      }
    >
      {firstLines.length === 0 ? (
        <p className="fr-mb-0">Ce contrôle porte sur le fichier entier, pas sur une ligne.</p>
      ) : (
        <>
          <div className="ap-bal-numeros">
            <span>{count > firstLines.length ? `${compte(count, "ligne")}, dont :` : "Aller à la ligne :"}</span>
            <ul className="fr-raw-list">
              {[...new Set(firstLines)].map((line) => (
                <li key={line}>
                  <button type="button" className="fr-tag fr-tag--sm" onClick={() => allerALaLigne(code, line)}>
                    <span className="fr-sr-only">Ligne </span>
                    {formatEntier(line)}
                  </button>
                </li>
              ))}
            </ul>
          </div>
          {expanded && source ? <Lignes controle={controle} source={source} cle={cle} /> : null}
        </>
      )}
    </Accordion>
  );
}
