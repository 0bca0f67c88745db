/** /conventions/{uuid}/avenants/depot (P24). */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { nouvelleCle } from "../../api/client";
import { useAvenants } from "../../api/convention";
import { useSession } from "../../app/session/contexte";
import { AjoutAvenant, AvenantsConnus } from "../../features/creation/AvenantsSignes";
import { type ConventionCreee, useConventionAmendee, useCreationAvenant } from "../../features/creation/api";
import { membre } from "../../features/creation/rules";
import { ErrorState } from "../../ui/ErrorState";
import { Lien } from "../../ui/Lien";
import { Requete } from "../../ui/Requete";
import { CadreCreation } from "./Cadre";

const EN_COURS: readonly string[] = ["PROJET", "INSTRUCTION", "CORRECTION", "A_SIGNER"];

export function Component() {
  const { uuid = "" } = useParams();
  const requete = useConventionAmendee(uuid);
  return (
    <Requete requete={requete} titreErreur="La convention n’a pas pu être lue">
      {(convention) => (
        <CadreCreation
          titre="Déposer les avenants signés"
          parents={[{ libelle: convention.titre, lien: `/conventions/${uuid}/recapitulatif` }]}
          chapeau={
            <p>
              Ajoutez les avenants signés hors de la plateforme, un par un : chacun prend sa place dans l’ordre des
              signatures.
            </p>
          }
        >
          <AvenantsConnus uuid={uuid} />
          {convention.avenant_creable ? (
            <>
              <AjoutAvenant convention={convention} avecTypes />
              <Suite convention={convention} />
            </>
          ) : (
            <PasMaintenant convention={convention} />
          )}
        </CadreCreation>
      )}
    </Requete>
  );
}

/** Why nothing can be added now, and what to do about it. */
function PasMaintenant({ convention }: { convention: ConventionCreee }) {
  const { data } = useAvenants(convention.uuid);
  const { habilitation } = useSession();
  const enCours = data?.find(({ statut }) => EN_COURS.includes(statut));
  return (
    <div className="fr-alert fr-alert--info fr-mt-4w">
      {habilitation?.lecture_seule ? (
        <p>Votre profil est en lecture seule : vous pouvez consulter les avenants, pas en ajouter.</p>
      ) : enCours ? (
        <p>
          Un avenant est en cours : terminez-le ou annulez-le avant d’en déposer un autre.{" "}
          <Lien to={`/conventions/${enCours.uuid}/recapitulatif`}>Ouvrir l’avenant en cours</Lien>
        </p>
      ) : (
        <p>
          Aucun avenant ne peut être ajouté à une convention au statut « {convention.statut_libelle} ».{" "}
          <Lien to={`/conventions/${convention.uuid}/recapitulatif`}>Ouvrir la convention</Lien>
        </p>
      )}
    </div>
  );
}

/** « Aller à la création du nouvel avenant ». */
function Suite({ convention }: { convention: ConventionCreee }) {
  const navigate = useNavigate();
  const { mutate, isPending, error } = useCreationAvenant();
  const [cle] = useState(nouvelleCle);
  const enCours = membre(error, "avenant_uuid");
  return (
    <section aria-labelledby="nouvel-avenant" className="fr-mt-6w">
      <h2 id="nouvel-avenant" className="fr-h4">
        Tous les avenants signés sont là ?
      </h2>
      {error ? <ErrorState compact titre="L’avenant n’a pas été créé" erreur={error} /> : null}
      {enCours ? (
        <p>
          <Lien to={`/conventions/${enCours}`}>Ouvrir l’avenant en cours</Lien>
        </p>
      ) : null}
      <Button
        priority="secondary"
        nativeButtonProps={{ "aria-busy": isPending || undefined }}
        onClick={() => {
          if (!isPending)
            mutate({ corps: convention.uuid, cle }, { onSuccess: ({ uuid }) => navigate(`/conventions/${uuid}`) });
        }}
      >
        {isPending ? "Création…" : "Créer le nouvel avenant"}
      </Button>
    </section>
  );
}
