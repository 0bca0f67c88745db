/**
 * Session of the tab: silent sign-in at start, habilitation asked by the address, renewal while somebody is at work,
 * warning before the end, sign-out in every tab.
 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { api, lire } from "../../api/client";
import type { Session } from "../../api/dto";
import { jetons } from "../../api/jetons";
import { hasStatus } from "../../api/problem";
import { effacerLesTraces } from "../../lib/deconnexion";
import { type AutreHabilitation, AutresHabilitations } from "../../ui/NotFound";
import {
  adresseDeConnexion,
  connexionProbable,
  estPagePublique,
  type HabilitationDemandee,
  noterConnexion,
} from "./adresse";
import { ContexteSession, type ContratSession, type EtatSession } from "./contexte";
import { finDuDetournement, revenirASoi } from "./detournement";
import { useActivite, useFinDeSession } from "./horloge";
import { direAuxOnglets, ecouterLesOnglets, type MessageOnglets } from "./onglets";

const CLE_SESSION = ["session"] as const;
const NON_DISPONIBLE =
  "L’habilitation demandée par le lien n’est pas disponible pour votre compte. Vous gardez votre habilitation actuelle.";

type Demarrage = { session: Session | null; avis: string | null };

async function putHabilitation(id: number): Promise<void> {
  // Acting as somebody, the choice is this tab's alone: the person's own session is not touched.
  if (jetons.detournement()) {
    await jetons.refresh(id);
    return;
  }
  await lire(api.PUT("/session/habilitation", { body: { habilitation_id: id } }));
  await jetons.refresh(id);
}

/** First exchange: token, habilitation asked by the link, session. */
async function demarrer({ id, invalide }: HabilitationDemandee): Promise<Demarrage> {
  if (estPagePublique(window.location.pathname) && !connexionProbable()) return { session: null, avis: null };
  const token = await jetons.refresh();
  noterConnexion(token !== null);
  if (token === null) return { session: null, avis: null };
  let avis = invalide ? NON_DISPONIBLE : finDuDetournement();
  if (id !== null) {
    try {
      await putHabilitation(id);
    } catch (error) {
      if (!hasStatus(error, 400, 403, 404, 409, 422)) throw error;
      avis = NON_DISPONIBLE;
    }
  }
  return { session: await lire(api.GET("/session")), avis };
}

type Props = { demande: HabilitationDemandee; children: ReactNode };

export function SessionProvider({ demande, children }: Props) {
  const queries = useQueryClient();
  const [boot, setBoot] = useState<
    { etat: "chargement" | "anonyme" | "connecte" } | { etat: "panne"; erreur: unknown }
  >({ etat: "chargement" });
  const [avis, setAvis] = useState<string | null>(null);
  const [essai, setEssai] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `essai` is the wish to start again
  useEffect(() => {
    let ignored = false;
    setBoot({ etat: "chargement" });
    demarrer(demande).then(
      ({ session, avis: notice }) => {
        if (ignored) return;
        setAvis(notice);
        if (session) queries.setQueryData(CLE_SESSION, session);
        setBoot({ etat: session ? "connecte" : "anonyme" });
      },
      (erreur: unknown) => {
        if (!ignored) setBoot({ etat: "panne", erreur });
      },
    );
    return () => {
      ignored = true;
    };
  }, [demande, essai, queries]);

  const { data: session, refetch } = useQuery({
    queryKey: CLE_SESSION,
    queryFn: () => lire(api.GET("/session")),
    enabled: boot.etat === "connecte",
    staleTime: 5 * 60_000,
    gcTime: Number.POSITIVE_INFINITY,
  });
  const connected = boot.etat === "connecte" && session !== undefined;

  const [closed, setClosed] = useState(false);
  useEffect(() => jetons.onFin(() => setClosed(true)), []);
  useEffect(() => jetons.onFinDetournement(revenirASoi), []);
  const surMessage = useCallback(
    (message: MessageOnglets) => {
      if (message.type === "fin") {
        jetons.clear();
        setClosed(true);
        return;
      }
      if (jetons.detournement()) return; // its end is its own
      queries.setQueryData<Session>(CLE_SESSION, (before) =>
        before && before.expire_le < message.expireLe ? { ...before, expire_le: message.expireLe } : before,
      );
    },
    [queries],
  );
  useEffect(() => ecouterLesOnglets(surMessage), [surMessage]);
  useEffect(() => {
    if (session && !session.detournement) direAuxOnglets({ type: "session", expireLe: session.expire_le });
  }, [session]);

  const prolonger = useCallback(async () => {
    await jetons.refresh();
    await refetch();
  }, [refetch]);
  useActivite(connected && !closed, prolonger);
  const horloge = useFinDeSession(connected ? session.expire_le : null);
  const fin = connected && closed ? "passee" : horloge;

  const changerHabilitation = useCallback(
    async (id: number) => {
      await putHabilitation(id);
      const next = await lire(api.GET("/session"));
      // Nothing read under the former habilitation may stay on screen.
      queries.removeQueries({
        predicate: (query) => query.queryKey[0] !== "configuration" && query.queryKey[0] !== "session",
      });
      queries.setQueryData(CLE_SESSION, next);
      setAvis(null);
    },
    [queries],
  );

  const seConnecter = useCallback(
    (path?: string) => {
      const here = window.location.pathname + window.location.search + window.location.hash;
      const wanted =
        path ?? (demande.id === null || boot.etat === "connecte" ? here : withHabilitation(here, demande.id));
      window.location.assign(adresseDeConnexion(wanted));
    },
    [demande, boot.etat],
  );

  const seDeconnecter = useCallback(async () => {
    const { redirect } = await lire(api.POST("/auth/logout", { params: { header: { "X-Requested-With": "fetch" } } }));
    await effacerLesTraces();
    noterConnexion(false);
    window.sessionStorage.clear();
    jetons.clear();
    direAuxOnglets({ type: "fin" });
    window.location.assign(redirect || "/");
  }, []);

  const etat = useMemo<EtatSession>(() => {
    if (boot.etat === "panne") return boot;
    if (boot.etat === "connecte") return session ? { etat: "connecte", session } : { etat: "chargement" };
    return { etat: boot.etat };
  }, [boot, session]);

  const contract = useMemo<ContratSession>(
    () => ({
      etat,
      fin,
      avis,
      prolonger,
      changerHabilitation,
      seConnecter,
      seDeconnecter,
      effacerAvis: () => setAvis(null),
      reessayer: () => setEssai((n) => n + 1),
    }),
    [etat, fin, avis, prolonger, changerHabilitation, seConnecter, seDeconnecter],
  );

  const others = useMemo(
    () => ({
      autres: connected ? autresHabilitations(session) : [],
      changer: changerHabilitation,
      accueil: connected ? "/conventions" : "/",
    }),
    [connected, session, changerHabilitation],
  );

  return (
    <ContexteSession.Provider value={contract}>
      <AutresHabilitations.Provider value={others}>{children}</AutresHabilitations.Provider>
    </ContexteSession.Provider>
  );
}

function withHabilitation(path: string, id: number): string {
  const url = new URL(path, window.location.origin);
  url.searchParams.set("habilitation_id", String(id));
  return url.pathname + url.search + url.hash;
}

/** The habilitations other than the current one, named as their owner knows them. */
export function autresHabilitations(session: Session): AutreHabilitation[] {
  return session.habilitations
    .filter((h) => h.utilisable && !h.courante)
    .map((h) => ({ id: h.id, libelle: [h.entete, h.sous_titre1].filter(Boolean).join(", ") }));
}
