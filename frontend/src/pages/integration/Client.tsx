/** /admin/clients-api/:id, and « nouveau »: one client. */
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useClient } from "../../features/integration/api";
import { NouveauClient, ReglagesClient } from "../../features/integration/ClientForm";
import type { ClientAPI } from "../../features/integration/contrat";
import { ClientFiche, IdentiteClient } from "../../features/integration/Fiche";
import { JetonEnService } from "../../features/integration/Jeton";
import { Secret } from "../../features/integration/Secret";
import { useMessages } from "../../ui/Messages";
import { NotFound } from "../../ui/NotFound";
import { TitrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { CadreIntegration } from "./Cadre";

const NOUVEAU = "nouveau";
const CHEMIN = "/admin/clients-api";

/** A token just given lives here only, until the page is left: the same page shows the new client. */
export function Component() {
  const { id = NOUVEAU } = useParams();
  const [remis, setRemis] = useState<{ uuid: string; jeton: string } | null>(null);
  const navigate = useNavigate();
  const { afficher } = useMessages();
  const requete = useClient(id === NOUVEAU ? null : id);
  if (id === NOUVEAU) {
    return (
      <CadreIntegration chemin={CHEMIN} page="Nouveau client">
        {(lectureSeule) =>
          lectureSeule ? (
            <NotFound />
          ) : (
            <>
              <TitrePage titre="Créer un client d’API" />
              <NouveauClient
                onCree={({ client, jeton }) => {
                  setRemis({ uuid: client.uuid, jeton });
                  afficher({ severite: "success", titre: `Le client ${client.nom} est créé.` });
                  navigate(`${CHEMIN}/${client.uuid}`, { replace: true });
                }}
              />
            </>
          )
        }
      </CadreIntegration>
    );
  }
  return (
    <CadreIntegration chemin={CHEMIN} page={requete.data?.nom ?? "Client"}>
      {(lectureSeule) => (
        <Requete requete={requete}>
          {(client) => (
            <Vue
              client={client}
              jeton={remis?.uuid === client.uuid ? remis.jeton : null}
              lectureSeule={lectureSeule}
              onJeton={(jeton) => setRemis({ uuid: client.uuid, jeton })}
              onEnregistre={() => afficher({ severite: "success", titre: `Le client ${client.nom} est enregistré.` })}
            />
          )}
        </Requete>
      )}
    </CadreIntegration>
  );
}

type Props = {
  client: ClientAPI;
  jeton: string | null;
  lectureSeule: boolean;
  onJeton: (jeton: string) => void;
  onEnregistre: () => void;
};

function Vue({ client, jeton, lectureSeule, onJeton, onEnregistre }: Props) {
  return (
    <>
      <TitrePage titre={client.nom} page={`client-${client.uuid}`} />
      {jeton ? (
        <Secret
          titre={`Jeton du client ${client.nom}`}
          valeur={jeton}
          libelleCopier="Copier le jeton"
          libelleCopie="Jeton copié"
        >
          <p>
            Copiez-le maintenant : il ne sera plus jamais affiché. Il s’envoie dans l’en-tête{" "}
            <code>Authorization: Bearer</code>.
          </p>
        </Secret>
      ) : null}
      {lectureSeule || client.etat === "REVOQUE" ? (
        <ClientFiche client={client} />
      ) : (
        <ReglagesClient key={client.version} client={client} onEnregistre={onEnregistre} />
      )}
      <section className="ap-int-section" aria-labelledby="identite">
        <h2 id="identite" className="fr-h5">
          Ce qu’il voit
        </h2>
        <IdentiteClient client={client} />
      </section>
      <JetonEnService client={client} lectureSeule={lectureSeule} onJeton={onJeton} />
    </>
  );
}
