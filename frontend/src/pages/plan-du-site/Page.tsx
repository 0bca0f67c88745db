/** P08: every page that the present visitor can reach. */
import { useSessionOuNull } from "../../app/session/contexte";
import { estEquipe } from "../../features/admin/droits";
import { RUBRIQUES } from "../../features/admin/tableau";
import { peutVoir } from "../../features/bal/droits";
import { FilAriane } from "../../ui/FilAriane";
import { Lien } from "../../ui/Lien";
import { CadrePage, TitrePage } from "../../ui/Page";

type Rubrique = { titre: string; pages: { libelle: string; lien: string }[] };

const PUBLIQUES: Rubrique = {
  titre: "Le service",
  pages: [
    { libelle: "Accueil", lien: "/" },
    { libelle: "Plan du site", lien: "/plan-du-site" },
    { libelle: "Accessibilité", lien: "/accessibilite" },
    { libelle: "Mentions légales", lien: "/mentions-legales" },
    { libelle: "Données personnelles et cookies", lien: "/donnees-personnelles" },
  ],
};

const ADRESSES: Rubrique = {
  titre: "Bases adresses locales",
  pages: [
    { libelle: "Bases adresses en vigueur", lien: "/bal" },
    { libelle: "Vérifier ou déposer un fichier", lien: "/bal/deposer" },
  ],
};

const DEPOT: Rubrique = {
  titre: "Dépôt des adresses",
  pages: [
    { libelle: "Clients", lien: "/admin/depot/clients" },
    { libelle: "Mandataires", lien: "/admin/depot/mandataires" },
    { libelle: "Chefs de file", lien: "/admin/depot/chefs-de-file" },
    { libelle: "Habilitations", lien: "/admin/depot/habilitations" },
  ],
};

const ADMINISTRATION: Rubrique = {
  titre: "Administration",
  pages: [
    { libelle: "Tableau de bord", lien: "/admin" },
    ...RUBRIQUES.filter(({ lien }) => !lien.startsWith("/admin/depot")).map(({ libelle, lien }) => ({ libelle, lien })),
  ],
};

const CONNEXION: Rubrique = { titre: "Votre espace", pages: [{ libelle: "Se connecter", lien: "/connexion" }] };

const PRIVEES: Rubrique[] = [
  {
    titre: "Conventions",
    pages: [
      { libelle: "À faire", lien: "/conventions" },
      { libelle: "Conventions et avenants", lien: "/conventions?tri=-mis_a_jour_le" },
      { libelle: "Ouvrir une opération", lien: "/operations" },
      { libelle: "Nouvelle convention", lien: "/conventions/nouvelle" },
      { libelle: "Créer un avenant", lien: "/avenants/nouveau" },
    ],
  },
  {
    titre: "Mon compte",
    pages: [
      { libelle: "Mes habilitations", lien: "/habilitations" },
      { libelle: "Mes paramètres", lien: "/parametres" },
    ],
  },
];

export function Component() {
  const session = useSessionOuNull();
  const rubriques = session
    ? [
        ...PRIVEES,
        ...(estEquipe(session) ? [ADMINISTRATION] : []),
        ...(peutVoir(session) ? [DEPOT] : []),
        ADRESSES,
        PUBLIQUES,
      ]
    : [PUBLIQUES, ADRESSES, CONNEXION];
  return (
    <CadrePage>
      <FilAriane page="Plan du site" />
      <TitrePage titre="Plan du site" />
      <div className="fr-grid-row fr-grid-row--gutters">
        {rubriques.map(({ titre, pages }) => (
          <div key={titre} className="fr-col-12 fr-col-md-4">
            <h2 className="fr-h5">{titre}</h2>
            <ul>
              {pages.map(({ libelle, lien }) => (
                <li key={lien}>
                  <Lien to={lien}>{libelle}</Lien>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </CadrePage>
  );
}
