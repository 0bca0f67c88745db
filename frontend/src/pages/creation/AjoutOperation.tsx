/** /conventions/ajout (P22, step 1). */
import { useSearchParams } from "react-router";
import { RechercheOperation } from "../../features/creation/Operations";
import { CadreCreation, EtapesAjout, NOUVELLE } from "./Cadre";

export function Component() {
  const [params, setParams] = useSearchParams();
  return (
    <CadreCreation ajout titre="Ajouter une convention existante" parents={[NOUVELLE]}>
      <EtapesAjout courante={1} />
      <p>Cherchez l’opération de la convention par son numéro, dans le SIAP et parmi les vôtres.</p>
      <RechercheOperation q={(params.get("q") ?? "").trim()} onChercher={(q) => setParams(q ? { q } : {})} />
    </CadreCreation>
  );
}
