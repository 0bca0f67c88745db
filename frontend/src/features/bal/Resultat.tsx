/** After the check: verdict, what changes, what is missing to publish, every control, and the commands. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { type ReactNode, useState } from "react";
import { isApiError } from "../../api/problem";
import { formatDate, jourDeParis } from "../../lib/dates";
import { compte } from "../../lib/nombres";
import { ActionBar, type ActionDePage } from "../../ui/ActionBar";
import { Combobox } from "../../ui/Combobox";
import { ErrorState, phraseErreur } from "../../ui/ErrorState";
import { chercherCommunes, enregistrerSur, type SourceDeLignes } from "./api";
import { ComparaisonVue } from "./Comparaison";
import { useReglages } from "./chemin";
import type { Deposant } from "./client";
import type { Commune, Controle, HabilitationCommune, Moi, Revision } from "./contrat";
import { DialoguePublication } from "./DialoguePublication";
import { HabilitationVue } from "./Habilitation";
import { corriger } from "./operations";
import { RapportVue } from "./RapportVue";
import {
  communeDuFichier,
  controlesDe,
  duFichier,
  estAccepte,
  gardeDe,
  phrasePerteRefusee,
  pourcentage,
  rapportCsv,
} from "./rules";
import type { Echec, Etat, useDepot } from "./useDepot";

type EtatResultat = Extract<Etat, { phase: "resultat" }>;

type Props = {
  depot: ReturnType<typeof useDepot>;
  etat: EtatResultat;
  commune: Pick<Commune, "code" | "nom"> | null;
  courante: Revision | null;
  deposant: Deposant;
  moi: Moi | null;
  identite: ReactNode;
  habilitation: HabilitationCommune | null;
  onHabilitation: (habilitation: HabilitationCommune) => void;
  onCommune: (code: string) => void;
};

export function ResultatVue(props: Props) {
  const { depot, etat, commune, courante, deposant, moi, habilitation } = props;
  const { resultat, envoi, occupe, echec } = etat;
  const { fichier, rapport, revision, comparaison } = resultat;
  const [confirmation, setConfirmation] = useState(false);
  const validation = revision?.validation;
  const controles = controlesDe(rapport, validation);
  const outils = useOutils(fichier, controles, depot.examiner);
  const accepted = estAccepte(rapport, validation);
  const ready = revision?.isReady === true;
  const garde = revision ? gardeDe(revision.validation, comparaison, courante?.validation.rowsCount ?? null) : null;
  // Told by the client behind the token, else by the refusal of the server.
  const needsHabilitation =
    deposant.mode === "jeton" &&
    (moi?.authorizationStrategy === "habilitation" ||
      (isApiError(echec?.erreur) && echec.erreur.code === "HABILITATION_REQUISE"));
  const allowed = !needsHabilitation || habilitation?.status === "accepted";
  const source: SourceDeLignes = revision ? { revisionId: revision.id, deposant } : { fichier };

  const publish: ActionDePage = {
    code: "publier",
    libelle: "Publier cette version",
    libelleOccupe: "Publication…",
    occupe: occupe === "publication",
    onActiver: () => setConfirmation(true),
    preconditions: allowed
      ? []
      : [{ code: "habilitation", detail: "L’habilitation de la commune", lien: "#habilitation" }],
    indisponible: occupe === "calcul" ? "Vérification en cours" : null,
  };
  return (
    <>
      <RapportVue rapport={rapport} validation={validation} source={source} cle={`${envoi}`} envoi={envoi}>
        {echec ? <EchecVue echec={echec} occupe={occupe} onRelancer={() => void depot.relancer(resultat)} /> : null}
        {garde?.niveau === "impossible" ? (
          <div className="fr-alert fr-alert--error">
            <h3 className="fr-alert__title">{phrasePerteRefusee(garde)}</h3>
            <p>Un fichier partiel effacerait les autres adresses : déposez celles de toute la commune.</p>
          </div>
        ) : null}
        {garde?.niveau === "a-confirmer" && ready ? (
          <div className="fr-alert fr-alert--warning">
            <h3 className="fr-alert__title">
              {garde.avant > 0
                ? `${compte(garde.perdues, "adresse disparaîtrait", "adresses disparaîtraient")} sur ${compte(garde.avant, "adresse")} (${pourcentage(garde.perdues, garde.avant)}).`
                : "Plus de 20 % des adresses connues de la commune disparaîtraient."}
            </h3>
            <p>Relisez la liste des adresses supprimées. Ce nombre vous sera demandé avant de publier.</p>
          </div>
        ) : null}
        {revision && comparaison ? <ComparaisonVue comparaison={comparaison} revisionId={revision.id} /> : null}
        {ready && needsHabilitation && commune ? (
          <HabilitationVue
            commune={commune}
            deposant={deposant}
            habilitation={habilitation}
            onHabilitation={props.onHabilitation}
          />
        ) : null}
        {revision === null && accepted ? <PourPublier {...props} /> : null}
        <Outils outils={outils} accepted={accepted} lisible={rapport.parseOk} onAutre={depot.recommencer} />
      </RapportVue>
      {ready ? <ActionBar libelle="Actions du dépôt" phrase={enVigueur(courante)} principale={publish} /> : null}
      {revision && garde && commune ? (
        <DialoguePublication
          ouvert={confirmation}
          commune={commune}
          garde={garde}
          comparaison={comparaison}
          lignes={revision.validation.rowsCount ?? 0}
          premiere={courante === null}
          onFermer={() => setConfirmation(false)}
          onConfirmer={() => {
            setConfirmation(false);
            void depot.mettreEnVigueur(resultat, needsHabilitation ? (habilitation?.id ?? null) : null);
          }}
        />
      ) : null}
    </>
  );
}

const enVigueur = (courante: Revision | null): string =>
  courante?.publishedAt
    ? `Remplacera la version du ${formatDate(jourDeParis(courante.publishedAt))}.`
    : "Première publication de la commune.";

type EchecProps = { echec: Echec; occupe: EtatResultat["occupe"]; onRelancer: () => void };

/** A publication that did not happen: another came first, or the reason of the server. */
function EchecVue({ echec, occupe, onRelancer }: EchecProps) {
  if (!echec.perime) return <ErrorState erreur={echec.erreur} titre="La publication n’a pas eu lieu" />;
  return (
    <div className="fr-alert fr-alert--warning" role="alert">
      <h3 className="fr-alert__title">Une autre version de cette commune a été publiée entre-temps</h3>
      <p>Relancez la vérification : elle se fera par rapport à la nouvelle version en vigueur.</p>
      <Button className="fr-mt-1w" size="small" disabled={occupe !== null} onClick={onRelancer}>
        {occupe === "calcul" ? "Vérification…" : "Relancer"}
      </Button>
    </div>
  );
}

