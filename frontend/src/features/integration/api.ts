/** API clients and webhooks: lists, objects, commands. Keys start with "integration"; a write refreshes them all. */
import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { api, lire, lireVersion, siVersion } from "../../api/client";
import { useCommande } from "../../api/commande";
import type { OptionCombobox } from "../../ui/Combobox";
import type {
  ClientAPI,
  CreationClient,
  CreationWebhook,
  EtatClient,
  EtatLivraison,
  JetonClient,
  Livraison,
  LivraisonDetail,
  ModificationClient,
  ModificationWebhook,
  SecretWebhook,
  Webhook,
} from "./contrat";
import type { Filtres } from "./filtres";

export const PAR_PAGE = 20;

export type PageDe<T> = { resultats: T[]; total: number };

const RACINE = "integration";
const parUuid = (uuid: string) => ({ path: { uuid } });

/** One page of a list; the former one stays on screen while the next is read. */
export function useClients({ q, etat, page }: Filtres): UseQueryResult<PageDe<ClientAPI>> {
  const query = { q: q || undefined, etat: (etat as EtatClient) || undefined, page, par_page: PAR_PAGE };
  return useQuery({
    queryKey: [RACINE, "clients", query],
    queryFn: ({ signal }) => lire(api.GET("/admin/clients-api", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** Nothing is asked of the server for an object that does not exist yet. */
export const useClient = (uuid: string | null): UseQueryResult<ClientAPI> =>
  useQuery({
    queryKey: [RACINE, "client", uuid],
    queryFn: ({ signal }) => lire(api.GET("/admin/clients-api/{uuid}", { params: parUuid(uuid ?? ""), signal })),
    enabled: uuid !== null,
  });

function useEcriture<V, R>(command: (value: V) => Promise<R>): UseMutationResult<R, Error, V> {
  const queries = useQueryClient();
  return useCommande({
    mutationFn: command,
    onSuccess: () => queries.invalidateQueries({ queryKey: [RACINE] }),
  });
}

export const useCreationClient = () =>
  useEcriture<CreationClient, JetonClient>((body) => lire(api.POST("/admin/clients-api", { body })));

const version = (object: { uuid: string; version: number }) => ({
  params: { ...parUuid(object.uuid), header: siVersion(object.version) },
});

export const useModificationClient = (client: ClientAPI) =>
  useEcriture<ModificationClient, ClientAPI>((body) =>
    lire(api.PATCH("/admin/clients-api/{uuid}", { ...version(client), body })),
  );

/** A new token; the former one still works for this many hours. */
export const useRotation = (client: ClientAPI) =>
  useEcriture<number, JetonClient>((grace_heures) =>
    lire(api.POST("/admin/clients-api/{uuid}/jeton", { ...version(client), body: { grace_heures } })),
  );

export const useRevocation = (client: ClientAPI) =>
  useEcriture<void, void>(async () => {
    await api.DELETE("/admin/clients-api/{uuid}", version(client));
  });

export function useWebhooks(page: number): UseQueryResult<PageDe<Webhook>> {
  const query = { page, par_page: PAR_PAGE };
  return useQuery({
    queryKey: [RACINE, "webhooks", query],
    queryFn: ({ signal }) => lire(api.GET("/webhooks", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

export const useWebhook = (uuid: string | null): UseQueryResult<Webhook> =>
  useQuery({
    queryKey: [RACINE, "webhook", uuid],
    queryFn: async ({ signal }) => {
      const { donnees } = await lireVersion(api.GET("/webhooks/{uuid}", { params: parUuid(uuid ?? ""), signal }));
      return donnees;
    },
    enabled: uuid !== null,
  });

export const useCreationWebhook = () =>
  useEcriture<CreationWebhook, SecretWebhook>((body) => lire(api.POST("/webhooks", { body })));

export const useModificationWebhook = (webhook: Webhook) =>
  useEcriture<ModificationWebhook, Webhook>((body) =>
    lire(api.PATCH("/webhooks/{uuid}", { ...version(webhook), body })),
  );

export const useNouveauSecret = (webhook: Webhook) =>
  useEcriture<void, SecretWebhook>(() => lire(api.POST("/webhooks/{uuid}/secret", version(webhook))));

export const useSuppression = (webhook: Webhook) =>
  useEcriture<void, void>(async () => {
    await api.DELETE("/webhooks/{uuid}", version(webhook));
  });

/** Deliveries of a webhook, read again while some have not arrived. */
export function useLivraisons(uuid: string, etat: string, page: number): UseQueryResult<PageDe<Livraison>> {
  const query = { etat: (etat as EtatLivraison) || undefined, page, par_page: PAR_PAGE };
  return useQuery({
    queryKey: [RACINE, "livraisons", uuid, query],
    queryFn: ({ signal }) =>
      lire(api.GET("/webhooks/{uuid}/livraisons", { params: { ...parUuid(uuid), query }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.resultats.some((row) => row.etat === "A_ENVOYER" || row.etat === "EN_COURS") ? 5_000 : false,
  });
}

export const useLivraison = (webhook: string, id: string | null): UseQueryResult<LivraisonDetail> =>
  useQuery({
    queryKey: [RACINE, "livraison", webhook, id],
    queryFn: ({ signal }) =>
      lire(api.GET("/webhooks/{uuid}/livraisons/{id}", { params: { path: { uuid: webhook, id: id ?? "" } }, signal })),
    enabled: id !== null,
  });

export const useRejeu = (webhook: string) =>
  useEcriture<string, LivraisonDetail>((id) =>
    lire(api.POST("/webhooks/{uuid}/livraisons/{id}/rejouer", { params: { path: { uuid: webhook, id } } })),
  );

/** Bailleurs or administrations of the whole country, whatever the habilitation. */
const chercher =
  (type: "BAILLEURS" | "ADMINISTRATION", nomDuCode: string) => async (q: string, signal: AbortSignal) => {
    const found = await lire(api.GET("/admin/clients-api/perimetres", { params: { query: { type, q } }, signal }));
    return found.map<OptionCombobox>(({ uuid, nom, code }) => ({
      valeur: uuid,
      libelle: nom,
      detail: code ? `${nomDuCode} ${code}` : undefined,
    }));
  };

export const chercherBailleurs = chercher("BAILLEURS", "SIREN");
export const chercherAdministrations = chercher("ADMINISTRATION", "code");
