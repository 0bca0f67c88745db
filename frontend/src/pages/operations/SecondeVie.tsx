/** P14: the conventions that a seconde vie operation replaces. */
import { useParams } from "react-router";
import { useOperation } from "../../features/operation/api";
import { MessagesOperation } from "../../features/operation/OperationVue";
import { SecondeVieVue } from "../../features/operation/SecondeVieVue";
import { useSecondeVie } from "../../features/operation/secondeVie";
import { FilAriane } from "../../ui/FilAriane";
import { CadrePage, TitrePage } from "../../ui/Page";
import { Requete } from "../../ui/Requete";
import { Skeleton } from "../../ui/Skeleton";

/** Said by the page itself. */
const DITS = ["SECONDE_VIE_CHOIX", "SECONDE_VIE_INDISPONIBLE"];

export function Component() {
  const { numero = "" } = useParams();
  const operation = useOperation(numero);
  const etat = useSecondeVie(numero);
  return (
    <CadrePage>
      <FilAriane
        parents={[
          { libelle: "Opérations", lien: "/operations" },
          { libelle: `Opération ${numero}`, lien: `/operations/${encodeURIComponent(numero)}` },
        ]}
        page="Seconde vie"
      />
      <TitrePage
        titre="Conventions d’origine"
        onglet={`Seconde vie ${numero}`}
        chapeau={
          <p>{operation.data?.nom ? `${operation.data.nom}, opération n° ${numero}` : `Opération n° ${numero}`}</p>
        }
      />
      <Requete
        requete={operation}
        squelette={<Skeleton forme="tableau" nombre={4} libelle="Lecture de l’opération" />}
        titreErreur="L’opération n’a pas pu être lue"
      >
        {(read) => (
          <>
            <MessagesOperation messages={read.messages.filter(({ code }) => !DITS.includes(code))} />
            {read.seconde_vie ? (
              <Requete requete={etat} bloc titreErreur="Les conventions d’origine n’ont pas pu être lues">
                {(state) => <SecondeVieVue key={read.numero} operation={read} etat={state} />}
              </Requete>
            ) : (
              <div className="fr-alert fr-alert--info">
                <p>Le SIAP ne décrit pas cette opération comme une seconde vie : elle ne remplace aucune convention.</p>
              </div>
            )}
          </>
        )}
      </Requete>
    </CadrePage>
  );
}
