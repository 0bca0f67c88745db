/** Draft of the form: found when the step opens, kept while somebody types, told in words. */
import { useCallback, useEffect, useRef, useState } from "react";
import { cleDeBrouillon, garderBrouillon, jeterBrouillon, magasin } from "../../api/brouillon";
import { useEnLigne } from "../../lib/useEnLigne";
import type { EtatSauvegarde } from "../../ui/SaveStatus";
import type { Etape } from "./api";
import { creerGarde, type Depot, type Garde } from "./garde";
import { type BrouillonPropose, choisirBrouillon } from "./rules";

type Options = {
  uuid: string;
  code: string;
  etape: Etape;
  /** Person and habilitation to whom the drafts of this device belong. */
  proprietaire: string;
  /** False: nothing may be typed here, or in somebody's name: no draft at all. */
  actif: boolean;
};

export type Brouillon = {
  sauvegarde: EtatSauvegarde;
  /** Draft found on arrival, until the reader has decided. */
  propose: BrouillonPropose | null;
  oublierProposition: () => void;
  abandonner: () => Promise<void>;
  garde: () => Garde | null;
};

export function useBrouillon({ uuid, code, etape, proprietaire, actif }: Options): Brouillon {
  const [sauvegarde, setSauvegarde] = useState<EtatSauvegarde>({ etat: "propre" });
  const [propose, setPropose] = useState<BrouillonPropose | null>(null);
  const garde = useRef<Garde | null>(null);
  const enLigne = useEnLigne();
  const cle = cleDeBrouillon(proprietaire, uuid, code);

  useEffect(() => {
    if (!actif) return undefined;
    const current = creerGarde({
      ecrireLocal: ({ valeurs, base, champ }: Depot, envoye) =>
        magasin.ecrire({ cle, valeurs, baseVersion: base, le: new Date().toISOString(), champ, envoye }),
      effacerLocal: () => magasin.effacer(cle),
      envoyer: ({ valeurs, base }) => garderBrouillon(uuid, code, valeurs, base),
      effacerDistant: () => jeterBrouillon(uuid, code),
      onEtat: setSauvegarde,
    });
    garde.current = current;
    return () => {
      current.arreter();
      garde.current = null;
    };
  }, [actif, cle, uuid, code]);

  // On arrival only: what is typed afterwards is not a draft to offer again.
  const arrivee = useRef(etape);
  useEffect(() => {
    if (!actif) return undefined;
    let ignored = false;
    const opened = arrivee.current;
    magasin
      .purger(new Date())
      .then(() => magasin.lire(cle))
      .catch(() => null) // the browser keeps nothing: the draft of the server is the only one
      .then((local) => {
        if (ignored) return;
        const found = choisirBrouillon(opened, local, opened.brouillon);
        setPropose(found);
        if (!found && local) void magasin.effacer(cle).catch(() => undefined);
      });
    return () => {
      ignored = true;
    };
  }, [actif, cle]);

  useEffect(() => {
    if (enLigne) void garde.current?.forcer();
  }, [enLigne]);

  const abandonner = useCallback(async () => {
    await jeterBrouillon(uuid, code);
    await magasin.effacer(cle).catch(() => undefined);
    setPropose(null);
  }, [uuid, code, cle]);

  return {
    sauvegarde,
    propose,
    oublierProposition: useCallback(() => setPropose(null), []),
    abandonner,
    garde: useCallback(() => garde.current, []),
  };
}
