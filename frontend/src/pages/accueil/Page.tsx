/** P01: what the service is for, and one button. Signed-in users go straight to their day. */
import { Accordion } from "@codegouvfr/react-dsfr/Accordion";
import { Button } from "@codegouvfr/react-dsfr/Button";
import { Navigate } from "react-router";
import { useConfiguration } from "../../app/configuration";
import { useContratSession } from "../../app/session/contexte";
import { Artwork } from "../../ui/Artwork";
import { LienExterne } from "../../ui/Lien";
import { TitrePage } from "../../ui/Page";

const PICTOS = {
  immeuble: new URL(
    "../../../../node_modules/@codegouvfr/react-dsfr/dsfr/artwork/pictograms/buildings/city-hall.svg",
    import.meta.url,
  ).href,
  preparer: new URL(
    "../../../../node_modules/@codegouvfr/react-dsfr/dsfr/artwork/pictograms/document/document-add.svg",
    import.meta.url,
  ).href,
  instruire: new URL(
    "../../../../node_modules/@codegouvfr/react-dsfr/dsfr/artwork/pictograms/document/document-search.svg",
    import.meta.url,
  ).href,
  signer: new URL(
    "../../../../node_modules/@codegouvfr/react-dsfr/dsfr/artwork/pictograms/document/document-signature.svg",
    import.meta.url,
  ).href,
  suivre: new URL(
    "../../../../node_modules/@codegouvfr/react-dsfr/dsfr/artwork/pictograms/document/archive.svg",
    import.meta.url,
  ).href,
  bailleur: new URL(
    "../../../../node_modules/@codegouvfr/react-dsfr/dsfr/artwork/pictograms/buildings/house.svg",
    import.meta.url,
  ).href,
} as const;

const ETAPES = [
  {
    picto: PICTOS.preparer,
    titre: "Préparer",
    texte:
      "L’opération financée dans le SIAP préremplit la convention ; le bailleur complète le reste, étape par étape.",
  },
  {
    picto: PICTOS.instruire,
    titre: "Instruire",
    texte: "Le service relit, commente champ par champ, et demande des corrections sans rouvrir tout le dossier.",
  },
  {
    picto: PICTOS.signer,
    titre: "Signer",
    texte: "La convention reçoit son numéro ; le document signé est déposé et partagé entre les deux parties.",
  },
  {
    picto: PICTOS.suivre,
    titre: "Suivre",
    texte: "Chaque convention garde son historique, ses documents et ses avenants, consultables à tout moment.",
  },
] as const;

const BAILLEUR = [
  "Partir de l’opération du SIAP, sans ressaisir ce qui y figure déjà.",
  "Savoir à tout moment ce qui manque, avec un lien vers chaque champ.",
  "Reprendre une saisie interrompue : les brouillons sont gardés.",
  "Corriger seulement ce que le service a commenté, puis renvoyer.",
  "Retrouver la convention signée et préparer un avenant.",
] as const;

const INSTRUCTEUR = [
  "Ouvrir sa journée sur les dossiers qui attendent, le plus ancien en tête.",
  "Commenter un champ sans le perdre de vue, et suivre les réponses.",
  "Valider avec un numéro proposé, sans doublon possible.",
  "Suivre la signature et la publication de tout son territoire.",
] as const;

export function Component() {
  const { etat } = useContratSession();
  if (etat.etat === "connecte") return <Navigate to="/conventions" replace />;
  return (
    <>
      <Hero />
      <Parcours />
      <Publics />
      <Questions />
    </>
  );
}

function Hero() {
  const { seConnecter } = useContratSession();
  return (
    <section className="ap-hero">
      <div className="fr-container">
        <div className="fr-grid-row fr-grid-row--gutters fr-grid-row--middle">
          <div className="fr-col-12 fr-col-lg-7">
            <TitrePage
              titre="Créez une convention APL en quelques clics"
              onglet="Conventions APL"
              className="ap-hero__titre"
            />
            <p className="fr-text--lead">
              APiLos réunit bailleurs et services instructeurs autour d’un même dossier : de l’opération financée à la
              convention signée, sans papier perdu ni ressaisie.
            </p>
            <Button size="large" iconId="fr-icon-lock-line" onClick={() => seConnecter("/conventions")}>
              Se connecter
            </Button>
            <p className="fr-text--sm fr-mt-2w fr-mb-0 ap-mention">Connexion par CERBERE, avec votre compte du SIAP.</p>
          </div>
          <div className="fr-col-lg-5 fr-hidden fr-unhidden-lg">
            <Apercu />
          </div>
        </div>
      </div>
    </section>
  );
}

