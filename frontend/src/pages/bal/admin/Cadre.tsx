/** Frame of the administration of the deposit: side menu, rights, breadcrumb. */
import { SideMenu } from "@codegouvfr/react-dsfr/SideMenu";
import type { ReactNode } from "react";
import { useSession } from "../../../app/session/contexte";
import { peutAdministrer, peutVoir } from "../../../features/bal/droits";
import { NotFound } from "../../../ui/NotFound";
import { CadreBal } from "../Cadre";

export const RUBRIQUES = [
  { chemin: "clients", libelle: "Clients" },
  { chemin: "mandataires", libelle: "Mandataires" },
  { chemin: "chefs-de-file", libelle: "Chefs de file" },
  { chemin: "habilitations", libelle: "Habilitations" },
] as const;

export type Rubrique = (typeof RUBRIQUES)[number]["chemin"];

type Props = {
  rubrique: Rubrique;
  /** Name of the object, on the pages of one. */
  page?: string;
  children: (lectureSeule: boolean) => ReactNode;
};

export function CadreAdmin({ rubrique, page, children }: Props) {
  const session = useSession();
  if (!peutVoir(session)) return <NotFound />;
  const current = RUBRIQUES.find(({ chemin }) => chemin === rubrique);
  const name = current?.libelle ?? "";
  return (
    <CadreBal
      page={page ?? name}
      parents={[
        { libelle: "Dépôt des adresses", lien: "/admin/depot/clients" },
        ...(page ? [{ libelle: name, lien: `/admin/depot/${rubrique}` }] : []),
      ]}
    >
      <div className="fr-grid-row fr-grid-row--gutters">
        <div className="fr-col-12 fr-col-md-3">
          <SideMenu
            align="left"
            burgerMenuButtonText="Dépôt des adresses"
            title="Dépôt des adresses"
            items={RUBRIQUES.map(({ chemin, libelle }) => ({
              text: libelle,
              isActive: chemin === rubrique,
              linkProps: {
                to: `/admin/depot/${chemin}`,
                ...(chemin === rubrique ? { "aria-current": "page" as const } : {}),
              },
            }))}
          />
        </div>
        <div className="fr-col-12 fr-col-md-9">{children(!peutAdministrer(session))}</div>
      </div>
    </CadreBal>
  );
}
