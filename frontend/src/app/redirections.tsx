/** Addresses of the former platform (06 §6): the query is kept, its old parameter names are understood. */
import { type LoaderFunctionArgs, type RouteObject, redirect } from "react-router";
import { traduireRecherche } from "./anciensParametres";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** `/conventions/recapitulatif/{uuid}` → `/conventions/{uuid}/recapitulatif`; anything else than a uuid is unknown. */
const toConvention =
  (suffix: string) =>
  ({ params, request }: LoaderFunctionArgs) => {
    const { uuid = "" } = params;
    if (!UUID.test(uuid)) throw new Response(null, { status: 404 });
    return redirect(`/conventions/${uuid}${suffix}${new URL(request.url).search}`);
  };

const to =
  (path: string) =>
  ({ request }: LoaderFunctionArgs) =>
    redirect(path + new URL(request.url).search);

export const anciennesAdresses: RouteObject[] = [
  {
    path: "conventions/recherche",
    loader: ({ request }) => redirect(`/conventions?${traduireRecherche(new URL(request.url).searchParams)}`),
  },
  { path: "conventions/recapitulatif/:uuid", loader: toConvention("/recapitulatif") },
  { path: "conventions/preview/:uuid", loader: toConvention("/signature") },
  { path: "conventions/sent/:uuid", loader: toConvention("/signature") },
  { path: "conventions/post_action/:uuid", loader: toConvention("") },
  { path: "conventions/journal/:uuid", loader: toConvention("/journal") },
  { path: "conventions/bailleur/:uuid", loader: toConvention("/etapes/bailleur") },
  { path: "conventions/programme/:uuid", loader: toConvention("/etapes/operation") },
  { path: "apilos_settings/delegataires", loader: to("/admin/delegataires") },
  { path: "cgu", loader: to("/mentions-legales") },
  { path: "conditions-generales", loader: to("/mentions-legales") },
  { path: "stats", loader: to("/") },
  { path: "accounts/login", loader: to("/connexion") },
];
