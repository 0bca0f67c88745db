/** Says who has changed what is being read, as far as the reader may know it: the page never changes without a word. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type Convention, clesConvention, useHistorique } from "../../api/convention";
import { useAnnonce } from "../../ui/Annonces";
import { type QuiEtQuoi, quiAChange } from "./suivi";

export type Avis = {
  titre: string;
  detail: string;
  /** Step that has changed, to be shown. */
  etape?: string | null;
};

/** Who reads: his name as the history writes it, and his side. */
export type Lecteur = { nom: string; bailleur: boolean };

const connu = ({ uuid, version, statut, statut_libelle, mis_a_jour_le }: Convention) => ({
  uuid,
  version,
  statut,
  libelle: statut_libelle,
  le: mis_a_jour_le,
});

/** « Luc Martin vient de modifier “Financement” »; nobody is named when nobody is known. */
function phraseDe({ qui, quoi }: QuiEtQuoi): string {
  if (!qui) return "Cette convention vient d’être modifiée";
  return `${qui} ${qui.startsWith("Plusieurs") ? "viennent" : "vient"} de modifier ${quoi}`;
}

/**
 * What to say when the version read is no longer the one that the reader knows; `vu` accepts the present one. The live
 * update says nothing of who and what: both are read in the history, with the rights of the reader.
 */
export function useMiseAJour(
  convention: Convention,
  lecteur: Lecteur,
): { avis: Avis | null; vu: (convention: Convention) => void } {
  const [known, setKnown] = useState(() => connu(convention));
  const annoncer = useAnnonce();
  const written = useQueryClient().getQueryData<number>(clesConvention.ecrite(convention.uuid)) ?? 0;
  const changed = known.uuid === convention.uuid && convention.version > known.version;
  const own = changed && convention.version === written;
  const history = useHistorique(convention.uuid, false, changed && !own);
  // An unreadable history must not hide that something has changed.
  const read = !changed || (!history.isFetching && history.data !== undefined) || history.isError;
  const who = quiAChange(history.isError ? [] : (history.data?.pages[0]?.evenements ?? []), {
    ...lecteur,
    depuis: known.le,
    statut: known.statut,
  });
  const moved = known.libelle !== convention.statut_libelle;
  const avis: Avis | null =
    changed && !own && read && who
      ? {
          titre: phraseDe(who),
          detail: moved
            ? `Son statut est passé de « ${known.libelle} » à « ${convention.statut_libelle} ». La page est à jour.`
            : "La page est à jour : relisez ce qui a pu changer avant d’agir.",
          etape: who.etape,
        }
      : null;
  const said = avis ? `${avis.titre}. ${avis.detail}` : "";
  useEffect(() => {
    if (said) annoncer(said);
  }, [said, annoncer]);
  const mine = own || (changed && read && !who);
  useEffect(() => {
    if (known.uuid !== convention.uuid || mine) setKnown(connu(convention));
  }, [known.uuid, mine, convention]);
  return { avis, vu: (next) => setKnown(connu(next)) };
}
