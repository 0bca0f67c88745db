/** Own account: who one is, e-mails, display, open sessions. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import type { ReactNode } from "react";
import { useSession } from "../../app/session/contexte";
import { useDeconnexion } from "../../app/session/useDeconnexion";
import { Consultations } from "../../features/compte/Consultations";
import { MotDePasse } from "../../features/compte/MotDePasse";
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
    [
      utilisateur.local ? "Rôle" : "Habilitation",
      habilitation ? `${habilitation.entete}, ${habilitation.role_libelle}` : "Aucune",
    ],
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
          {utilisateur.local
            ? "Pour corriger ces informations, adressez-vous à l’assistance."
            : "Ces informations viennent de CERBERE et du SIAP ; elles s’y modifient."}
        </p>
        <ul className="fr-btns-group fr-btns-group--inline fr-btns-group--sm">
          {utilisateur.local ? null : (
            <li>
              <Button priority="secondary" linkProps={{ to: "/habilitations" }}>
                Changer d’habilitation
              </Button>
            </li>
          )}
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
        <Affichage surLeCompte={!session.detournement} />
      </Bloc>
      {utilisateur.local && !session.detournement ? (
        <Bloc id="mot-de-passe" titre="Mot de passe">
          <MotDePasse />
        </Bloc>
      ) : null}
      <Bloc id="sessions" titre="Sessions ouvertes">
        <p>
          Une session que vous ne reconnaissez pas ? Fermez-la, puis changez votre mot de passe
          {utilisateur.local ? "" : " CERBERE"}.
        </p>
        <Sessions lecture={session.detournement?.mode === "lecture"} />
      </Bloc>
      <Bloc id="consultations" titre="Qui a consulté mon compte">
        <p>
          Pour vous aider, l’équipe APiLos peut agir à votre place pendant une heure au plus. Chaque fois est notée ici,
          et ce qui est fait alors porte les deux noms.
        </p>
        <Consultations />
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
