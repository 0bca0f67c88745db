/**
 * The form of a step, whatever the step: fields drawn from the server's description, draft, save, conflicts, comments.
 * What the page knows and the form does not (session, place in the file) comes as props.
 */
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import type { Convention } from "../../api/convention";
import { enHautDe } from "../../lib/enHautDe";
import { useEnLigne } from "../../lib/useEnLigne";
import { useAnnonce } from "../../ui/Annonces";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { allerAuChamp, ErrorSummary } from "../../ui/ErrorSummary";
import { useMessages } from "../../ui/Messages";
import { Avertissements, Changements, Refus, SaisiesFermees } from "./AvisEtape";
import type { ChampEtape, Etape, ValeurChamp } from "./api";
import { BarreEtape } from "./BarreEtape";
import { Champ } from "./Champ";
import { ChangerEntite, changementDe } from "./ChangerEntite";
import { ConflictDialog } from "./ConflictDialog";
import { Correction, phraseProgression } from "./Correction";
import { champsDuMoment, idDuChamp } from "./champs";
import { FilDuChamp } from "./FilDuChamp";
import { GardeSortie } from "./GardeSortie";
import { Reprise } from "./Reprise";
import {
  champDuCommentaire,
  commentairesDuChamp,
  ouverts,
  pointsACorriger,
  prochainCommente,
  progression,
} from "./rules";
import { type Formulaire, useFormulaire } from "./useFormulaire";

type Props = {
  convention: Convention;
  etape: Etape;
  /** Person and habilitation: owner of the drafts of this device. */
  proprietaire: string;
  /** False when somebody looks in another person's name. */
  brouillons: boolean;
  /** The profile may read only, whatever the state of the file. */
  lectureSeule: boolean;
  /** The reader is the bailleur and the file is À corriger: only commented fields are open. */
  correction: boolean;
  /** Asks to hand the file back to the service; null when the server does not allow it now. */
  onRenvoyer: (() => void) | null;
  /** Aimed at by the address: a comment, or a field. */
  commentaireVise: string | null;
  champVise: string | null;
};

export function FormulaireEtape(props: Props) {
  const { convention, etape, proprietaire, brouillons, lectureSeule, correction, commentaireVise, onRenvoyer } = props;
  const { uuid } = convention;
  const form = useFormulaire({ uuid, code: etape.etape, etape, proprietaire, brouillons });
  const online = useEnLigne();
  const annoncer = useAnnonce();
  const navigate = useNavigate();
  const { afficher } = useMessages();
  const titreCorrection = useRef<HTMLHeadingElement>(null);
  const current = useRef(convention);
  current.current = convention;
  const [vers, setVers] = useState<{ cle: string | null; n: number }>({ cle: null, n: 0 });
  const suite = etape.suivante?.lien ?? `/conventions/${uuid}/recapitulatif`;

  useCible(props);
  // After the page is drawn again: the field may have just appeared, or moved.
  useEffect(() => {
    if (vers.n === 0) return;
    if (vers.cle !== null) allerAuChamp(idDuChamp(vers.cle));
    else titreCorrection.current?.focus();
  }, [vers]);
  const aller = (cle: string | null) => setVers(({ n }) => ({ cle, n: n + 1 }));

  const enregistrer = async (puis: "rester" | "suivre") => {
    if (form.enCours) return;
    if (form.modifies.length === 0 && !form.rencontre) {
      if (puis === "suivre") navigate(suite);
      else annoncer("Aucune modification à enregistrer");
      return;
    }
    const saved = await form.enregistrer();
    if (!saved || puis === "rester") return;
    afficher({ severite: "success", titre: `Étape « ${etape.libelle} » enregistrée` });
    void enHautDe(navigate(suite));
  };

  const resoudre = async (champ: ChampEtape) => {
    if (form.enCours) return;
    const resolus = ouverts(commentairesDuChamp(etape, champ)).map((comment) => comment.uuid);
    const saved = await form.enregistrer({ cles: [champ.cle], resolus });
    if (!saved) return;
    const next = prochainCommente(saved, champ.cle);
    const { traites, total } = progression(current.current.commentaires_resume);
    annoncer(
      `${phraseProgression(traites, total)}. ${next ? `Champ suivant : ${next.libelle}` : "Dernier commentaire de cette étape"}`,
    );
    aller(next?.cle ?? null);
  };

  const champs = champsDuMoment(etape.champs, form.saisieDe);
  const points = pointsACorriger(etape.champs, form.erreurs);
  const next = prochainCommente(etape, null);
  return (
    <>
      <div className="ap-etape__avis">
        {form.brouillon.propose ? (
          <Reprise
            etape={etape}
            propose={form.brouillon.propose}
            onReprendre={() => {
              const first = form.brouillon.propose ? Object.keys(form.brouillon.propose.valeurs)[0] : undefined;
              aller(form.reprendreBrouillon() ?? first ?? null);
            }}
            onAbandonner={form.brouillon.abandonner}
          />
        ) : null}
        {correction ? (
          <Correction
            convention={convention}
            titre={titreCorrection}
            nonEnregistres={form.modifies.length}
            onRenvoyer={onRenvoyer}
            prochain={next?.libelle ?? null}
            onProchain={() => aller(next?.cle ?? null)}
          />
        ) : null}
        <Changements form={form} />
        <SaisiesFermees form={form} etape={etape} />
        <ErrorSummary points={points} envoi={form.envoi} />
        {form.refus ? <Refus erreur={form.refus} onReessayer={() => void enregistrer("rester")} /> : null}
      </div>

      {/* The notice of the frame already tells it to someone who may only read. */}
      {etape.modifiable || lectureSeule ? null : (
        <p className="ap-etape__raison">
          <span className="fr-icon-lock-line fr-icon--sm" aria-hidden="true" />
          {etape.raison}
        </p>
      )}
      {etape.avertissements?.length ? <Avertissements etape={etape} /> : null}
      {etape.aide && etape.modifiable ? <p className="ap-etape__aide">{etape.aide}</p> : null}
      {champs.some(({ modifiable, requis }) => modifiable && requis) ? (
        <p className="ap-etape__obligatoires">Les champs marqués d’un * sont obligatoires.</p>
      ) : null}

      <form
        noValidate
        className="ap-etape__champs"
        aria-labelledby="ap-etape-titre"
        onSubmit={(event) => {
          event.preventDefault();
          void enregistrer("rester");
        }}
      >
        {champs.map((champ) => {
          const comments = commentairesDuChamp(etape, champ);
          const idFil = `fil-${champ.cle}`;
          const quoi = changementDe(etape, champ.cle);
          return (
            <Champ
              key={champ.cle}
              champ={champ}
              saisie={form.saisieDe(champ)}
              valeur={etape.valeurs[champ.cle] as ValeurChamp}
              modifie={form.modifies.includes(champ.cle)}
              erreur={form.erreurs.parChamp[champ.cle]}
              erreurs={form.erreurs.parChamp}
              version={etape.version}
              commande={
                quoi && online ? (
                  <ChangerEntite
                    quoi={quoi}
                    convention={convention}
                    version={etape.version}
                    saisieEnCours={form.modifies.length > 0}
                  />
                ) : null
              }
              onChange={(saisie) => form.changer(champ, saisie)}
              onFocus={() => form.noterFocus(champ.cle)}
              mention={correction && etape.modifiable && !quoi ? "Non ouvert à la correction" : null}
              idFil={comments.length > 0 ? idFil : undefined}
              fil={
                comments.length > 0 ? (
                  <FilDuChamp
                    id={idFil}
                    uuid={uuid}
                    libelle={champ.libelle}
                    commentaires={comments}
                    vise={commentaireVise}
                    horsLigne={!online}
                    occupe={form.enCours?.cles?.includes(champ.cle) ?? false}
                    onResoudre={correction && champ.modifiable ? () => void resoudre(champ) : undefined}
                  />
                ) : null
              }
            />
          );
        })}
        {/* Enter in a field saves the step. */}
        {etape.modifiable ? (
          <button type="submit" hidden>
            Enregistrer
          </button>
        ) : null}
      </form>

      <BarreEtape
        etape={etape}
        form={form}
        online={online}
        renvoyer={
          correction && progression(convention.commentaires_resume).restants === 0 && form.modifies.length === 0
            ? onRenvoyer
            : null
        }
        onEnregistrer={() => void enregistrer("rester")}
        onSuivre={() => void enregistrer("suivre")}
      />

      {etape.modifiable ? <Dialogues form={form} /> : null}
    </>
  );
}

