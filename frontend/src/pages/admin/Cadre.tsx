/** Frame of the back office: rights, breadcrumb, width. Anybody else is told that the page does not exist (06 §3.3). */
import type { ReactNode } from "react";
import { useSession } from "../../app/session/contexte";
import { estEquipe, peutAgir } from "../../features/admin/droits";
import { FilAriane, type Maillon } from "../../ui/FilAriane";
import { NotFound } from "../../ui/NotFound";
import { CadrePage } from "../../ui/Page";

export const ACCUEIL_ADMIN: Maillon = { libelle: "Administration", lien: "/admin" };

type Props = { page: string; parents?: readonly Maillon[]; children: (peutAgir: boolean) => ReactNode };

export function CadreEquipe({ page, parents = [], children }: Props) {
  const session = useSession();
  if (!estEquipe(session)) return <NotFound />;
  return (
    <CadrePage>
      <FilAriane parents={parents} page={page} />
      {children(peutAgir(session))}
    </CadrePage>
  );
}
