/** Administration of the deposit: lists, objects, commands. Keys start with "depot"; every write refreshes them all. */
import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { api, lire } from "../../../api/client";
import { useCommande } from "../../../api/commande";
import type { OptionCombobox } from "../../../ui/Combobox";
import type {
  ChefDeFile,
  Client,
  Habilitation,
  Mandataire,
  SaisieChef,
  SaisieClient,
  SaisieMandataire,
  StatutHabilitation,
  TypePerimetre,
} from "./contrat";
import type { FiltresAdmin } from "./filtres";

export const PAR_PAGE = 20;

export type Page<T> = { resultats: T[]; total: number };

/** How one page of a list is read. */
export type LectureDePage<T> = (filtres: FiltresAdmin, signal: AbortSignal) => Promise<Page<T>>;

const fenetre = ({ q, page }: FiltresAdmin) => ({ q: q || undefined, page, par_page: PAR_PAGE });

export const lireClients: LectureDePage<Client> = (filtres, signal) =>
  lire(api.GET("/depot/clients", { params: { query: fenetre(filtres) }, signal }));

export const lireMandataires: LectureDePage<Mandataire> = (filtres, signal) =>
  lire(api.GET("/depot/mandataires", { params: { query: fenetre(filtres) }, signal }));

export const lireChefs: LectureDePage<ChefDeFile> = (filtres, signal) =>
  lire(api.GET("/depot/chefs-de-file", { params: { query: fenetre(filtres) }, signal }));

export const lireHabilitations: LectureDePage<Habilitation> = (filtres, signal) =>
  lire(
    api.GET("/depot/habilitations", {
      params: { query: { ...fenetre(filtres), statut: filtres.statut || undefined } },
      signal,
    }),
  );

/** One page of a list; the former one stays on screen while the next is read. */
export function usePageDe<T>(nom: string, lecture: LectureDePage<T>, filtres: FiltresAdmin): UseQueryResult<Page<T>> {
  return useQuery({
    queryKey: ["depot", "admin", nom, filtres],
    queryFn: ({ signal }) => lecture(filtres, signal),
    placeholderData: keepPreviousData,
  });
}

/** Nothing is asked of the server for an object that does not exist yet. */
const objet = (nom: string, id: string | null) => ({ queryKey: ["depot", "admin", nom, id], enabled: id !== null });
const chemin = (id: string | null) => ({ params: { path: { id: id ?? "" } } });

export const useClient = (id: string | null): UseQueryResult<Client> =>
  useQuery({
    ...objet("clients", id),
    queryFn: ({ signal }) => lire(api.GET("/depot/clients/{id}", { ...chemin(id), signal })),
  });

export const useMandataire = (id: string | null): UseQueryResult<Mandataire> =>
  useQuery({
    ...objet("mandataires", id),
    queryFn: ({ signal }) => lire(api.GET("/depot/mandataires/{id}", { ...chemin(id), signal })),
  });

export const useChef = (id: string | null): UseQueryResult<ChefDeFile> =>
  useQuery({
    ...objet("chefs", id),
    queryFn: ({ signal }) => lire(api.GET("/depot/chefs-de-file/{id}", { ...chemin(id), signal })),
  });

function useEcriture<V, R>(command: (value: V) => Promise<R>): UseMutationResult<R, Error, V> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: command,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["depot", "admin"] }),
  });
}

/** Creates the client, whose answer alone carries the token, or changes it when `id` is given. */
export const useEcrireClient = (id: string | null) =>
  useEcriture<SaisieClient, Client>((body) =>
    id === null
      ? lire(api.POST("/depot/clients", { body }))
      : lire(api.PUT("/depot/clients/{id}", { ...chemin(id), body })),
  );

export const useEcrireMandataire = (id: string | null) =>
  useEcriture<SaisieMandataire, Mandataire>((body) =>
    id === null
      ? lire(api.POST("/depot/mandataires", { body }))
      : lire(api.PUT("/depot/mandataires/{id}", { ...chemin(id), body })),
  );

export const useEcrireChef = (id: string | null) =>
  useEcriture<SaisieChef, ChefDeFile>((body) =>
    id === null
      ? lire(api.POST("/depot/chefs-de-file", { body }))
      : lire(api.PUT("/depot/chefs-de-file/{id}", { ...chemin(id), body })),
  );

/** Replaces the token of a client: the old one stops working at once. */
export const useNouveauJeton = (id: string) =>
  useEcriture<void, Client>(() => lire(api.POST("/depot/clients/{id}/jeton", chemin(id))));

export const useValidation = () =>
  useEcriture<string, Habilitation>((id) => lire(api.POST("/depot/habilitations/{id}/valider", chemin(id))));

const options = ({ resultats }: Page<Mandataire | ChefDeFile>): OptionCombobox[] =>
  resultats.map(({ id, nom, email }) => ({ valeur: id, libelle: nom, detail: email }));

export const chercherMandataires = async (q: string, signal: AbortSignal): Promise<OptionCombobox[]> =>
  options(await lire(api.GET("/depot/mandataires", { params: { query: { q, par_page: 10 } }, signal })));

export const chercherChefs = async (q: string, signal: AbortSignal): Promise<OptionCombobox[]> =>
  options(await lire(api.GET("/depot/chefs-de-file", { params: { query: { q, par_page: 10 } }, signal })));

/** Communes, départements or EPCI whose name or code matches. */
export async function chercherTerritoires(
  type: TypePerimetre,
  q: string,
  signal: AbortSignal,
): Promise<OptionCombobox[]> {
  const found = await lire(api.GET("/depot/territoires", { params: { query: { type, q } }, signal }));
  return found.map(({ code, nom }) => ({ valeur: code, libelle: nom, detail: code }));
}

export const STATUTS: Record<StatutHabilitation, string> = {
  pending: "En attente",
  accepted: "Acceptée",
  rejected: "Rejetée",
};
