/** P52 to P54: number, document, validation. Reserved to the side that instructs, as the actions of the server say. */
import "../../styles/etape.css";
import "../../styles/signature.css";
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useEffect, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { type Action, type ActionFaite, type Convention, useConvention } from "../../api/convention";
import { FinalisationVue } from "../../features/document/FinalisationVue";
import { estVoletFinalisation, laConvention, type VoletFinalisation } from "../../features/document/rules";
import { enHautDe } from "../../lib/enHautDe";
import { EmptyState } from "../../ui/EmptyState";
import { FilAriane } from "../../ui/FilAriane";
import { Lien } from "../../ui/Lien";
import { useMessages } from "../../ui/Messages";
import { NotFound } from "../../ui/NotFound";
import { CadrePage, TitrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";
import { StatutBadge } from "../../ui/StatutBadge";

export function Component() {
  const { uuid = "", volet = "" } = useParams();
  const requete = useConvention(uuid);
  if (!estVoletFinalisation(volet)) return <NotFound />;
  return (
    <Requete
      requete={requete}
      squelette={
        <CadrePage>
          <div className="fr-pt-6w">
            <Skeleton forme="page" libelle="Chargement de la finalisation" />
          </div>
        </CadrePage>
      }
    >
      {(convention) => <Page key={uuid} convention={convention} volet={volet} />}
    </Requete>
  );
}

function Page({ convention, volet }: { convention: Convention; volet: VoletFinalisation }) {
  const { uuid, titre } = convention;
  const navigate = useNavigate();
  const { afficher } = useMessages();
  const recapitulatif = `/conventions/${uuid}/recapitulatif`;
  const possible = convention.transitions_possibles.find(({ code }) => code === "valider");
  // As it was on arrival: once validated, here or by somebody else, the page does not jump under the reader. Here, the
  // next page is on its way; elsewhere, the server refuses and the form says why.
  const [arrivee] = useState<Action | undefined>(possible);
  const action = possible ?? arrivee;

  const fait = ({ convention: done, avertissements }: ActionFaite) => {
    const what = laConvention(convention);
    afficher({
      severite: avertissements.length > 0 ? "warning" : "success",
      titre: `${what.charAt(0).toUpperCase()}${what.slice(1)} porte le n° ${done?.numero ?? ""} et attend sa signature.`,
      detail: (
        <>
          {avertissements.map(({ detail }) => `${detail} `)}
          {convention.bailleur.nom} est invité à signer. <Lien to="/conventions">Dossier suivant</Lien>
        </>
      ),
    });
    void enHautDe(navigate(recapitulatif));
  };

  return (
    <CadrePage className="ap-etape">
      <FilAriane
        parents={[
          { libelle: "Conventions et avenants", lien: "/conventions" },
          { libelle: titre, lien: recapitulatif },
        ]}
        page="Finalisation"
      />
      {/* One page in three screens: the focus follows the screen, not the title. */}
      <TitrePage titre={titre} onglet={`Finalisation, ${titre}`} page={`/conventions/${uuid}/finalisation`}>
        <StatutBadge statut={convention.statut} libelle={convention.statut_libelle} petit={false} />
      </TitrePage>
      {action ? (
        <FinalisationVue convention={convention} action={action} volet={volet} onFait={fait} />
      ) : (
        <PasPossible convention={convention} />
      )}
    </CadrePage>
  );
}

/** The link has outlived the status, or belongs to the other side. */
function PasPossible({ convention }: { convention: Convention }) {
  const { uuid, est_valide, page_par_defaut, statut, statut_libelle } = convention;
  const navigate = useNavigate();
  const { afficher } = useMessages();
  const here = `/conventions/${uuid}/finalisation`;
  const target = est_valide && !page_par_defaut.startsWith(here) ? page_par_defaut : null;
  useEffect(() => {
    if (target === null) return;
    afficher({ severite: "info", titre: `Ce dossier est déjà validé : son statut est « ${statut_libelle} ».` });
    navigate(target, { replace: true });
  }, [target, statut_libelle, afficher, navigate]);
  if (target !== null) return <Skeleton forme="fiche" libelle="Redirection" />;
  return (
    <EmptyState
      titre="La finalisation n’est pas ouverte"
      icone="fr-icon-lock-line"
      actions={<Button linkProps={{ to: `/conventions/${uuid}/recapitulatif` }}>Voir le récapitulatif</Button>}
    >
      <p>
        {statut === "INSTRUCTION"
          ? "Elle revient au service instructeur, quand il a tout vérifié. Le bailleur est prévenu dès que le document est à signer."
          : `Elle est faite par le service instructeur, pendant l’instruction. Statut actuel : « ${statut_libelle} ».`}
      </p>
    </EmptyState>
  );
}
