/** /avenants/nouveau (P23): the search is in the address, so that Back finds it again. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useNavigate, useSearchParams } from "react-router";
import type { CriteresInitiale } from "../../features/creation/api";
import { Declaration } from "../../features/creation/Declaration";
import { ConventionsTrouvees, RechercheInitiale } from "../../features/creation/RechercheInitiale";
import { useMessages } from "../../ui/Messages";
import { CadreCreation } from "./Cadre";

function lireCriteres(params: URLSearchParams): CriteresInitiale | null {
  const departement = params.get("departement");
  const annee = Number(params.get("annee"));
  const numero = params.get("numero");
  return departement && numero && Number.isInteger(annee) && annee >= 1900 ? { departement, annee, numero } : null;
}

export function Component() {
  const [params, setParams] = useSearchParams();
  const navigate = useNavigate();
  const { afficher } = useMessages();
  const criteres = lireCriteres(params);
  const declarer = params.get("declarer") === "1";
  const texte = (c: CriteresInitiale) => ({ departement: c.departement, annee: String(c.annee), numero: c.numero });
  const ouvrir = (uuid: string) => {
    afficher({ severite: "success", titre: "Avenant créé", detail: "Choisissez ce qu’il modifie, puis complétez-le." });
    navigate(`/conventions/${uuid}`);
  };
  return (
    <CadreCreation
      titre="Créer un avenant"
      chapeau={
        <p>
          Cinq minutes suffisent. Retrouvez d’abord la convention d’origine : son document signé donne l’année et le
          numéro.
        </p>
      }
    >
      {declarer ? (
        <>
          <h2 className="fr-h4">Convention absente de la plateforme</h2>
          <p>
            Décrivez-la telle qu’elle a été signée. Elle sera enregistrée comme signée, et son avenant sera créé « En
            projet ».
          </p>
          <Button
            priority="tertiary"
            iconId="fr-icon-arrow-left-line"
            className="fr-mb-3w"
            onClick={() => setParams(criteres ? texte(criteres) : {})}
          >
            Changer de convention
          </Button>
          <Declaration criteres={criteres} onCree={({ uuid }) => ouvrir(uuid)} />
        </>
      ) : (
        <>
          <RechercheInitiale criteres={criteres} onChercher={(c) => setParams(texte(c))} />
          {criteres ? (
            <ConventionsTrouvees
              criteres={criteres}
              onCree={ouvrir}
              onDeclarer={() => setParams({ ...texte(criteres), declarer: "1" })}
            />
          ) : null}
        </>
      )}
    </CadreCreation>
  );
}
