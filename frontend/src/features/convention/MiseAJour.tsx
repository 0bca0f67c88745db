/** Says that somebody else has changed what is being read: the page never changes without a word. */
import { useEffect, useState } from "react";
import type { Convention } from "../../api/convention";
import { useAnnonce } from "../../ui/Annonces";

export type Avis = { titre: string; detail: string };

/** What to say when the version read is no longer the one that the reader knows; `vu` accepts the present one. */
export function useMiseAJour(convention: Convention): { avis: Avis | null; vu: (convention: Convention) => void } {
  const [known, setKnown] = useState({
    uuid: convention.uuid,
    version: convention.version,
    libelle: convention.statut_libelle,
  });
  const annoncer = useAnnonce();
  const vu = ({ uuid, version, statut_libelle }: Convention) => setKnown({ uuid, version, libelle: statut_libelle });
  const changed = known.uuid === convention.uuid && convention.version > known.version;
  const moved = changed && known.libelle !== convention.statut_libelle;
  const avis = changed
    ? {
        titre: "Cette convention vient d’être modifiée par une autre personne",
        detail: moved
          ? `Son statut est passé de « ${known.libelle} » à « ${convention.statut_libelle} ». La page est à jour.`
          : "La page est à jour : relisez ce qui a pu changer avant d’agir.",
      }
    : null;
  const said = avis ? `${avis.titre}. ${avis.detail}` : "";
  useEffect(() => {
    if (said) annoncer(said);
  }, [said, annoncer]);
  useEffect(() => {
    if (known.uuid !== convention.uuid)
      setKnown({ uuid: convention.uuid, version: convention.version, libelle: convention.statut_libelle });
  }, [known.uuid, convention.uuid, convention.version, convention.statut_libelle]);
  return { avis, vu };
}