/** Questions that only somebody who types can be asked. */
function Dialogues({ form }: { form: Formulaire }) {
  return (
    <>
      <GardeSortie garde={form.brouillon.garde} />
      <ConflictDialog
        conflit={form.conflit}
        saisieDe={form.saisieDe}
        onResoudre={(choix) => void form.resoudreConflit(choix)}
        onGarder={form.fermerConflit}
      />
      <AttentionDialog form={form} />
    </>
  );
}

/** Focus on what the address aims at, once the fields are there. */
function useCible({ etape, commentaireVise, champVise }: Props) {
  const done = useRef<string | null>(null);
  const annoncer = useAnnonce();
  useEffect(() => {
    const wanted = commentaireVise ?? champVise;
    if (wanted === null || done.current === wanted) return undefined;
    done.current = wanted;
    const champ = commentaireVise
      ? champDuCommentaire(etape, commentaireVise)
      : etape.champs.find(({ cle }) => cle === champVise);
    if (!champ) {
      if (commentaireVise) annoncer("Le commentaire indiqué par le lien n’est plus dans cette étape.");
      return undefined;
    }
    // After the title of the page has taken the focus, as it does on every change of page.
    const frame = requestAnimationFrame(() => allerAuChamp(idDuChamp(champ.cle)));
    return () => {
      cancelAnimationFrame(frame);
      done.current = null;
    };
  }, [etape, commentaireVise, champVise, annoncer]);
}

/** Confirmable errors (03): correct them, or save knowingly. */
function AttentionDialog({ form }: { form: Formulaire }) {
  const { attention, fermerAttention, enregistrer, enCours } = form;
  return (
    <ConfirmDialog
      ouvert={attention !== null}
      titre="Attention"
      sansEnvoi
      libelleConfirmer="Valider quand même"
      libelleOccupe="Enregistrement…"
      libelleAnnuler="Corriger"
      occupe={enCours !== null}
      onConfirmer={() => {
        if (!attention) return;
        fermerAttention();
        void enregistrer({ ...attention.demande, confirmer: true });
      }}
      onFermer={fermerAttention}
      icone="fr-icon-warning-line"
    >
      <p>Rien n’a été enregistré. Vérifiez :</p>
      <ul>
        {attention?.points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </ConfirmDialog>
  );
}
