/** Last reading before the commune's addresses are replaced. A loss of more than 20 % is confirmed by typing its figure. */
import { Input } from "@codegouvfr/react-dsfr/Input";
import { useEffect, useState } from "react";
import { compte, formatEntier } from "../../lib/nombres";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import type { Commune, Comparaison } from "./contrat";
import { bilanDe, chiffreConfirme, type Garde, phraseBilan, phraseChangements } from "./rules";

type Props = {
  ouvert: boolean;
  commune: Pick<Commune, "code" | "nom">;
  garde: Garde;
  comparaison: Comparaison | null;
  lignes: number;
  /** The commune has nothing published yet. */
  premiere: boolean;
  onFermer: () => void;
  onConfirmer: () => void;
};

export function DialoguePublication(props: Props) {
  const { ouvert, commune, garde, comparaison, lignes, premiere, onFermer, onConfirmer } = props;
  const [chiffre, setChiffre] = useState("");
  const [refus, setRefus] = useState(false);
  useEffect(() => {
    if (ouvert) {
      setChiffre("");
      setRefus(false);
    }
  }, [ouvert]);
  // Without a figure to type (nothing current to compare with), the reading of the sentence is all that can be asked.
  const asked = garde.niveau === "a-confirmer" && garde.perdues > 0;
  const confirmable = !asked || chiffreConfirme(chiffre, garde.perdues);
  return (
    <ConfirmDialog
      ouvert={ouvert}
      titre={`Publier les adresses de ${commune.nom} (${commune.code})`}
      libelleConfirmer={`Publier ${compte(lignes, "adresse")}`}
      onConfirmer={onConfirmer}
      onFermer={onFermer}
      confirmable={confirmable}
      onRefus={() => setRefus(true)}
      icone={asked ? "fr-icon-warning-line" : "fr-icon-arrow-right-line"}
    >
      {premiere || !comparaison?.currentRevisionId ? (
        <p>
          {premiere
            ? phraseBilan({ avant: 0, apres: lignes })
            : "La comparaison avec la version en vigueur n’a pas pu être lue : vérifiez vous-même que le fichier est complet."}
        </p>
      ) : (
        <>
          <p>{phraseBilan(bilanDe(comparaison))}</p>
          <p>{phraseChangements(bilanDe(comparaison))}</p>
        </>
      )}
      <p>
        Ce fichier deviendra la version en vigueur, visible de tous. La version précédente reste dans l’historique, où
        chacun peut la télécharger.
      </p>
      {asked ? (
        <Input
          label={`Nombre d’adresses qui disparaissent (${formatEntier(garde.perdues)})`}
          hintText="Recopiez ce nombre pour confirmer que vous l’avez lu."
          state={refus && !confirmable ? "error" : "default"}
          stateRelatedMessage={`Saisissez ${formatEntier(garde.perdues)} pour confirmer.`}
          nativeInputProps={{
            value: chiffre,
            inputMode: "numeric",
            autoComplete: "off",
            onChange: (event) => setChiffre(event.target.value),
          }}
        />
      ) : null}
    </ConfirmDialog>
  );
}
