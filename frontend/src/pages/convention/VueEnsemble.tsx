/** P61: what a signed convention lives: documents in force, what may follow, publication, and its whole story. */
import "../../styles/etape.css";
import "../../styles/signature.css";
import "../../styles/chronique.css";
import { useSearchParams } from "react-router";
import type { Convention } from "../../api/convention";
import { useSession } from "../../app/session/contexte";
import { AvenantsVue, amendable } from "../../features/avenant/AvenantsVue";
import { useChronologie } from "../../features/chronique/api";
import { ChronologieVue } from "../../features/chronique/ChronologieVue";
import { phraseDeFin } from "../../features/chronique/rules";
import { EnTete } from "../../features/convention/EnTete";
import { CommencerFin } from "../../features/convention/fin/CommencerFin";
import { ImpressionPied } from "../../features/convention/Impression";
import { Regroupements } from "../../features/convention/Regroupements";
import { Suites } from "../../features/convention/Suites";
import { useDocuments } from "../../features/document/api";
import { EnVigueur } from "../../features/document/EnVigueur";
import { Lien } from "../../ui/Lien";
import { CadrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";

export function VueEnsemble({ convention }: { convention: Convention }) {
  const { uuid, statut, publication, documents: known } = convention;
  const { habilitation } = useSession();
  const readOnly = habilitation?.lecture_seule ?? false;
  const [params] = useSearchParams();
  const asked = Number(params.get("page"));
  const chronologie = useChronologie(uuid, Number.isInteger(asked) && asked > 0 ? asked : 1);
  const documents = useDocuments(uuid);
  const end = phraseDeFin(convention, chronologie.data?.resultats ?? []);
  const attachments = known.some(({ rubrique, courant }) => rubrique === "PIECE_JOINTE" && courant);
  return (
    <CadrePage>
      <EnTete convention={convention} page="Vue d’ensemble" lectureSeule={readOnly} />
      <Regroupements convention={convention} />
      {end ? (
        <div className="fr-alert fr-alert--warning fr-alert--sm fr-mb-3w">
          <p>{end}</p>
        </div>
      ) : null}
      <div className="ap-ensemble">
        <section className="ap-ensemble__vie" aria-labelledby="ap-vie-titre">
          <h2 id="ap-vie-titre" className="fr-h4">
            Vie de la convention
          </h2>
          <Requete
            requete={chronologie}
            bloc
            squelette={<Skeleton forme="cartes" nombre={3} libelle="Chargement de la chronologie" />}
            titreErreur="La chronologie n’a pas pu être chargée"
          >
            {(line) => <ChronologieVue uuid={uuid} chronologie={line} adresse={(n) => `?vue=ensemble&page=${n}`} />}
          </Requete>
        </section>
        <div className="ap-ensemble__cote">
          {amendable(convention) ? <AvenantsVue convention={convention} lectureSeule={readOnly} /> : null}
          <Suites convention={convention} />
          <section aria-labelledby="ap-documents-titre">
            <h2 id="ap-documents-titre" className="fr-h6">
              Documents en vigueur
            </h2>
            <Requete
              requete={documents}
              bloc
              squelette={<Skeleton forme="fiche" libelle="Chargement des documents" />}
              titreErreur="Les documents n’ont pas pu être lus"
            >
              {(files) => <EnVigueur statut={statut} documents={files} apercu={false} />}
            </Requete>
            {attachments ? (
              <p className="fr-mt-2w fr-mb-0">
                <Lien
                  className="fr-link fr-link--icon-left fr-icon-attachment-line"
                  to={`/conventions/${uuid}/pieces-jointes`}
                >
                  Pièces jointes de l’ancien système
                </Lien>
              </p>
            ) : null}
          </section>
          {publication ? (
            <section aria-labelledby="ap-spf-titre">
              <h2 id="ap-spf-titre" className="fr-h6">
                Publicité foncière
              </h2>
              <p className="ap-texte-long fr-mb-0">{publication.phrase}</p>
            </section>
          ) : null}
        </div>
      </div>
      <CommencerFin convention={convention} lectureSeule={readOnly} />
      <ImpressionPied />
    </CadrePage>
  );
}
