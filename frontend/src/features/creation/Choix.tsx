/** P20: the ways to a new convention. */
import { Tile } from "@codegouvfr/react-dsfr/Tile";

type Voie = { titre: string; texte: string; lien: string };

const OPERATION: Voie = {
  titre: "Depuis une opération du SIAP",
  texte: "L’opération est agréée dans le SIAP : ses conventions sont créées et préremplies à partir d’elle.",
  lien: "/operations",
};
const ANRU: Voie = {
  titre: "Créer une convention ANRU",
  texte: "L’opération n’a pas d’agrément dans le SIAP : vous la décrivez vous-même, puis complétez la convention.",
  lien: "/conventions/nouvelle/anru",
};
const EXISTANTE: Voie = {
  titre: "Ajouter une convention existante",
  texte: "La convention est déjà signée hors de la plateforme : vous déposez son PDF et ses éventuels avenants.",
  lien: "/conventions/ajout",
};
const AVENANT: Voie = {
  titre: "Créer un avenant",
  texte: "Une convention signée change : retrouvez-la, même si elle n’est pas encore dans la plateforme.",
  lien: "/avenants/nouveau",
};

export function ChoixCreation({ ajoutOuvert }: { ajoutOuvert: boolean }) {
  const voies = ajoutOuvert ? [OPERATION, ANRU, EXISTANTE, AVENANT] : [OPERATION, ANRU, AVENANT];
  return (
    <ul className="fr-raw-list fr-grid-row fr-grid-row--gutters">
      {voies.map(({ titre, texte, lien }) => (
        <li key={lien} className="fr-col-12 fr-col-md-6">
          <Tile
            titleAs="h2"
            title={titre}
            desc={texte}
            linkProps={{ to: lien }}
            enlargeLinkOrButton
            orientation="horizontal"
          />
        </li>
      ))}
    </ul>
  );
}
