/** What every page of the address bases shares: the settings of the deposit, the breadcrumb, the frame. */
import type { ReactNode } from "react";
import { useConfiguration } from "../../app/configuration";
import { REGLAGES_PAR_DEFAUT, type ReglagesDepot, ReglagesDuDepot } from "../../features/bal/chemin";
import { FilAriane, type Maillon } from "../../ui/FilAriane";
import { CadrePage } from "../../ui/Page";

export const ACCUEIL_BAL: Maillon = { libelle: "Bases adresses", lien: "/bal" };

/** Until the configuration is read, the addresses of an ordinary installation. */
function useReglagesDuServeur(): ReglagesDepot {
  const depot = useConfiguration().data?.depot;
  return depot ? { base: depot.chemin, tailleMax: depot.taille_max_octets } : REGLAGES_PAR_DEFAUT;
}

/** Settings and frame, for a page that writes its own breadcrumb once it knows a name. */
export function ReglagesBal({ children }: { children: ReactNode }) {
  return (
    <ReglagesDuDepot value={useReglagesDuServeur()}>
      <CadrePage>{children}</CadrePage>
    </ReglagesDuDepot>
  );
}

type Props = { page: string; parents?: readonly Maillon[]; children: ReactNode };

export function CadreBal({ page, parents = [], children }: Props) {
  return (
    <ReglagesBal>
      <FilAriane parents={parents} page={page} />
      {children}
    </ReglagesBal>
  );
}
