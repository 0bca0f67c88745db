/**
 * State of one step being filled in: what is typed, the draft, the save and everything that can refuse it. The server
 * decides of rights and rules; this hook makes sure that nothing typed is lost whatever it answers.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { LigneSaisie, Saisie } from "../../api/brouillon";
import { clesConvention, rafraichirConvention } from "../../api/convention";
import { type ErreurDeChamp, hasStatus, isApiError } from "../../api/problem";
import { formatHeure } from "../../lib/dates";
import { type ChampEtape, type Etape, enregistrerEtape, lireEtape, type Valeurs } from "./api";
import { enSaisie, estModifie, estTable, lireSaisie, saisiesUtiles } from "./champs";
import { lignesDe } from "./lignes";
import {
  AUCUNE_ERREUR,
  apresEnregistrement,
  type ErreursEtape,
  type EtatFormulaire,
  erreursApresSaisie,
  fusionner,
  integrer,
  ouvrirFormulaire,
  rangerErreurs,
  saisiesFermees,
  saisir,
  toutConfirmable,
} from "./rules";
import { type Brouillon, useBrouillon } from "./useBrouillon";

type Options = { uuid: string; code: string; etape: Etape; proprietaire: string; brouillons: boolean };

export type Demande = {
  /** Fields to save; every changed one unless told. */
  cles?: readonly string[];
  /** Comments resolved by the save. */
  resolus?: readonly string[];
  confirmer?: boolean;
};

/** Fields typed here and changed elsewhere, to decide one by one. */
export type Conflit = { distante: Etape; cles: string[]; demande: Demande };
/** Confirmable errors: « Corriger » or « Valider quand même ». */
export type Attention = { points: string[]; demande: Demande };

export type Formulaire = {
  saisieDe: (champ: ChampEtape) => Saisie;
  changer: (champ: ChampEtape, saisie: Saisie) => void;
  noterFocus: (cle: string) => void;
  /** Keys that differ from what is saved, closed fields excluded. */
  modifies: string[];
  /** Typed values of fields that are no longer open to this reader. */
  fermees: { cle: string; libelle: string; saisie: Saisie }[];
  retirerFermees: () => void;
  erreurs: ErreursEtape;
  /** Changes at each refused save. */
  envoi: number;
  /** Other refusal: network, status, end of session. */
  refus: unknown;
  enCours: Demande | null;
  enregistrer: (demande?: Demande) => Promise<Etape | null>;
  conflit: Conflit | null;
  ouvrirConflit: () => void;
  resoudreConflit: (choix: Record<string, "mienne" | "autre">) => Promise<Etape | null>;
  fermerConflit: () => void;
  attention: Attention | null;
  fermerAttention: () => void;
  /** Somebody saved a field that is also being typed here. */
  rencontre: boolean;
  /** Labels of the fields that somebody else changed meanwhile. */
  ailleurs: string[];
  oublierAilleurs: () => void;
  brouillon: Brouillon;
  /** Puts the draft in the form; returns the field that had the focus. */
  reprendreBrouillon: () => string | null;
};

const ESSAIS = 3;

