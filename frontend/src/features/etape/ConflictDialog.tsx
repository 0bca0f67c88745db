/**
 * The same fields were changed here and elsewhere. Whose version is whose is said in words, nothing is chosen in advance,
 * and closing keeps everything as a draft.
 */
import { useId, useState } from "react";
import { cx } from "../../lib/cx";
import { compte } from "../../lib/nombres";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import type { ChampEtape, ValeurChamp } from "./api";
import { enMots } from "./champs";
import { Valeur } from "./Reprise";
import type { Conflit, Formulaire } from "./useFormulaire";

type Props = {
  conflit: Conflit | null;
  saisieDe: Formulaire["saisieDe"];
  onResoudre: (choix: Record<string, "mienne" | "autre">) => void;
  /** Nothing is saved, nothing is lost. */
  onGarder: () => void;
};

export function ConflictDialog({ conflit, saisieDe, onResoudre, onGarder }: Props) {
  // A new conflict starts without any choice.
  const key = conflit ? `${conflit.distante.version}:${conflit.cles.join()}` : "aucun";
  return <Dialogue key={key} conflit={conflit} saisieDe={saisieDe} onResoudre={onResoudre} onGarder={onGarder} />;
}

function Dialogue({ conflit, saisieDe, onResoudre, onGarder }: Props) {
  const [choix, setChoix] = useState<Record<string, "mienne" | "autre">>({});
  const [refuse, setRefuse] = useState(false);
  const champs = conflit ? conflit.distante.champs.filter(({ cle }) => conflit.cles.includes(cle)) : [];
  const missing = champs.filter(({ cle }) => choix[cle] === undefined).length;
  return (
    <ConfirmDialog
      ouvert={conflit !== null}
      titre="Ces champs ont aussi été modifiés par quelqu’un d’autre"
      sansEnvoi
      taille="large"
      libelleConfirmer="Enregistrer mes choix"
      libelleAnnuler="Tout garder en brouillon"
      confirmable={missing === 0}
      onRefus={() => setRefuse(true)}
      onConfirmer={() => onResoudre(choix)}
      onFermer={onGarder}
      icone="fr-icon-warning-line"
    >
      <p>Rien n’a été enregistré. Pour chaque champ, dites quelle version garder.</p>
      {champs.map((champ) => (
        <Choix
          key={champ.cle}
          champ={champ}
          mienne={enMots(champ, saisieDe(champ))}
          autre={enMots(champ, conflit?.distante.valeurs[champ.cle] as ValeurChamp)}
          choisi={choix[champ.cle]}
          manque={refuse && choix[champ.cle] === undefined}
          onChoisir={(valeur) => setChoix((before) => ({ ...before, [champ.cle]: valeur }))}
        />
      ))}
      {refuse && missing > 0 ? (
        <p className="fr-message fr-message--error" role="alert">
          Il reste {compte(missing, "champ")} à décider.
        </p>
      ) : null}
    </ConfirmDialog>
  );
}

type ChoixProps = {
  champ: ChampEtape;
  mienne: string;
  autre: string;
  choisi: "mienne" | "autre" | undefined;
  manque: boolean;
  onChoisir: (valeur: "mienne" | "autre") => void;
};

function Choix({ champ, mienne, autre, choisi, manque, onChoisir }: ChoixProps) {
  const id = useId();
  const options = [
    { valeur: "mienne", titre: "Votre saisie", action: "Garder la mienne", texte: mienne },
    { valeur: "autre", titre: "Version enregistrée", action: "Prendre l’autre", texte: autre },
  ] as const;
  return (
    <fieldset className={cx("ap-conflit", manque && "ap-conflit--manque")}>
      <legend className="ap-conflit__champ">{champ.libelle}</legend>
      <div className="ap-conflit__versions">
        {options.map(({ valeur, titre, action, texte }) => (
          <div key={valeur} className={cx("ap-conflit__version", choisi === valeur && "ap-conflit__version--choisie")}>
            <p className="ap-conflit__titre">{titre}</p>
            <p id={`${id}-${valeur}-texte`} className="ap-conflit__texte">
              <Valeur texte={texte} />
            </p>
            <div className="fr-radio-group fr-radio-group--sm">
              <input
                type="radio"
                id={`${id}-${valeur}`}
                name={id}
                checked={choisi === valeur}
                aria-describedby={`${id}-${valeur}-texte`}
                onChange={() => onChoisir(valeur)}
              />
              <label className="fr-label" htmlFor={`${id}-${valeur}`}>
                {action}
              </label>
            </div>
          </div>
        ))}
      </div>
    </fieldset>
  );
}
