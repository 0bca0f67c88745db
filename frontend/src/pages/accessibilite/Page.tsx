/** P05: accessibility statement. No audit has been made: the text says so, and promises nothing else. */
import { useConfiguration } from "../../app/configuration";
import { FilAriane } from "../../ui/FilAriane";
import { LienExterne } from "../../ui/Lien";
import { CadrePage, TitrePage } from "../../ui/Page";

export function Component() {
  const { data: configuration } = useConfiguration();
  const help = configuration?.url_assistance;
  return (
    <CadrePage>
      <FilAriane page="Accessibilité" />
      <TitrePage titre="Déclaration d’accessibilité" />
      <div className="ap-texte">
        <p>
          Le ministère chargé du logement s’engage à rendre ses services numériques accessibles, conformément à
          l’article 47 de la loi n° 2005-102 du 11 février 2005. Cette déclaration s’applique au service APiLos, à
          l’adresse {window.location.origin}.
        </p>

        <h2>État de conformité</h2>
        <p>
          APiLos est <strong>non conforme</strong> avec le référentiel général d’amélioration de l’accessibilité (RGAA),
          version 4.1.2 : aucun audit de conformité n’a encore été réalisé par un tiers. Cette mention changera après un
          audit, et pas avant.
        </p>

        <h2>Ce qui est fait en attendant</h2>
        <ul>
          <li>Les pages reposent sur les composants du système de design de l’État.</li>
          <li>Chaque page est vérifiée automatiquement, en thème clair et sombre, à 1 280 et 375 pixels de large.</li>
          <li>Les parcours principaux sont joués au clavier seul par les tests automatiques.</li>
        </ul>
        <p>
          Ces vérifications ne remplacent pas un audit : elles ne couvrent qu’une partie des critères du référentiel.
        </p>

        <h2>Contenus non accessibles</h2>
        <p>
          Les documents déposés par les utilisateurs (conventions signées numérisées, pièces jointes) peuvent ne pas
          être lisibles par une technologie d’assistance. Les données qu’ils contiennent sont aussi présentées sous
          forme de texte dans les pages de la convention.
        </p>

        <h2>Établissement de cette déclaration</h2>
        <p>Technologies utilisées : HTML5, CSS, JavaScript, SVG, WAI-ARIA.</p>
        <p>
          Environnements prévus pour l’audit : NVDA et Firefox, JAWS et Chrome, VoiceOver et Safari. Ils n’ont pas
          encore fait l’objet d’une vérification complète.
        </p>

        <h2>Retour d’information et contact</h2>
        <p>
          Si un contenu ou un service vous est inaccessible, signalez-le à l’assistance pour obtenir une alternative ou
          le contenu sous une autre forme.
        </p>
        {help ? (
          <p>
            <LienExterne href={help}>Contacter l’assistance</LienExterne>
          </p>
        ) : null}

        <h2>Voies de recours</h2>
        <p>
          Cette procédure est à utiliser si vous avez signalé un défaut d’accessibilité qui vous empêche d’accéder à un
          contenu ou à un service, et que vous n’avez pas obtenu de réponse satisfaisante. Vous pouvez :
        </p>
        <ul>
          <li>
            <LienExterne href="https://formulaire.defenseurdesdroits.fr/">
              écrire un message au Défenseur des droits
            </LienExterne>{" "}
            ;
          </li>
          <li>
            <LienExterne href="https://www.defenseurdesdroits.fr/saisir/delegues">
              contacter le délégué du Défenseur des droits dans votre région
            </LienExterne>{" "}
            ;
          </li>
          <li>
            envoyer un courrier, gratuit et sans timbre, à : Défenseur des droits, Libre réponse 71120, 75342 Paris
            CEDEX 07.
          </li>
        </ul>
      </div>
    </CadrePage>
  );
}