export function useFormulaire({ uuid, code, etape, proprietaire, brouillons }: Options): Formulaire {
  const queries = useQueryClient();
  const [etat, setEtat] = useState<EtatFormulaire>(() => ouvrirFormulaire(etape));
  const courant = useRef({ etat, etape });
  courant.current.etape = etape;
  const poser = useCallback((next: EtatFormulaire) => {
    courant.current.etat = next;
    setEtat(next);
  }, []);
  const [erreurs, setErreurs] = useState<ErreursEtape>(AUCUNE_ERREUR);
  const [envoi, setEnvoi] = useState(0);
  const [refus, setRefus] = useState<unknown>(null);
  const [enCours, setEnCours] = useState<Demande | null>(null);
  const [conflit, setConflit] = useState<Conflit | null>(null);
  const [attention, setAttention] = useState<Attention | null>(null);
  const focus = useRef<string | null>(null);
  /** One save at a time, even within one gesture. */
  const enVol = useRef(false);
  const brouillon = useBrouillon({ uuid, code, etape, proprietaire, actif: brouillons && etape.modifiable });
  const { garde } = brouillon;

  useEffect(() => poser(integrer(courant.current.etat, etape)), [etape, poser]);

  const depot = useCallback(() => {
    const { etat: now, etape: step } = courant.current;
    const pending = brouillon.propose?.valeurs ?? {};
    // A draft that still waits for a decision is kept with what is typed meanwhile.
    return {
      valeurs: { ...pending, ...saisiesUtiles(step.champs, now.saisies, now.base.valeurs) },
      base: now.base.version,
      champ: focus.current,
    };
  }, [brouillon.propose]);

  const changer = useCallback(
    (champ: ChampEtape, saisie: Saisie) => {
      const avant = lignesDuMoment(courant.current.etat, champ);
      poser(saisir(courant.current.etat, champ, saisie));
      garde()?.noter(depot());
      setErreurs((before) => {
        if (Array.isArray(saisie)) {
          const lecture = lireSaisie(champ, saisie);
          const fausses = "cellules" in lecture ? lecture.cellules : {};
          return { ...before, parChamp: erreursApresSaisie(champ, avant, saisie, before.parChamp, fausses) };
        }
        if (before.parChamp[champ.cle] === undefined) return before;
        const lecture = lireSaisie(champ, saisie);
        const { [champ.cle]: _, ...others } = before.parChamp;
        return { ...before, parChamp: "erreur" in lecture ? { ...others, [champ.cle]: lecture.erreur } : others };
      });
    },
    [poser, garde, depot],
  );

  const refuser = useCallback((found: ErreursEtape) => {
    setErreurs(found);
    setEnvoi((n) => n + 1);
  }, []);

  /** One attempt after another as long as only the other fields have moved. */
  const tenter = useCallback(
    async (demande: Demande, valeurs: Valeurs, cles: readonly string[]): Promise<Etape | null> => {
      for (let essai = 1; ; essai += 1) {
        const { base } = courant.current.etat;
        try {
          const saved = await enregistrerEtape(uuid, code, {
            version: base.version,
            valeurs,
            resolus: demande.resolus,
            confirmer: demande.confirmer,
          });
          const meanwhile = courant.current.etat.ailleurs;
          const after = apresEnregistrement(courant.current.etat, saved, cles);
          poser(after);
          queries.setQueryData(clesConvention.etape(uuid, code), saved);
          const le = new Date().toISOString();
          const detail =
            meanwhile.length > 0
              ? `Enregistré à ${formatHeure(le)}. Entre-temps, ${phraseAilleurs(saved, meanwhile)}.`
              : undefined;
          garde()?.enregistre({ etat: "enregistre", le, detail }, depot());
          await rafraichirConvention(queries, uuid);
          return saved;
        } catch (error) {
          if (!hasStatus(error, 412) || essai >= ESSAIS) throw error;
          const fresh = await lireEtape(uuid, code);
          const now = courant.current.etat;
          const { rencontres, ailleurs } = fusionner(
            fresh.champs,
            now.base.valeurs,
            fresh.valeurs as Valeurs,
            now.saisies,
          );
          if (rencontres.length > 0) {
            poser({ ...now, distante: fresh });
            setConflit({ distante: fresh, cles: rencontres, demande });
            return null;
          }
          poser({ ...integrer(now, fresh), ailleurs: [...new Set([...now.ailleurs, ...ailleurs])] });
          relireTables(fresh.champs, courant.current.etat, valeurs);
        }
      }
    },
    [uuid, code, queries, poser, garde, depot],
  );

  const traiterRefus = useCallback(
    async (error: unknown, demande: Demande) => {
      const { etat: now, etape: step } = courant.current;
      const { champs } = step;
      const fields: readonly ErreurDeChamp[] = isApiError(error) ? error.errors : [];
      if (hasStatus(error, 422) && toutConfirmable(fields)) {
        setAttention({ points: fields.map(({ detail }) => detail), demande });
        return;
      }
      if (hasStatus(error, 400, 403, 422) && fields.length > 0)
        refuser(rangerErreurs(champs, fields, (champ) => lignesDuMoment(now, champ)));
      else setRefus(error);
      // Rights or status have changed: the page is read again, what was typed stays.
      if (hasStatus(error, 403, 404, 409, 412)) await rafraichirConvention(queries, uuid);
    },
    [queries, uuid, refuser],
  );

  const enregistrer = useCallback(
    async (demande: Demande = {}): Promise<Etape | null> => {
      if (enVol.current) return null;
      const { etat: now, etape: step } = courant.current;
      const wanted = step.champs.filter(
        (champ) =>
          champ.modifiable &&
          now.saisies[champ.cle] !== undefined &&
          (!demande.cles || demande.cles.includes(champ.cle)),
      );
      const valeurs: Valeurs = {};
      const found: ErreursEtape = { parChamp: {}, autres: [] };
      for (const champ of wanted) {
        const lecture = lireSaisie(champ, now.saisies[champ.cle] ?? "");
        if ("erreur" in lecture) found.parChamp[champ.cle] = lecture.erreur;
        else if ("cellules" in lecture) Object.assign(found.parChamp, numeroter(now, champ, lecture.cellules));
        else valeurs[champ.cle] = lecture.valeur;
      }
      if (Object.keys(found.parChamp).length > 0) {
        refuser(found);
        return null;
      }
      if (now.distante) {
        const { rencontres } = fusionner(
          now.distante.champs,
          now.base.valeurs,
          now.distante.valeurs as Valeurs,
          now.saisies,
        );
        setConflit({ distante: now.distante, cles: rencontres, demande });
        return null;
      }
      setErreurs(AUCUNE_ERREUR);
      setRefus(null);
      setEnCours(demande);
      enVol.current = true;
      try {
        await garde()?.suspendre();
        const saved = await tenter(demande, valeurs, Object.keys(valeurs));
        if (!saved) garde()?.reprendre();
        return saved;
      } catch (error) {
        garde()?.reprendre();
        await traiterRefus(error, demande);
        return null;
      } finally {
        enVol.current = false;
        setEnCours(null);
      }
    },
    [garde, tenter, traiterRefus, refuser],
  );

  const resoudreConflit = useCallback(
    async (choix: Record<string, "mienne" | "autre">) => {
      if (!conflit) return null;
      const now = courant.current.etat;
      const saisies = Object.fromEntries(Object.entries(now.saisies).filter(([cle]) => choix[cle] !== "autre"));
      const fresh = conflit.distante;
      // The reader has seen the other version and chosen: his choices now rest on it.
      poser({
        base: { version: fresh.version, valeurs: fresh.valeurs as Valeurs },
        saisies,
        distante: null,
        ailleurs: now.ailleurs,
      });
      queries.setQueryData(clesConvention.etape(uuid, code), fresh);
      courant.current.etape = fresh;
      garde()?.noter(depot());
      setConflit(null);
      return enregistrer(conflit.demande);
    },
    [conflit, poser, queries, uuid, code, garde, depot, enregistrer],
  );

  const ouvrirConflit = useCallback(() => {
    const { etat: now } = courant.current;
    if (!now.distante) return;
    const { rencontres } = fusionner(
      now.distante.champs,
      now.base.valeurs,
      now.distante.valeurs as Valeurs,
      now.saisies,
    );
    setConflit({ distante: now.distante, cles: rencontres, demande: {} });
  }, []);

  const reprendreBrouillon = useCallback(() => {
    const { propose } = brouillon;
    if (!propose) return null;
    const now = courant.current.etat;
    poser({ ...now, saisies: { ...propose.valeurs, ...now.saisies } });
    brouillon.oublierProposition();
    garde()?.noter({ valeurs: { ...propose.valeurs, ...now.saisies }, base: now.base.version, champ: propose.champ });
    return propose.champ;
  }, [brouillon, poser, garde]);

  const retirerFermees = useCallback(() => {
    const { etat: now, etape: step } = courant.current;
    const closed = saisiesFermees(step, now.saisies);
    poser({
      ...now,
      saisies: Object.fromEntries(Object.entries(now.saisies).filter(([cle]) => !closed.includes(cle))),
    });
    garde()?.noter(depot());
  }, [poser, garde, depot]);

  const closed = saisiesFermees(etape, etat.saisies);
  return {
    saisieDe: (champ) => etat.saisies[champ.cle] ?? enSaisie(champ, etat.base.valeurs[champ.cle]),
    changer,
    noterFocus: useCallback((cle: string) => {
      focus.current = cle;
    }, []),
    modifies: etape.champs
      .filter(
        (champ) =>
          champ.modifiable &&
          etat.saisies[champ.cle] !== undefined &&
          estModifie(champ, etat.saisies[champ.cle] ?? "", etat.base.valeurs[champ.cle]),
      )
      .map(({ cle }) => cle),
    fermees: closed.map((cle) => ({ cle, libelle: libelleDe(etape, cle), saisie: etat.saisies[cle] ?? "" })),
    retirerFermees,
    erreurs,
    envoi,
    refus,
    enCours,
    enregistrer,
    conflit,
    ouvrirConflit,
    resoudreConflit,
    fermerConflit: useCallback(() => setConflit(null), []),
    attention,
    fermerAttention: useCallback(() => setAttention(null), []),
    rencontre: etat.distante !== null,
    ailleurs: etat.ailleurs.map((cle) => libelleDe(etape, cle)),
    oublierAilleurs: () => poser({ ...courant.current.etat, ailleurs: [] }),
    brouillon,
    reprendreBrouillon,
  };
}

