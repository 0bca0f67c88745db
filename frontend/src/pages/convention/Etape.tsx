/** P30 to P43: one step of the form of a convention. The form itself is the same for all of them. */
import "../../styles/etape.css";
import "../../styles/lignes.css";
import { useState } from "react";
import { Navigate, useLocation, useNavigate, useParams, useSearchParams } from "react-router";
import { type Convention, useConvention } from "../../api/convention";
import { useSession } from "../../app/session/contexte";
import { DialogueAction } from "../../features/convention/DialogueAction";
import { AvisFin } from "../../features/convention/fin/AvisFin";
import { CeQuiChange } from "../../features/convention/fin/CeQuiChange";
import { PiecesActe } from "../../features/convention/fin/PiecesActe";
import { ModeExpert } from "../../features/convention/ModeExpert";
import { type ActionPresentee, presenterActions } from "../../features/convention/rules";
import { estCodeEtape, useEtape } from "../../features/etape/api";
import { FormulaireEtape } from "../../features/etape/FormulaireEtape";
import { MenuEtapes, RangEtape } from "../../features/etape/NavigationEtapes";
import { FilAriane } from "../../ui/FilAriane";
import { useMessages } from "../../ui/Messages";
import { NotFound } from "../../ui/NotFound";
import { CadrePage, TitrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { StatutBadge } from "../../ui/StatutBadge";

export function Component() {
  const { uuid = "", code = "" } = useParams();
  const requete = useConvention(uuid);
  // Asked together: the step does not wait for the convention.
  useEtape(uuid, code);
  if (!estCodeEtape(code)) return <NotFound />;
  return (
    <Requete requete={requete} squelette={<Attente />}>
      {(convention) => <EtapeDeConvention key={`${uuid}/${code}`} convention={convention} code={code} />}
    </Requete>
  );
}

function EtapeDeConvention({ convention, code }: { convention: Convention; code: string }) {
  const { uuid } = convention;
  const requete = useEtape(uuid, code);
  const session = useSession();
  const lectureSeule = session.habilitation?.lecture_seule ?? false;
  const [search] = useSearchParams();
  const { hash } = useLocation();
  const navigate = useNavigate();
  const { afficher } = useMessages();
  const [demande, setDemande] = useState<ActionPresentee | null>(null);
  const [message, setMessage] = useState("");
  const resume = convention.etapes.find((etape) => etape.code === code);
  if (!resume) return <NotFound />;
  // The summary shows the steps that have no form of their own.
  if (!resume.disponible) return <Navigate to={resume.lien} replace />;
  const recapitulatif = `/conventions/${uuid}/recapitulatif`;
  const renvoi = actionDeRenvoi(convention);
  return (
    <CadrePage className="ap-etape">
      <FilAriane
        parents={[
          { libelle: "Conventions", lien: "/conventions" },
          { libelle: convention.titre, lien: recapitulatif },
        ]}
        page={resume.libelle}
      />
      <TitrePage
        titre={
          <>
            {convention.titre}
            <span className="fr-sr-only">, étape {resume.libelle}</span>
          </>
        }
        onglet={`${resume.libelle}, ${convention.titre}`}
      >
        <StatutBadge statut={convention.statut} libelle={convention.statut_libelle} />
      </TitrePage>
      <div className="ap-etape__corps">
        <div className="ap-etape__menu">
          <MenuEtapes convention={convention} code={code} />
        </div>
        <div className="ap-etape__contenu">
          <RangEtape convention={convention} code={code} />
          <AvisFin convention={convention} />
          <ModeExpert convention={convention} />
          <Requete
            requete={requete}
            bloc
            squelette={<Skeleton forme="fiche" nombre={10} libelle={`Chargement de l’étape ${resume.libelle}`} />}
            titreErreur="L’étape n’a pas pu être lue"
          >
            {(etape) => (
              <FormulaireEtape
                convention={convention}
                etape={etape}
                proprietaire={`${session.utilisateur.uuid}/${session.habilitation?.id ?? 0}`}
                brouillons={!session.detournement}
                lectureSeule={lectureSeule}
                correction={etape.statut === "CORRECTION" && session.typologie === "BAILLEUR" && !lectureSeule}
                onRenvoyer={renvoi ? () => setDemande(renvoi) : null}
                commentaireVise={search.get("commentaire")}
                champVise={hash.length > 1 ? hash.slice(1) : null}
              />
            )}
          </Requete>
          <PiecesActe convention={convention} />
          <CeQuiChange convention={convention} />
        </div>
      </div>
      <DialogueAction
        convention={convention}
        demande={demande}
        commentaires={[]}
        brouillons={[]}
        message={message}
        onMessage={setMessage}
        onFermer={() => setDemande(null)}
        onFait={() => navigate(`/conventions/${uuid}/envoyee`)}
        onChange={() => {
          setDemande(null);
          afficher({
            severite: "warning",
            titre: "Le dossier a changé entre-temps",
            detail: "Il vient d’être relu et rien n’a été envoyé. Vérifiez-le, puis recommencez.",
          });
        }}
      />
    </CadrePage>
  );
}

/** T06, with or without missing level B points to confirm; null when the server does not allow it or something else is missing. */
function actionDeRenvoi(convention: Convention): ActionPresentee | null {
  const { principale, courantes } = presenterActions(convention, 0);
  const shown = [...courantes, ...(principale ? [principale] : [])].filter(
    ({ action }) => action.code === "renvoyer_instruction",
  );
  return shown.find(({ manques }) => manques.length === 0) ?? null;
}

function Attente() {
  return (
    <CadrePage className="ap-etape">
      <div className="fr-pt-6w">
        <Skeleton forme="page" libelle="Chargement de l’étape" />
      </div>
    </CadrePage>
  );
}
