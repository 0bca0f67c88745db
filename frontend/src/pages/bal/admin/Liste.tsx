/** /admin/depot/:rubrique: the four lists of the administration of the deposit. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import type { ReactNode } from "react";
import { useParams } from "react-router";
import { HabilitationsListe } from "../../../features/bal/admin/Habilitations";
import { ChefsListe, ClientsListe, MandatairesListe } from "../../../features/bal/admin/Listes";
import { NotFound } from "../../../ui/NotFound";
import { TitrePage } from "../../../ui/Page";
import { CadreAdmin, RUBRIQUES, type Rubrique } from "./Cadre";

type Contenu = {
  chapeau: string;
  /** Label of the button that creates; habilitations are asked by clients. */
  creation: string | null;
  liste: (lectureSeule: boolean) => ReactNode;
};

const CONTENUS: Record<Rubrique, Contenu> = {
  clients: {
    chapeau: "Logiciels et services autorisés à déposer des adresses, chacun avec son jeton.",
    creation: "Créer un client",
    liste: (lectureSeule) => <ClientsListe lectureSeule={lectureSeule} />,
  },
  mandataires: {
    chapeau: "Organisations qui exploitent les clients et reçoivent leurs jetons.",
    creation: "Créer un mandataire",
    liste: (lectureSeule) => <MandatairesListe lectureSeule={lectureSeule} />,
  },
  "chefs-de-file": {
    chapeau: "Organisations dont l’autorité couvre un territoire.",
    creation: "Créer un chef de file",
    liste: (lectureSeule) => <ChefsListe lectureSeule={lectureSeule} />,
  },
  habilitations: {
    chapeau: "Accords donnés par les communes aux clients, et demandes en attente.",
    creation: null,
    liste: (lectureSeule) => <HabilitationsListe lectureSeule={lectureSeule} />,
  },
};

export function Component() {
  const { rubrique } = useParams();
  const found = RUBRIQUES.find(({ chemin }) => chemin === rubrique);
  if (!found) return <NotFound />;
  const { chapeau, creation, liste } = CONTENUS[found.chemin];
  return (
    <CadreAdmin rubrique={found.chemin}>
      {(lectureSeule) => (
        <>
          <TitrePage titre={found.libelle} chapeau={<p>{chapeau}</p>}>
            {creation && !lectureSeule ? (
              <Button iconId="fr-icon-add-line" linkProps={{ to: `/admin/depot/${found.chemin}/nouveau` }}>
                {creation}
              </Button>
            ) : null}
          </TitrePage>
          <div key={found.chemin}>{liste(lectureSeule)}</div>
        </>
      )}
    </CadreAdmin>
  );
}
