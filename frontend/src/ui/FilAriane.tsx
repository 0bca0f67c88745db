/** Breadcrumb: every page except the home page. The last item is the page itself, without link. */
import { Breadcrumb } from "@codegouvfr/react-dsfr/Breadcrumb";

export type Maillon = { libelle: string; lien: string };

export function FilAriane({ parents = [], page }: { parents?: readonly Maillon[]; page: string }) {
  return (
    <Breadcrumb
      className="ap-ariane"
      homeLinkProps={{ to: "/" }}
      segments={parents.map(({ libelle, lien }) => ({ label: libelle, linkProps: { to: lien } }))}
      currentPageLabel={page}
    />
  );
}
