/** /conventions/nouvelle/anru (P21). */
import { useNavigate } from "react-router";
import { FormulaireAnru } from "../../features/creation/FormulaireAnru";
import { useMessages } from "../../ui/Messages";
import { CadreCreation, NOUVELLE } from "./Cadre";

export function Component() {
  const navigate = useNavigate();
  const { afficher } = useMessages();
  return (
    <CadreCreation
      titre="Créer une convention ANRU"
      parents={[NOUVELLE]}
      chapeau={
        <p>
          Pour une opération sans agrément dans le SIAP. La convention est créée « En projet » ; vous la complétez
          ensuite, étape par étape.
        </p>
      }
    >
      <FormulaireAnru
        onCree={(convention) => {
          afficher({ severite: "success", titre: "Convention créée", detail: "Complétez-la étape par étape." });
          navigate(convention.page_par_defaut);
        }}
      />
    </CadreCreation>
  );
}
