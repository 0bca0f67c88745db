/** What happened to the file, first and in words; then how it was read. */
import { useEffect, useRef } from "react";
import type { Rapport, Validation } from "./contrat";
import { lectureDuFichier, lectureEnMots, verdict } from "./rules";

type Props = {
  rapport: Rapport;
  validation?: Validation;
  /** Changes at each result: the verdict then takes the focus, so that it is the first thing heard. */
  envoi?: number;
  niveauTitre?: 2 | 3;
};

export function VerdictVue({ rapport, validation, envoi = 0, niveauTitre = 2 }: Props) {
  const Titre = niveauTitre === 2 ? "h2" : "h3";
  const box = useRef<HTMLDivElement>(null);
  const { severite, titre, detail } = verdict(rapport, validation);
  useEffect(() => {
    if (envoi > 0) box.current?.focus();
  }, [envoi]);
  return (
    <div ref={box} tabIndex={-1} className={`fr-alert fr-alert--${severite} ap-bal-verdict`}>
      <Titre className="fr-alert__title">{titre}</Titre>
      {detail ? <p>{detail}</p> : null}
      {rapport.parseOk ? null : <AutresErreursDeLecture rapport={rapport} />}
    </div>
  );
}

const MAX_ERREURS = 10;

function AutresErreursDeLecture({ rapport }: { rapport: Rapport }) {
  const [, ...others] = rapport.parseErrors ?? [];
  if (others.length === 0) return null;
  const shown = [...new Set(others.map(lectureEnMots))].slice(0, MAX_ERREURS);
  const total = (rapport.parseErrorsCount ?? others.length + 1) - 1;
  return (
    <details className="fr-mt-1w">
      <summary>{total > 1 ? `${total} autres erreurs de lecture` : "1 autre erreur de lecture"}</summary>
      <ul>
        {shown.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </details>
  );
}

/** Encoding, separator, line breaks, version, lines: what a person needs to export the file again. */
export function LectureVue({ rapport }: { rapport: Rapport }) {
  const facts = lectureDuFichier(rapport);
  if (facts.length === 0) return null;
  return (
    <dl className="ap-bal-lecture">
      {facts.map(({ terme, valeur, conforme }) => (
        <div key={terme}>
          <dt>{terme}</dt>
          <dd>
            {valeur}
            {conforme ? null : <span className="ap-bal-lecture__ecart"> non conforme</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