/** A file that is accepted but belongs to nobody yet: who deposits, and for which commune. */
function PourPublier({ depot, etat, commune, deposant, identite, onCommune }: Props) {
  const { base } = useReglages();
  const guess = communeDuFichier(etat.resultat.rapport);
  return (
    <section className="ap-bal-encadre ap-bal-suite" aria-labelledby="pour-publier">
      <h2 id="pour-publier" className="fr-h5">
        Publier ce fichier
      </h2>
      {commune ? (
        <>
          {identite}
          <Button
            className="fr-mt-2w"
            disabled={deposant.mode === "anonyme"}
            onClick={() => void depot.examiner(etat.resultat.fichier)}
          >
            Comparer avec la version en vigueur
          </Button>
        </>
      ) : (
        <>
          {guess ? (
            <p>
              <Button priority="secondary" onClick={() => onCommune(guess)}>
                {`Publier pour la commune du fichier (${guess})`}
              </Button>
            </p>
          ) : null}
          <Combobox
            libelle={guess ? "Ou choisissez une autre commune" : "Commune"}
            aide="Nom ou code INSEE"
            valeur={null}
            onChange={(option) => option && onCommune(option.valeur)}
            chercher={(text, signal) => chercherCommunes(base, text, signal)}
          />
        </>
      )}
    </section>
  );
}

