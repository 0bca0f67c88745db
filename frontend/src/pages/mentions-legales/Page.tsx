/** P06: legal notice and terms of use. */
import { FilAriane } from "../../ui/FilAriane";
import { Lien, LienExterne } from "../../ui/Lien";
import { CadrePage, TitrePage } from "../../ui/Page";

export function Component() {
  return (
    <CadrePage>
      <FilAriane page="Mentions légales" />
      <TitrePage titre="Mentions légales et conditions d’utilisation" onglet="Mentions légales" />
      <div className="ap-texte">
        <h2>Éditeur</h2>
        <p>
          APiLos est édité par le ministère chargé du logement, direction de l’habitat, de l’urbanisme et des paysages
          (DHUP), Grande Arche de La Défense, 92055 La Défense Cedex.
        </p>
        <p>Le directeur de la publication est le directeur de l’habitat, de l’urbanisme et des paysages.</p>

        <h2>Hébergement</h2>
        <p>
          Le service est hébergé dans l’Union européenne, pour le compte du ministère. Le nom et l’adresse de
          l’hébergeur de ce site sont communiqués sur demande à l’assistance.
        </p>

        <h2>Objet du service</h2>
        <p>
          APiLos permet aux bailleurs de préparer leurs conventions APL et leurs avenants, et aux services de l’État et
          aux délégataires des aides à la pierre de les instruire, de les valider et d’en suivre la signature et la
          publication. Il prolonge le Système d’information des aides à la pierre (SIAP), dont il reprend les
          opérations.
        </p>

        <h2>Accès</h2>
        <p>
          L’accès est réservé aux personnes habilitées dans le SIAP. Les droits de chacun découlent de son habilitation
          : périmètre des conventions visibles, actions possibles, consultation seule. Chaque utilisateur répond de
          l’usage de son compte et signale sans délai une utilisation anormale.
        </p>

        <h2>Valeur des informations</h2>
        <p>
          Seule la convention signée par les deux parties fait foi. Les documents produits avant la signature portent la
          mention de leur état. Les actions faites dans le service sont datées et conservées dans l’historique de la
          convention.
        </p>

        <h2>Disponibilité</h2>
        <p>
          Le service est ouvert en permanence, hors opérations de maintenance. Il reste utilisable pour les données déjà
          présentes quand le SIAP ne répond pas. L’éditeur peut le faire évoluer, le suspendre ou l’interrompre pour des
          raisons de maintenance ou de sécurité.
        </p>

        <h2>Propriété intellectuelle</h2>
        <p>
          Sauf mention contraire, les contenus de ce site sont proposés sous{" "}
          <LienExterne href="https://www.etalab.gouv.fr/licence-ouverte-open-licence/">
            licence ouverte Etalab 2.0
          </LienExterne>
          . Le code source est publié sous licence MIT. Le système de design de l’État, la Marianne et la typographie
          associée sont réservés aux services de l’État. Les documents déposés restent la propriété de leurs auteurs.
        </p>

        <h2>Sécurité</h2>
        <p>
          Les échanges sont chiffrés. Les fichiers déposés sont analysés par un antivirus avant d’être mis à
          disposition. Une faille peut être signalée à l’assistance.
        </p>
        <p>
          Le traitement des données personnelles est décrit à la page{" "}
          <Lien to="/donnees-personnelles">Données personnelles</Lien>.
        </p>
      </div>
    </CadrePage>
  );
}
