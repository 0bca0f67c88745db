/** /admin/detournement (P87): help somebody by seeing what they see. */
import { useSession } from "../../app/session/contexte";
import { Detourner } from "../../features/admin/Detourner";
import { ListeDetournements } from "../../features/admin/ListeDetournements";
import { FilAriane } from "../../ui/FilAriane";
import { NotFound } from "../../ui/NotFound";
import { CadrePage, TitrePage } from "../../ui/Page";

export function Component() {
  const session = useSession();
  if (!session.staff && !session.superuser) return <NotFound />;
  return (
    <CadrePage>
      <FilAriane page="Consulter en tant que" />
      <TitrePage
        titre="Consulter en tant que"
        chapeau={<p>Voyez la plateforme comme la voit la personne qui vous appelle, avec ses habilitations.</p>}
      />
      {session.detournement ? (
        <p className="fr-text--lead">Arrêtez d’abord la consultation en cours : elles ne s’enchaînent pas.</p>
      ) : (
        <>
          <Detourner superuser={session.superuser} />
          <section aria-labelledby="precedents" className="fr-mt-6w">
            <h2 id="precedents" className="fr-h4">
              Consultations précédentes
            </h2>
            <ListeDetournements />
          </section>
        </>
      )}
    </CadrePage>
  );
}
