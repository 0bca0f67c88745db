/** P21: a convention without agreement of SIAP. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { isApiError } from "../../api/problem";
import { lienOperation } from "../../lib/liens";
import { Lien } from "../../ui/Lien";
import { useSaisie } from "../../ui/useSaisie";
import { type ConventionCreee, useCreationManuelle } from "./api";
import { ChampListe, ChampsOperation, ChampTexte } from "./champs";
import { Formulaire, useCleDuContenu } from "./Formulaire";
import { controlerManuelle, corpsManuelle, HABITATS, membre, OPERATION_VIDE, type SaisieManuelle } from "./rules";

const VIDE: SaisieManuelle = { ...OPERATION_VIDE, numero_operation: "", type_habitat: "" };

export function FormulaireAnru({ onCree }: { onCree: (convention: ConventionCreee) => void }) {
  const { mutate, isPending, error } = useCreationManuelle();
  const form = useSaisie<SaisieManuelle>({ initiale: VIDE, controler: controlerManuelle });
  const cleDe = useCleDuContenu();
  const { valeurs, changer, champ } = form;
  const envoyer = (utiliser: boolean) => {
    if (!form.valide()) return;
    const corps = corpsManuelle(valeurs, utiliser);
    mutate({ corps, cle: cleDe(corps) }, { onSuccess: onCree, onError: form.refuser });
  };
  return (
    <Formulaire
      nom="Convention sans agrément"
      points={form.points}
      envoi={form.envoi}
      occupe={isPending}
      verbe="Créer la convention"
      verbeEnCours="Création…"
      erreur={error}
      titreErreur="La convention n’a pas été créée"
      recours={<Recours erreur={error} onUtiliser={() => envoyer(true)} />}
      onEnvoi={() => envoyer(false)}
    >
      <ChampTexte
        label="Numéro d’opération (obligatoire)"
        nom="numero_operation"
        etat={champ("numero_operation")}
        valeur={valeurs.numero_operation}
        onChange={(numero_operation) => changer({ numero_operation })}
      />
      <ChampsOperation valeurs={valeurs} changer={changer} champ={champ} />
      <ChampListe
        label="Type d’habitat (obligatoire)"
        nom="type_habitat"
        etat={champ("type_habitat")}
        valeur={valeurs.type_habitat}
        onChange={(type_habitat) => changer({ type_habitat })}
        invite="Choisissez un type d’habitat"
        choix={Object.entries(HABITATS) as [keyof typeof HABITATS, string][]}
      />
    </Formulaire>
  );
}

/** What is there already, and how to use it (CR-12, CR-22). */
function Recours({ erreur, onUtiliser }: { erreur: unknown; onUtiliser: () => void }) {
  if (!isApiError(erreur)) return null;
  const numero = membre(erreur, "numero_operation");
  const convention = membre(erreur, "convention_uuid");
  if (convention)
    return (
      <p>
        <Lien to={`/conventions/${convention}`}>Ouvrir la convention existante</Lien>
      </p>
    );
  if (!numero) return null;
  return (
    <ul className="fr-btns-group fr-btns-group--inline-sm">
      {erreur.code === "OPERATION_EXISTANTE" ? (
        <li>
          <Button priority="secondary" onClick={onUtiliser}>
            Ajouter la convention à cette opération
          </Button>
        </li>
      ) : null}
      <li>
        <Button priority="tertiary" linkProps={{ to: lienOperation(numero) }}>
          Voir l’opération
        </Button>
      </li>
    </ul>
  );
}