type EtatOutils = { occupe: boolean; echec: unknown; corrige: File | null };

/** Files made from what is on screen: the report, and the corrected file. */
function useOutils(fichier: File, controles: readonly Controle[], examiner: (file: File) => Promise<void>) {
  const { base } = useReglages();
  const [etat, setEtat] = useState<EtatOutils>({ occupe: false, echec: null, corrige: null });
  const nom = fichier.name.replace(/\.[^.]*$/, "");
  const obtain = async (then: (file: File) => void) => {
    if (etat.corrige) return then(etat.corrige);
    setEtat({ occupe: true, echec: null, corrige: null });
    try {
      const corrected = new File([await corriger(base, fichier)], `${nom}-corrige.csv`, { type: "text/csv" });
      setEtat({ occupe: false, echec: null, corrige: corrected });
      then(corrected);
    } catch (echec) {
      setEtat({ occupe: false, echec, corrige: null });
    }
  };
  return {
    ...etat,
    telechargerCorrige: () => void obtain((file) => enregistrerSur(file.name, file)),
    verifierCorrige: () => void obtain((file) => void examiner(file)),
    telechargerRapport: () =>
      enregistrerSur(`${nom}-rapport.csv`, new Blob([rapportCsv(controles)], { type: "text/csv;charset=utf-8" })),
    aCorriger: duFichier(controles).some(({ level }) => level !== "I"),
    aLire: controles.length > 0,
  };
}

type OutilsProps = {
  outils: ReturnType<typeof useOutils>;
  accepted: boolean;
  lisible: boolean;
  /** Goes back to the first step. */
  onAutre: () => void;
};

function Outils({ outils, accepted, lisible, onAutre }: OutilsProps) {
  const repairable = lisible && outils.aCorriger;
  return (
    <div className="ap-bal-outils">
      {repairable ? (
        <p className="fr-mb-1w">
          {accepted
            ? "Le fichier corrigé applique les améliorations que le service sait faire seul."
            : "Le fichier corrigé répare ce que le service sait réparer seul ; relisez-le avant de le publier."}
        </p>
      ) : null}
      <ul className="fr-btns-group fr-btns-group--inline fr-btns-group--sm fr-btns-group--icon-left">
        {repairable ? (
          <>
            <li>
              <Button
                priority="secondary"
                iconId="fr-icon-download-line"
                disabled={outils.occupe}
                onClick={outils.telechargerCorrige}
              >
                {outils.occupe ? "Correction…" : "Télécharger le fichier corrigé"}
              </Button>
            </li>
            <li>
              <Button
                priority="secondary"
                iconId="fr-icon-refresh-line"
                disabled={outils.occupe}
                onClick={outils.verifierCorrige}
              >
                Vérifier le fichier corrigé
              </Button>
            </li>
          </>
        ) : null}
        {lisible && outils.aLire ? (
          <li>
            <Button priority="tertiary" iconId="fr-icon-file-download-line" onClick={outils.telechargerRapport}>
              Télécharger le rapport (CSV)
            </Button>
          </li>
        ) : null}
        <li>
          <Button priority="tertiary" iconId="fr-icon-arrow-left-line" onClick={onAutre}>
            Choisir un autre fichier
          </Button>
        </li>
      </ul>
      {outils.echec ? (
        <p className="fr-message fr-message--error" role="alert">
          Le fichier corrigé n’a pas pu être préparé. {phraseErreur(outils.echec)}
        </p>
      ) : null}
    </div>
  );
}
