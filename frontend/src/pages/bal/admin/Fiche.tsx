/** /admin/depot/:rubrique/:id, and « nouveau »: one client, mandataire or chef de file. */
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useChef, useClient, useMandataire } from "../../../features/bal/admin/api";
import { ChefForm } from "../../../features/bal/admin/ChefForm";
import { ClientForm } from "../../../features/bal/admin/ClientForm";
import type { Client } from "../../../features/bal/admin/contrat";
import { ChefFiche, ClientFiche, MandataireFiche } from "../../../features/bal/admin/Fiches";
import { JetonEnService, JetonRemis } from "../../../features/bal/admin/Jeton";
import { MandataireForm } from "../../../features/bal/admin/MandataireForm";
import { useMessages } from "../../../ui/Messages";
import { NotFound } from "../../../ui/NotFound";
import { TitrePage } from "../../../ui/Page";
import { Requete } from "../../../ui/Requete";
import { CadreAdmin } from "./Cadre";

const NOUVEAU = "nouveau";

export function Component() {
  const { rubrique, id = NOUVEAU } = useParams();
  switch (rubrique) {
    case "clients":
      return <FicheClient key={rubrique} id={id} />;
    case "mandataires":
      return <FicheMandataire key={id} id={id} />;
    case "chefs-de-file":
      return <FicheChef key={id} id={id} />;
    default:
      return <NotFound />;
  }
}

type Props = { id: string };

/** A token just created lives here only, until the page is left: the same page shows the new client. */
function FicheClient({ id }: Props) {
  const [remis, setRemis] = useState<{ id: string; jeton: string; nom: string } | null>(null);
  const navigate = useNavigate();
  const { afficher } = useMessages();
  const requete = useClient(id === NOUVEAU ? null : id);
  const saved = (client: Client) => {
    if (client.jeton) setRemis({ id: client.id, jeton: client.jeton, nom: client.nom });
    afficher({ severite: "success", titre: `Le client ${client.nom} est enregistré.` });
    if (id === NOUVEAU) navigate(`/admin/depot/clients/${client.id}`, { replace: true });
  };
  return (
    <CadreAdmin rubrique="clients" page={id === NOUVEAU ? "Nouveau client" : (requete.data?.nom ?? "Client")}>
      {(lectureSeule) =>
        id === NOUVEAU ? (
          lectureSeule ? (
            <NotFound />
          ) : (
            <>
              <TitrePage titre="Créer un client" />
              <ClientForm client={null} onEnregistre={saved} />
            </>
          )
        ) : (
          <Requete requete={requete}>
            {(client) => (
              <>
                <TitrePage titre={client.nom} page={`client-${client.id}`} />
                {remis?.id === client.id ? <JetonRemis jeton={remis.jeton} nom={remis.nom} /> : null}
                {lectureSeule ? (
                  <ClientFiche client={client} />
                ) : (
                  <ClientForm key={client.id} client={client} onEnregistre={saved} />
                )}
                <JetonEnService
                  client={client}
                  lectureSeule={lectureSeule}
                  onJeton={(jeton) => setRemis({ id: client.id, jeton, nom: client.nom })}
                />
              </>
            )}
          </Requete>
        )
      }
    </CadreAdmin>
  );
}

function FicheMandataire({ id }: Props) {
  const navigate = useNavigate();
  const { afficher } = useMessages();
  const requete = useMandataire(id === NOUVEAU ? null : id);
  const saved = ({ nom }: { nom: string }) => {
    afficher({ severite: "success", titre: `Le mandataire ${nom} est enregistré.` });
    navigate("/admin/depot/mandataires");
  };
  return (
    <CadreAdmin
      rubrique="mandataires"
      page={id === NOUVEAU ? "Nouveau mandataire" : (requete.data?.nom ?? "Mandataire")}
    >
      {(lectureSeule) =>
        id === NOUVEAU ? (
          lectureSeule ? (
            <NotFound />
          ) : (
            <>
              <TitrePage titre="Créer un mandataire" />
              <MandataireForm mandataire={null} onEnregistre={saved} />
            </>
          )
        ) : (
          <Requete requete={requete}>
            {(mandataire) => (
              <>
                <TitrePage titre={mandataire.nom} />
                {lectureSeule ? (
                  <MandataireFiche mandataire={mandataire} />
                ) : (
                  <MandataireForm mandataire={mandataire} onEnregistre={saved} />
                )}
              </>
            )}
          </Requete>
        )
      }
    </CadreAdmin>
  );
}

function FicheChef({ id }: Props) {
  const navigate = useNavigate();
  const { afficher } = useMessages();
  const requete = useChef(id === NOUVEAU ? null : id);
  const saved = ({ nom }: { nom: string }) => {
    afficher({ severite: "success", titre: `Le chef de file ${nom} est enregistré.` });
    navigate("/admin/depot/chefs-de-file");
  };
  return (
    <CadreAdmin
      rubrique="chefs-de-file"
      page={id === NOUVEAU ? "Nouveau chef de file" : (requete.data?.nom ?? "Chef de file")}
    >
      {(lectureSeule) =>
        id === NOUVEAU ? (
          lectureSeule ? (
            <NotFound />
          ) : (
            <>
              <TitrePage titre="Créer un chef de file" />
              <ChefForm chef={null} onEnregistre={saved} />
            </>
          )
        ) : (
          <Requete requete={requete}>
            {(chef) => (
              <>
                <TitrePage titre={chef.nom} />
                {lectureSeule ? <ChefFiche chef={chef} /> : <ChefForm chef={chef} onEnregistre={saved} />}
              </>
            )}
          </Requete>
        )
      }
    </CadreAdmin>
  );
}