/** Drawing of the life of a convention; decorative, the same is said in words below. */
function Apercu() {
  const steps = [
    { badge: "fr-badge--blue-cumulus", icon: "fr-icon-edit-line", text: "En projet", who: "Bailleur", done: true },
    {
      badge: "fr-badge--blue-ecume",
      icon: "fr-icon-eye-line",
      text: "À instruire",
      who: "Service instructeur",
      done: true,
    },
    {
      badge: "fr-badge--purple-glycine",
      icon: "fr-icon-draft-line",
      text: "À signer",
      who: "Les deux parties",
      done: true,
    },
    {
      badge: "fr-badge--green-emeraude",
      icon: "fr-icon-checkbox-circle-line",
      text: "Finalisée",
      who: "Convention signée",
      done: false,
    },
  ];
  return (
    <div className="ap-apercu" aria-hidden="true">
      <div className="ap-apercu__tete">
        <Artwork src={PICTOS.immeuble} taille={64} />
        <div>
          <p className="ap-apercu__nom">Les Tilleuls</p>
          <p className="ap-apercu__detail">24 logements, PLUS et PLAI</p>
        </div>
      </div>
      <ol className="ap-apercu__etapes fr-raw-list">
        {steps.map(({ badge, icon, text, who }) => (
          <li key={text}>
            <span className={`fr-badge ${badge} fr-badge--icon-left ${icon}`}>{text}</span>
            <span className="ap-apercu__detail">{who}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Parcours() {
  return (
    <section className="fr-container fr-py-6w" aria-labelledby="parcours">
      <h2 id="parcours">De l’opération à la convention signée</h2>
      <ol className="ap-parcours fr-raw-list">
        {ETAPES.map(({ picto, titre, texte }, index) => (
          <li key={titre} className="ap-parcours__etape">
            <Artwork src={picto} taille={72} />
            <h3 className="fr-h5 fr-mb-1w">
              <span className="ap-parcours__rang">{index + 1}</span> {titre}
            </h3>
            <p className="fr-mb-0">{texte}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Publics() {
  return (
    <section className="ap-publics" aria-label="Ce que le service apporte">
      <div className="fr-container fr-py-6w">
        <div className="fr-grid-row fr-grid-row--gutters">
          <Public titre="Côté bailleur" picto={PICTOS.bailleur} points={BAILLEUR} />
          <Public titre="Côté instructeur" picto={PICTOS.immeuble} points={INSTRUCTEUR} />
        </div>
      </div>
    </section>
  );
}

function Public({ titre, picto, points }: { titre: string; picto: string; points: readonly string[] }) {
  return (
    <div className="fr-col-12 fr-col-md-6">
      <div className="ap-public">
        <div className="ap-public__tete">
          <Artwork src={picto} taille={56} />
          <h2 className="fr-h4 fr-mb-0">{titre}</h2>
        </div>
        <ul className="ap-public__points fr-raw-list">
          {points.map((point) => (
            <li key={point}>
              <span className="fr-icon-check-line fr-icon--sm" aria-hidden="true" />
              <span>{point}</span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function Questions() {
  const { data: configuration } = useConfiguration();
  const help = configuration?.url_assistance;
  return (
    <section className="fr-container fr-pt-6w" aria-labelledby="questions">
      <div className="fr-grid-row fr-grid-row--gutters">
        <div className="fr-col-12 fr-col-lg-4">
          <h2 id="questions" className="fr-h3">
            Questions fréquentes
          </h2>
          <p>
            Le conventionnement ouvre aux locataires le droit à l’aide personnalisée au logement et fixe les loyers et
            les ressources applicables aux logements.
          </p>
          {help ? (
            <p>
              <LienExterne className="fr-link" href={help}>
                Contacter l’assistance
              </LienExterne>
            </p>
          ) : null}
        </div>
        <div className="fr-col-12 fr-col-lg-8">
          <div className="fr-accordions-group">
            <Accordion label="Qui peut se connecter ?" titleAs="h3">
              <p>
                Les bailleurs, les services gestionnaires des aides à la pierre, les directions régionales et
                départementales, l’administration centrale et les partenaires habilités dans le SIAP. La connexion se
                fait avec le compte CERBERE utilisé pour le SIAP.
              </p>
            </Accordion>
            <Accordion label="Je n’ai pas d’habilitation, que faire ?" titleAs="h3">
              <p>
                Demandez-la dans le SIAP, à la rubrique « Gérer mes habilitations ». Une fois validée par votre
                gestionnaire, elle est utilisable ici à la connexion suivante, sans autre démarche.
              </p>
            </Accordion>
            <Accordion label="Comment créer la convention d’une opération ?" titleAs="h3">
              <p>
                Une fois connecté, ouvrez l’opération par son numéro : le service propose une convention pour chaque
                financement qui n’en a pas encore, avec les données déjà connues du SIAP.
              </p>
            </Accordion>
            <Accordion label="Où trouver une convention déjà signée ?" titleAs="h3">
              <p>
                Dans la liste des conventions, par son numéro, celui de l’opération ou la commune. Le document signé se
                télécharge depuis la page de la convention.
              </p>
            </Accordion>
          </div>
        </div>
      </div>
    </section>
  );
}