/** Rows of a table as they stand. */
const lignesDuMoment = (etat: EtatFormulaire, champ: ChampEtape): LigneSaisie[] =>
  estTable(champ) ? lignesDe(champ, etat.saisies[champ.cle] ?? etat.base.valeurs[champ.cle]) : [];

/** Rows put together with those of somebody else replace, in what is about to be sent, the rows as they were. */
function relireTables(champs: readonly ChampEtape[], etat: EtatFormulaire, valeurs: Valeurs): void {
  for (const champ of champs) {
    if (!estTable(champ) || valeurs[champ.cle] === undefined) continue;
    const lecture = lireSaisie(champ, lignesDuMoment(etat, champ));
    if ("valeur" in lecture) valeurs[champ.cle] = lecture.valeur;
  }
}

/** « Ligne 2, Montant : … » for the summary, as the server says it. */
function numeroter(etat: EtatFormulaire, champ: ChampEtape, cellules: Record<string, string>): Record<string, string> {
  const rows = lignesDuMoment(etat, champ);
  return Object.fromEntries(
    Object.entries(cellules).map(([where, message]) => {
      const [, ligne] = where.split("/");
      return [where, `Ligne ${rows.findIndex(({ cle }) => cle === ligne) + 1}, ${message}`];
    }),
  );
}

const libelleDe = (etape: Etape, cle: string): string =>
  etape.champs.find((champ) => champ.cle === cle)?.libelle ?? cle;

/** « “Ville” et “Bureaux” ont été modifiés par une autre personne » */
function phraseAilleurs(etape: Etape, cles: readonly string[]): string {
  const names = cles.map((cle) => `« ${libelleDe(etape, cle)} »`).join(", ");
  return `${names} ${cles.length > 1 ? "ont été modifiés" : "a été modifié"} par une autre personne`;
}
