/** The récapitulatif put together: header, situation, completeness, corrections, steps, cards, comments, commands. */
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import {
  type Carte,
  type Commentaire,
  type Convention,
  useBrouillons,
  useCommentaires,
  useRecapitulatif,
} from "../../api/convention";
import { AvenantsVue, amendable } from "../../features/avenant/AvenantsVue";
import { TypesVue } from "../../features/avenant/TypesVue";
import { dansLOrdre, parCible, vivants } from "../../features/comment/rules";
import { BarreActions } from "../../features/convention/BarreActions";
import { Completude } from "../../features/convention/Completude";
import { Correction } from "../../features/convention/Correction";
import { DernierMessage } from "../../features/convention/DernierMessage";
import { DialogueAction } from "../../features/convention/DialogueAction";
import { EnTete } from "../../features/convention/EnTete";
import { FileDossiers } from "../../features/convention/FileDossiers";
import { CommencerFin } from "../../features/convention/fin/CommencerFin";
import { PiecesActe } from "../../features/convention/fin/PiecesActe";
import { ImpressionPied } from "../../features/convention/Impression";
import { Regroupements } from "../../features/convention/Regroupements";
import {
  aUneVueDEnsemble,
  ciblesDesCartes,
  enPreparation,
  presenterActions,
  vueParDefaut,
} from "../../features/convention/rules";
import { TypeConvention } from "../../features/convention/TypeConvention";
import { cx } from "../../lib/cx";
import { CompletenessMeter } from "../../ui/CompletenessMeter";
import { ErrorState } from "../../ui/ErrorState";
import { Lien } from "../../ui/Lien";
import { CadrePage } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { FichierInitiale } from "./FichierInitiale";
import { AvisDePage, BrouillonsEnAttente } from "./RecapitulatifAvis";
import { RecapitulatifCorps } from "./RecapitulatifCorps";
import { useCommandes } from "./useCommandes";

const AUCUN: readonly Commentaire[] = [];
const SANS_CARTE: readonly Carte[] = [];

type Props = { convention: Convention; instructeur: boolean; lectureSeule: boolean };

export function RecapitulatifVue({ convention, instructeur, lectureSeule }: Props) {
  const { uuid, statut, commentaires_affiches, completude } = convention;
  const [params] = useSearchParams();
  const instruction =
    (params.get("vue") ?? vueParDefaut(statut, instructeur)) === "instruction" && commentaires_affiches;
  const preparation = enPreparation(convention);
  const overview = aUneVueDEnsemble(convention); // what follows is started there

  const recap = useRecapitulatif(uuid);
  const reply = useCommentaires(uuid, commentaires_affiches);
  const drafts = useBrouillons(uuid, !lectureSeule && preparation);
  const commands = useCommandes(convention);

  const cards = recap.data?.cartes ?? SANS_CARTE;
  const comments = useMemo(
    () => dansLOrdre(reply.data?.commentaires ?? AUCUN, ciblesDesCartes(cards)),
    [reply.data, cards],
  );
  const threads = useMemo(() => parCible(comments), [comments]);
  const alive = vivants(comments);
  const open = alive.filter(({ statut: state }) => state === "OUVERT").length;
  const correcting = statut === "CORRECTION" && !instructeur && !lectureSeule;
  const complete = completude.points.length === 0;
  // Offered once nothing is left to correct: until then the primary command is to correct.
  const sendBack = presenterActions(convention, open).principale;

  return (
    <div className={cx("ap-page-recap", instruction && "ap-page-recap--instruction")}>
      <CadrePage>
        {convention.filigrane ? (
          <p className="ap-filigrane" aria-hidden="true">
            {convention.filigrane}
          </p>
        ) : null}
        <EnTete
          convention={convention}
          lectureSeule={lectureSeule}
          cote={instructeur ? <FileDossiers uuid={uuid} /> : null}
          jauge={
            preparation && complete ? (
              <div className="ap-jauge-complete">
                <CompletenessMeter pourcentage={completude.pourcentage} />
              </div>
            ) : null
          }
        />
        <AvisDePage commandes={commands} />
        <Regroupements convention={convention} />
        {convention.documents.some(({ rubrique, courant }) => rubrique === "PIECE_JOINTE" && courant) ? (
          <p>
            <Lien
              className="fr-link fr-link--icon-left fr-icon-attachment-line"
              to={`/conventions/${uuid}/pieces-jointes`}
            >
              Pièces jointes
            </Lien>
          </p>
        ) : null}
        {drafts.data && drafts.data.length > 0 ? <BrouillonsEnAttente brouillons={drafts.data} /> : null}
        {!lectureSeule && convention.main.a_moi && (statut === "INSTRUCTION" || statut === "CORRECTION") ? (
          <DernierMessage uuid={uuid} instructeur={instructeur} />
        ) : null}
        {correcting ? (
          <Correction
            convention={convention}
            commentaires={reply.data ? alive : undefined}
            onRenvoyer={
              sendBack && sendBack.action.code === "renvoyer_instruction" && sendBack.manques.length === 0
                ? () => commands.demander(sendBack)
                : undefined
            }
          />
        ) : null}
        {convention.genre === "avenant" ? (
          <TypesVue convention={convention} fichierInitiale={(racine) => <FichierInitiale racine={racine} />} />
        ) : null}
        {amendable(convention) && !overview ? (
          <AvenantsVue convention={convention} lectureSeule={lectureSeule} />
        ) : null}
        {preparation && !complete ? <Completude completude={completude} /> : null}
        {convention.type_convention ? (
          <TypeConvention
            key={`${convention.type_convention.valeur}${convention.type_convention.options}`}
            convention={convention}
            type={convention.type_convention}
          />
        ) : null}
        {reply.error && !reply.data ? (
          <ErrorState
            compact
            titre="Les commentaires n’ont pas pu être chargés"
            erreur={reply.error}
            onReessayer={() => void reply.refetch()}
          />
        ) : null}
        {recap.data ? (
          <RecapitulatifCorps
            convention={convention}
            cartes={cards}
            commentaires={comments}
            charges={reply.data !== undefined}
            fils={threads}
            possible={reply.data?.possible ?? false}
            instruction={instruction}
            instructeur={instructeur}
          />
        ) : recap.error ? (
          <ErrorState
            titre="Le contenu de la convention n’a pas pu être chargé"
            erreur={recap.error}
            onReessayer={() => void recap.refetch()}
          />
        ) : (
          <div className="fr-mt-4w">
            <Skeleton forme="cartes" nombre={4} libelle="Chargement du contenu" />
          </div>
        )}
        <PiecesActe convention={convention} />
        {overview ? null : <CommencerFin convention={convention} lectureSeule={lectureSeule} />}
        <ImpressionPied />
      </CadrePage>
      <BarreActions convention={convention} commentairesOuverts={open} onDemander={commands.demander} />
      <DialogueAction
        convention={convention}
        demande={commands.demande}
        commentaires={alive}
        brouillons={drafts.data ?? []}
        message={commands.message}
        onMessage={commands.ecrire}
        onFermer={commands.fermer}
        onFait={commands.fait}
        onChange={commands.change}
      />
    </div>
  );
}
