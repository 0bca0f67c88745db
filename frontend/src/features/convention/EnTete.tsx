/** Top of every page of a convention: where we are, what it is, who has the ball and since when. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import type { ReactNode } from "react";
import type { Convention } from "../../api/convention";
import { useModeExpert } from "../../api/modeExpert";
import { cx } from "../../lib/cx";
import { formatDateLongue, formatInstant } from "../../lib/dates";
import { nomDuGenre } from "../../lib/genres";
import { compte } from "../../lib/nombres";
import { useEstPetitEcran } from "../../lib/useMediaQuery";
import { FilAriane } from "../../ui/FilAriane";
import { Lien } from "../../ui/Lien";
import { TitrePage } from "../../ui/Page";
import { StatutBadge } from "../../ui/StatutBadge";
import { ForcerStatut } from "./ForcerStatut";
import { AvisFin } from "./fin/AvisFin";
import { ModeExpert } from "./ModeExpert";
import { aUneVueDEnsemble, libelleFinancements, pagesDe, phraseMain } from "./rules";

const LISTE = { libelle: "Conventions et avenants", lien: "/conventions" };

type Props = {
  convention: Convention;
  /** Name of the page when it is not the récapitulatif: « Historique ». */
  page?: string;
  /** The notice of the frame already says that the profile only reads: said once. */
  lectureSeule: boolean;
  /** Beside the statut. */
  cote?: ReactNode;
  /** Beside the sentence that says who has the ball. */
  jauge?: ReactNode;
};

export function EnTete({ convention, page, lectureSeule, cote, jauge }: Props) {
  const { uuid, titre, statut, statut_libelle, est_avenant, parent } = convention;
  const base = `/conventions/${uuid}`;
  const home = aUneVueDEnsemble(convention) ? base : `${base}/recapitulatif`;
  return (
    <>
      <FilAriane parents={page ? [LISTE, { libelle: titre, lien: home }] : [LISTE]} page={page ?? titre} />
      <TitrePage titre={titre} onglet={page ? `${page}, ${titre}` : titre} className="ap-convention__titre">
        <StatutBadge statut={statut} libelle={statut_libelle} petit={false} />
        {cote}
      </TitrePage>
      {est_avenant && parent ? (
        <p className="fr-mb-1w">
          <span className="fr-badge fr-badge--sm fr-badge--blue-ecume fr-badge--no-icon fr-mr-1w">
            {nomDuGenre(convention.genre)}
          </span>
          <Lien to={`/conventions/${parent.uuid}`}>
            Consulter la convention d’origine{parent.numero ? ` n° ${parent.numero}` : ""}
          </Lien>
        </p>
      ) : null}
      <AvisFin convention={convention} />
      <Faits convention={convention} />
      <ModeExpert convention={convention} etapes />
      <ForcerStatut convention={convention} />
      <div className="ap-etat-dossier">
        <Situation convention={convention} lectureSeule={lectureSeule} />
        {jauge}
      </div>
      <Pages convention={convention} courante={page} />
    </>
  );
}

function Faits({ convention }: { convention: Convention }) {
  const small = useEstPetitEcran();
  const {
    operation,
    nb_logements,
    numero,
    bailleur,
    administration,
    contributeurs,
    date_fin_conventionnement,
    televersement_convention_signee_le,
  } = convention;
  const financing = libelleFinancements(convention);
  const town = [operation.ville, operation.code_postal && `(${operation.code_postal})`].filter(Boolean).join(" ");
  const people = [
    ...contributeurs.bailleurs.map((nom) => `${nom} (bailleur)`),
    ...contributeurs.instructeurs.map((nom) => `${nom} (service)`),
  ];
  const facts: [string, ReactNode][] = [
    ["Numéro", numero],
    [
      "Opération",
      operation.numero ? (
        <Lien key="op" to={`/operations/${operation.numero}`}>
          n° {operation.numero}
        </Lien>
      ) : null,
    ],
    ["Commune", town],
    ["Logements", `${compte(nb_logements, "logement")}, ${financing}`],
    ["Nature", operation.nature_logement_libelle],
    ["Bailleur", bailleur.nom],
    ["Service", administration?.nom],
    convention.precision_date_signature === "ANNEE"
      ? ["Signée en", televersement_convention_signee_le?.slice(0, 4)]
      : ["Signée le", formatDateLongue(televersement_convention_signee_le)],
    ["Fin", numero ? formatDateLongue(date_fin_conventionnement) : null],
    ["Contributeurs", people.join(", ")],
  ];
  const list = (
    <dl className="ap-faits">
      {facts
        .filter(([, value]) => value)
        .map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
  if (!small) return list;
  // On a phone the facts would push what has to be done off the screen.
  return (
    <details className="ap-faits-replies">
      <summary>{[operation.ville, compte(nb_logements, "logement"), financing].filter(Boolean).join(", ")}</summary>
      {list}
    </details>
  );
}

/** « Vous avez la main depuis 3 jours », what to do, and why nothing can be written when that is so. */
export function Situation({ convention, lectureSeule }: { convention: Convention; lectureSeule: boolean }) {
  const { main, raison_lecture, statut } = convention;
  const expert = useModeExpert(convention);
  // What an avenant is needed for is just what expert mode is there to correct.
  const statut_phrase = expert ? "" : convention.statut_phrase;
  // Said once: elsewhere the sentence of the statut, or the list of corrections, already tells it.
  const reason = !lectureSeule && !expert && (!statut_phrase || statut === "INSTRUCTION") ? raison_lecture : null;
  return (
    <div className={cx("ap-situation", main.a_moi && "ap-situation--a-moi")}>
      <span
        className={cx("ap-situation__icone", main.a_moi ? "fr-icon-arrow-right-circle-fill" : "fr-icon-time-line")}
        aria-hidden="true"
      />
      <div>
        <p
          className="ap-situation__main"
          title={main.cote === "personne" ? undefined : `Depuis le ${formatInstant(main.depuis)}`}
        >
          {phraseMain(main)}
        </p>
        {statut_phrase && !lectureSeule ? <p>{statut_phrase}</p> : null}
        {reason ? <p className="ap-mention">{reason}</p> : null}
      </div>
    </div>
  );
}

/** The other pages of the same convention. */
function Pages({ convention, courante }: { convention: Convention; courante?: string }) {
  const pages = pagesDe(convention);
  const here = courante ?? pages.find(({ lien }) => lien.endsWith("/recapitulatif"))?.nom;
  return (
    <nav className="ap-pages" aria-label="Pages de cette convention">
      <ul className="fr-raw-list">
        {pages.map(({ nom, lien }) => (
          <li key={nom}>
            <Lien to={lien} className="ap-pages__lien" aria-current={nom === here ? "page" : undefined}>
              {nom}
            </Lien>
          </li>
        ))}
      </ul>
      <Button
        className="ap-pages__imprimer"
        size="small"
        priority="tertiary no outline"
        iconId="fr-icon-printer-line"
        onClick={() => window.print()}
      >
        Imprimer
      </Button>
    </nav>
  );
}
