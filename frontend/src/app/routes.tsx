/**
 * The one table of pages. Each `lazy` is a chunk of its own; the module exports `Component`. Addresses are those of
 * 06 §6; the old ones redirect in the browser, because they live in letters, bookmarks and in SIAP.
 */
import { Navigate, type RouteObject } from "react-router";
import { NotFound } from "../ui/NotFound";
import { Skeleton } from "../ui/Skeleton";
import { ErreurDePage } from "./Erreur";
import { Cadre } from "./layout/Cadre";
import { anciennesAdresses } from "./redirections";
import { GardeModeExpert } from "./session/GardeModeExpert";
import { PagesPrivees } from "./session/PagesPrivees";

const enAttente = (
  <div className="fr-container fr-py-6w">
    <Skeleton forme="page" />
  </div>
);

/** Anybody may read these. */
const publiques: RouteObject[] = [
  { index: true, lazy: () => import("../pages/accueil/Page") },
  { path: "connexion", lazy: () => import("../pages/connexion/Page") },
  { path: "connexion/mot-de-passe-oublie", lazy: () => import("../pages/connexion/Oublie") },
  { path: "connexion/mot-de-passe-oublie/reinitialiser", lazy: () => import("../pages/connexion/Reinitialiser") },
  { path: "deconnexion", lazy: () => import("../pages/deconnexion/Page") },
  { path: "plan-du-site", lazy: () => import("../pages/plan-du-site/Page") },
  { path: "accessibilite", lazy: () => import("../pages/accessibilite/Page") },
  { path: "mentions-legales", lazy: () => import("../pages/mentions-legales/Page") },
  { path: "donnees-personnelles", lazy: () => import("../pages/donnees-personnelles/Page") },
  { path: "bal", lazy: () => import("../pages/bal/Explorateur") },
  { path: "bal/communes/:code", lazy: () => import("../pages/bal/Commune") },
  // One page for both addresses: a file that was checked survives the choice of its commune.
  {
    lazy: () => import("../pages/bal/Deposer"),
    children: [
      { path: "bal/deposer", element: null },
      { path: "bal/communes/:code/deposer", element: null },
    ],
  },
  { path: "403", lazy: () => import("../pages/erreurs/Interdit") },
  { path: "404", Component: NotFound },
  { path: "500", lazy: () => import("../pages/erreurs/Incident") },
  { path: "maintenance", lazy: () => import("../pages/erreurs/Maintenance") },
];

/** Pages of one convention: files of src/pages/convention. */
const convention: RouteObject[] = [
  { index: true, lazy: () => import("../pages/convention/Entree") },
  { path: "recapitulatif", lazy: () => import("../pages/convention/Recapitulatif") },
  { path: "etapes/:code", lazy: () => import("../pages/convention/Etape") },
  { path: "finalisation/:volet", lazy: () => import("../pages/convention/Finalisation") },
  { path: "signature", lazy: () => import("../pages/convention/Signature") },
  { path: "publication", lazy: () => import("../pages/convention/Publication") },
  { path: "document", lazy: () => import("../pages/convention/Document") },
  { path: "journal", lazy: () => import("../pages/convention/Journal") },
  { path: "pieces-jointes", lazy: () => import("../pages/convention/PiecesJointes") },
  { path: "historique", lazy: () => import("../pages/convention/Historique") },
  { path: "comparaison", lazy: () => import("../pages/convention/Comparaison") },
  { path: "alertes", lazy: () => import("../pages/convention/Alertes") },
  { path: "envoyee", lazy: () => import("../pages/convention/Envoyee") },
];

/** Signed-in users with a usable habilitation. */
const privees: RouteObject[] = [
  { path: "conventions", lazy: () => import("../pages/liste/Page") },
  { path: "conventions/nouvelle", lazy: () => import("../pages/creation/Choix") },
  { path: "conventions/nouvelle/anru", lazy: () => import("../pages/creation/Anru") },
  { path: "conventions/ajout", lazy: () => import("../pages/creation/AjoutOperation") },
  { path: "conventions/ajout/*", lazy: () => import("../pages/creation/AjoutConvention") },
  { path: "conventions/ajout/:uuid/avenants", lazy: () => import("../pages/creation/AjoutAvenants") },
  { path: "conventions/:uuid/avenants/depot", lazy: () => import("../pages/creation/DepotAvenants") },
  { path: "avenants/nouveau", lazy: () => import("../pages/creation/NouvelAvenant") },
  { path: "conventions/:uuid", Component: GardeModeExpert, children: convention },
  { path: "operations", lazy: () => import("../pages/operations/Recherche") },
  { path: "operations/:numero/seconde-vie", lazy: () => import("../pages/operations/SecondeVie") },
  { path: "operations/*", lazy: () => import("../pages/operations/Page") },
  { path: "habilitations", lazy: () => import("../pages/habilitations/Page") },
  { path: "parametres", lazy: () => import("../pages/parametres/Page") },
  { path: "admin/anomalies-siap", lazy: () => import("../pages/admin/Anomalies") },
  { path: "admin/utilisateurs", lazy: () => import("../pages/admin/Utilisateurs") },
  { path: "admin/utilisateurs/:uuid", lazy: () => import("../pages/admin/Utilisateur") },
  { path: "admin/interrupteurs", lazy: () => import("../pages/admin/Interrupteurs") },
  { path: "admin/delegataires", lazy: () => import("../pages/admin/Delegataires") },
  { path: "admin/delegataires/:uuid", lazy: () => import("../pages/admin/Delegataire") },
  { path: "admin/detournement", lazy: () => import("../pages/admin/Detournement") },
  { path: "admin", lazy: () => import("../pages/admin/Tableau") },
  { path: "admin/alertes-siap", lazy: () => import("../pages/admin/Alertes") },
  { path: "admin/alertes-siap/:uuid", lazy: () => import("../pages/admin/Alerte") },
  { path: "admin/depot", element: <Navigate to="/admin/depot/clients" replace /> },
  { path: "admin/depot/:rubrique", lazy: () => import("../pages/bal/admin/Liste") },
  { path: "admin/depot/:rubrique/:id", lazy: () => import("../pages/bal/admin/Fiche") },
  { path: "admin/clients-api", lazy: () => import("../pages/integration/Clients") },
  { path: "admin/clients-api/:id", lazy: () => import("../pages/integration/Client") },
  { path: "admin/webhooks", lazy: () => import("../pages/integration/Webhooks") },
  { path: "admin/webhooks/:id", lazy: () => import("../pages/integration/Webhook") },
];

export const routes: RouteObject[] = [
  {
    Component: Cadre,
    HydrateFallback: () => enAttente,
    children: [
      {
        ErrorBoundary: ErreurDePage,
        children: [
          ...publiques,
          ...anciennesAdresses,
          { Component: PagesPrivees, children: [{ ErrorBoundary: ErreurDePage, children: privees }] },
          { path: "*", Component: NotFound },
        ],
      },
    ],
  },
];
