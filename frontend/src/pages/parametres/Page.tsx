/** Own account: who one is, e-mails, display, open sessions. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import type { ReactNode } from "react";
import { useSession } from "../../app/session/contexte";
import { useDeconnexion } from "../../app/session/useDeconnexion";
import { Affichage, Courriels } from "../../features/compte/Preferences";
import { Sessions } from "../../features/compte/Sessions";
import { FilAriane } from "../../ui/FilAriane";
import { CadrePage, TitrePage } from "../../ui/Page";

export function Component() {
  const session = useSession();
  const deconnecter = useDeconnexion();
  const { utilisateur, habilitation, entite } = session;
  const facts: [string, string][] = [
    ["Nom", `${utilisateur.prenom} ${utilisateur.nom}`],
    ["Adresse électronique", utilisateur.email],
    ["Habilitation", habilitation ? `${habilitation.entete}, ${habilitation.role_libelle}` : "Aucune"],
    ["Entité", entite?.nom ?? ""],
  ];
  return (
    <CadrePage>
      <FilAriane page="Mes paramètres" />
      <TitrePage titre="Mes paramètres" />
      <Bloc id="compte" titre="Mon compte">
        <div className="ap-fiche">
          <dl className="ap-fiche__termes">
            {facts
              .filter(([, value]) => value)
              .map(([term, value]) => (
                <div key={term}>
                  <dt>{term}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
          </dl>
        </div>
        <p className="fr-text--sm ap-mention fr-mt-1w">
          Ces informations viennent de CERBERE et du SIAP ; elles s’y modifient.
        </p>
        <ul className="fr-btns-group fr-btns-group--inline fr-btns-group--sm">
          <li>
            <Button priority="secondary" linkProps={{ to: "/habilitations" }}>
              Changer d’habilitation
            </Button>
          </li>
          <li>
            <Button priority="tertiary" onClick={deconnecter}>
              Se déconnecter
            </Button>
          </li>
        </ul>
      </Bloc>
      <Bloc id="courriels" titre="Courriels">
        <Courriels session={session} />
      </Bloc>
      <Bloc id="affichage" titre="Affichage">
        <Affichage />
      </Bloc>
      <Bloc id="sessions" titre="Sessions ouvertes">
        <p>Une session que vous ne reconnaissez pas ? Fermez-la, puis changez votre mot de passe CERBERE.</p>
        <Sessions />
      </Bloc>
    </CadrePage>
  );
}

function Bloc({ id, titre, children }: { id: string; titre: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="ap-parametre">
      <h2 id={id} className="fr-h4">
        {titre}
      </h2>
      {children}
    </section>
  );
}
