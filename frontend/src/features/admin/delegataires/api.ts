/** Mass reassignment of administrations (02 PE-43): simulation, confirmation, follow-up, undo. Keys start with "reassignations". */
import { keepPreviousData, type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, avecCle, lire } from "../../../api/client";
import { useCommande, useIntention } from "../../../api/commande";
import type { components } from "../../../api/schema";
import { televerser } from "../../../api/televersement";
import type { OptionCombobox } from "../../../ui/Combobox";
import type { EnvoyerFichier } from "../../../ui/FileDrop";
import { enCours } from "./rules";

type Schemas = components["schemas"];
export type Reassignation = Schemas["Reassignation"];
export type ReassignationResume = Schemas["ReassignationResume"];

export const PAR_PAGE = 10;

/** Services of the whole country, by name or code. */
export async function chercherAdministrations(q: string, signal: AbortSignal): Promise<OptionCombobox[]> {
  const found = await lire(
    api.GET("/admin/clients-api/perimetres", { params: { query: { type: "ADMINISTRATION", q } }, signal }),
  );
  return found.map(({ code, nom }) => ({ valeur: code, libelle: nom, detail: code }));
}

export const useReassignations = (page: number) =>
  useQuery({
    queryKey: ["reassignations", "liste", page],
    queryFn: ({ signal }) =>
      lire(api.GET("/admin/reassignations", { params: { query: { page, par_page: PAR_PAGE } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.resultats.some(enCours) ? 2_000 : false),
  });

/** A run, read again each second while its job works. */
export const useReassignation = (uuid: string): UseQueryResult<Reassignation> =>
  useQuery({
    queryKey: ["reassignations", "detail", uuid],
    queryFn: ({ signal }) => lire(api.GET("/admin/reassignations/{uuid}", { params: { path: { uuid } }, signal })),
    refetchInterval: ({ state }) => (state.data && enCours(state.data) && !state.data.interrompue ? 1_000 : false),
  });

export function useSimulation() {
  const intention = useIntention();
  return useCommande({
    mutationFn: (corps: Schemas["DemandeReassignation"]) =>
      lire(api.POST("/admin/reassignations", { body: corps, headers: avecCle(intention.cle(corps)) })),
    onSuccess: intention.faite,
  });
}

/** Sends the list of communes; `onRecue` gets the simulation. */
export const envoyerListe =
  (cible: string, onRecue: (simulation: Reassignation) => void): EnvoyerFichier =>
  async (fichier, { signal, onProgression }) => {
    onRecue(
      await televerser<Reassignation>({
        chemin: `/admin/reassignations/communes?cible=${encodeURIComponent(cible)}`,
        fichier,
        onProgression,
        signal,
      }),
    );
  };

export type Decision = "confirmation" | "annulation";

/** Launches a simulation, or takes a run back. */
export function useDecision(uuid: string) {
  const queries = useQueryClient();
  const intention = useIntention();
  return useCommande({
    mutationFn: ({ decision, motif }: { decision: Decision; motif: string }) =>
      lire(
        api.POST(`/admin/reassignations/{uuid}/${decision}`, {
          params: { path: { uuid } },
          body: { motif },
          headers: avecCle(intention.cle([decision, motif])),
        }),
      ),
    onSuccess: (run) => {
      intention.faite();
      queries.setQueryData(["reassignations", "detail", uuid], run);
      return queries.invalidateQueries({ queryKey: ["reassignations", "liste"] });
    },
  });
}
