/** Frame of the pages about programs: side menu, rights, breadcrumb. */
import { SideMenu } from "@codegouvfr/react-dsfr/SideMenu";
import type { ReactNode } from "react";
import { useSession } from "../../app/session/contexte";
import { peutGerer, peutVoir } from "../../features/integration/droits";
import { FilAriane } from "../../ui/FilAriane";
import { NotFound } from "../../ui/NotFound";
import { CadrePage } from "../../ui/Page";

const RUBRIQUES = [
  { chemin: "/admin/clients-api", libelle: "Clients d’API" },
  { chemin: "/admin/webhooks", libelle: "Webhooks" },
] as const;

type Props = {
  chemin: (typeof RUBRIQUES)[number]["chemin"];
  /** Name of the object, on the pages of one. */
  page?: string;
  children: (lectureSeule: boolean) => ReactNode;
};

export function CadreIntegration({ chemin, page, children }: Props) {
  const session = useSession();
  if (!peutVoir(session)) return <NotFound />;
  const name = RUBRIQUES.find((one) => one.chemin === chemin)?.libelle ?? "";
  return (
    <CadrePage>
      <FilAriane parents={page ? [{ libelle: name, lien: chemin }] : []} page={page ?? name} />
      <div className="fr-grid-row fr-grid-row--gutters">
        <div className="fr-col-12 fr-col-md-3">
          <SideMenu
            align="left"
            burgerMenuButtonText="API et webhooks"
            title="API et webhooks"
            items={RUBRIQUES.map((one) => ({
              text: one.libelle,
              isActive: one.chemin === chemin,
              linkProps: { to: one.chemin, ...(one.chemin === chemin ? { "aria-current": "page" as const } : {}) },
            }))}
          />
        </div>
        <div className="fr-col-12 fr-col-md-9">{children(!peutGerer(session))}</div>
      </div>
    </CadrePage>
  );
}
