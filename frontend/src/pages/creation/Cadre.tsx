/** Frame of the pages that record by hand: only for those who may, with their breadcrumb. */
import { Stepper } from "@codegouvfr/react-dsfr/Stepper";
import type { ReactNode } from "react";
import { useSession } from "../../app/session/contexte";
import { FilAriane, type Maillon } from "../../ui/FilAriane";
import { NotFound } from "../../ui/NotFound";
import { CadrePage, TitrePage } from "../../ui/Page";

const LISTE: Maillon = { libelle: "Conventions et avenants", lien: "/conventions" };
export const NOUVELLE: Maillon = { libelle: "Nouvelle convention", lien: "/conventions/nouvelle" };

type Props = {
  titre: string;
  chapeau?: ReactNode;
  parents?: readonly Maillon[];
  /** The page of the switch « ajout_convention ». */
  ajout?: boolean;
  children: ReactNode;
};

export function CadreCreation({ titre, chapeau, parents = [], ajout = false, children }: Props) {
  const session = useSession();
  const peut = session.permissions.includes("add_convention") && !session.habilitation?.lecture_seule;
  if (!peut || (ajout && session.interrupteurs.ajout_convention === false)) return <NotFound />;
  return (
    <CadrePage>
      <FilAriane parents={[LISTE, ...parents]} page={titre} />
      <TitrePage titre={titre} chapeau={chapeau} />
      <div className="ap-creation">{children}</div>
    </CadrePage>
  );
}

const ETAPES: readonly string[] = [
  "Sélectionner l’opération",
  "Créer la convention",
  "Ajouter les avenants (facultatif)",
];

/** Where the reader is in the three steps of an existing convention. */
export function EtapesAjout({ courante }: { courante: 1 | 2 | 3 }) {
  return (
    <Stepper
      currentStep={courante}
      stepCount={ETAPES.length}
      title={ETAPES[courante - 1] ?? ""}
      nextTitle={ETAPES[courante]}
    />
  );
}
