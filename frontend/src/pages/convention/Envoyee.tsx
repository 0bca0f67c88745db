/** P51: the file has left; who has it now, what comes next, and how the sender will know. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Navigate, useLocation, useParams } from "react-router";
import { type Convention, useConvention } from "../../api/convention";
import { useSession } from "../../app/session/contexte";
import { estPremierEnvoi, objetDe } from "../../features/convention/rules";
import { Squelette } from "../../features/convention/Squelette";
import { formatInstant } from "../../lib/dates";
import { Artwork } from "../../ui/Artwork";
import { FilAriane } from "../../ui/FilAriane";
import { Lien } from "../../ui/Lien";
import { CadrePage, TitrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";

const pictogramme = new URL(
  "../../../../node_modules/@codegouvfr/react-dsfr/dsfr/artwork/pictograms/digital/mail-send.svg",
  import.meta.url,
).href;

export function Component() {
  const { uuid = "" } = useParams();
  return (
    <Requete
      requete={useConvention(uuid)}
      squelette={<Squelette />}
      titreErreur="La convention n’a pas pu être chargée"
    >
      {(convention) =>
        // The page tells of a file that the service holds: at any other moment it would lie.
        convention.statut === "INSTRUCTION" ? (
          <Envoyee convention={convention} />
        ) : (
          <Navigate to={`/conventions/${convention.uuid}/recapitulatif`} replace />
        )
      }
    </Requete>
  );
}

function Envoyee({ convention }: { convention: Convention }) {
  const { uuid, titre, genre, administration, soumis_le } = convention;
  const { utilisateur } = useSession();
  const warnings = (useLocation().state as { avertissements?: string } | null)?.avertissements;
  const first = estPremierEnvoi(convention);
  const feminine = genre !== "avenant";
  const title = first
    ? `Votre ${genreCourt(genre)} est ${feminine ? "partie" : "parti"}`
    : "Vos corrections sont parties";
  const service = administration ? `Le service ${administration.nom}` : "Le service instructeur";
  const mails = utilisateur.preferences_email !== "AUCUN";
  return (
    <CadrePage>
      <FilAriane
        parents={[
          { libelle: "Conventions et avenants", lien: "/conventions" },
          { libelle: titre, lien: `/conventions/${uuid}/recapitulatif` },
        ]}
        page="Envoi au service"
      />
      <div className="ap-envoyee">
        <Artwork src={pictogramme} taille={112} className="ap-envoyee__image" />
        <div>
          <TitrePage titre={title} onglet={`${title}, ${titre}`} />
          <p className="fr-text--lead fr-mb-2w">{titre}</p>
          <p>
            {service} {feminine ? "la" : "le"} relit{soumis_le ? `, depuis le ${formatInstant(soumis_le)}` : ""}.{" "}
            {mails ? (
              <>
                Vous recevrez un message à <strong>{utilisateur.email}</strong> dès qu’il répond.
              </>
            ) : (
              <>Vous avez choisi de ne pas recevoir de message : sa réponse apparaîtra dans « À faire ».</>
            )}
          </p>
          {warnings ? (
            <div className="fr-alert fr-alert--warning fr-alert--sm fr-mb-3w">
              <p>{warnings}</p>
            </div>
          ) : null}
          <h2 className="fr-h5">Et maintenant ?</h2>
          <ol className="ap-envoyee__suite">
            <li>
              <strong>Le service examine {objetDe(genre)}.</strong> Vous pouvez{" "}
              {feminine ? "la consulter sans la modifier" : "le consulter sans le modifier"}, et écrire au service
              depuis le récapitulatif.
            </li>
            <li>
              <strong>S’il demande des corrections,</strong> seuls les champs qu’il a commentés s’ouvriront, avec son
              explication à côté de chacun.
            </li>
            <li>
              <strong>S’il valide,</strong> {objetDe(genre)} reçoit son numéro, et vous pourrez déposer le document
              signé.
            </li>
          </ol>
          <div className="ap-envoyee__actions ap-ecran">
            <Button linkProps={{ to: "/conventions" }}>Retour à mes conventions</Button>
            <Button
              priority="secondary"
              iconId="fr-icon-printer-line"
              linkProps={{ to: `/conventions/${uuid}/recapitulatif?imprimer=1` }}
            >
              Imprimer ou enregistrer une copie
            </Button>
            <Lien className="fr-link" to={`/conventions/${uuid}/recapitulatif`}>
              Voir le récapitulatif
            </Lien>
          </div>
        </div>
      </div>
    </CadrePage>
  );
}

const genreCourt = (genre: Convention["genre"]): string =>
  ({ convention: "convention", avenant: "avenant", denonciation: "dénonciation", resiliation: "résiliation" })[genre];
