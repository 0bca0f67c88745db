/** Draft found on arrival: resume it, compare it with what is saved, or give it up. Never applied by itself. */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useEffect, useState } from "react";
import { formatInstant } from "../../lib/dates";
import { accord, compte } from "../../lib/nombres";
import { useAnnonce } from "../../ui/Annonces";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { phraseErreur } from "../../ui/ErrorState";
import type { Etape, ValeurChamp } from "./api";
import { enMots } from "./champs";
import { type BrouillonPropose, comparer } from "./rules";

type Props = {
  etape: Etape;
  propose: BrouillonPropose;
  onReprendre: () => void;
  onAbandonner: () => Promise<void>;
};

export function Reprise({ etape, propose, onReprendre, onAbandonner }: Props) {
  const [comparing, setComparing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const annoncer = useAnnonce();
  const lines = comparer(etape, propose.valeurs);
  const found = `Vous avez un brouillon du ${formatInstant(propose.le)}, à reprendre, à comparer ou à abandonner.`;
  useEffect(() => annoncer(found), [annoncer, found]);
  const aged = propose.baseVersion < etape.version;

  const resume = () => {
    setComparing(false);
    onReprendre();
    annoncer("Brouillon repris. Il reste à enregistrer l’étape.");
  };
  const give = async () => {
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await onAbandonner();
      annoncer("Brouillon abandonné.");
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };

  return (
    <section className="fr-alert fr-alert--info ap-reprise" aria-labelledby="ap-reprise-titre">
      <h3 id="ap-reprise-titre" tabIndex={-1} className="fr-alert__title">
        Vous avez un brouillon du {formatInstant(propose.le)}.
      </h3>
      <p>
        Il porte sur {compte(lines.length, "champ")} et n’a pas été enregistré.
        {aged ? " Le dossier a changé depuis : comparez avant de reprendre." : ""}
      </p>
      <ul className="fr-btns-group fr-btns-group--inline fr-btns-group--sm ap-reprise__boutons">
        <li>
          <Button size="small" onClick={resume}>
            Reprendre
          </Button>
        </li>
        <li>
          <Button size="small" priority="secondary" onClick={() => setComparing(true)}>
            Comparer
          </Button>
        </li>
        <li>
          <Button
            size="small"
            priority="tertiary"
            onClick={() => void give()}
            nativeButtonProps={{ "aria-disabled": busy || undefined }}
          >
            {busy ? "Abandon…" : "Abandonner"}
          </Button>
        </li>
      </ul>
      {failure ? (
        <p className="fr-message fr-message--error" role="alert">
          Le brouillon n’a pas pu être abandonné. {phraseErreur(failure)}
        </p>
      ) : null}
      <ConfirmDialog
        ouvert={comparing}
        titre="Votre brouillon et ce qui est enregistré"
        sansEnvoi
        taille="large"
        libelleConfirmer="Reprendre le brouillon"
        libelleAnnuler="Fermer"
        onConfirmer={resume}
        onFermer={() => setComparing(false)}
        icone="fr-icon-information-line"
      >
        <p>
          {compte(lines.length, "champ")} {accord(lines.length, "diffère", "diffèrent")} de ce qui est enregistré. Rien
          n’est remplacé tant que vous n’enregistrez pas l’étape.
        </p>
        <div className="fr-table fr-table--bordered ap-comparaison">
          <table>
            <caption className="fr-sr-only">Champs du brouillon</caption>
            <thead>
              <tr>
                <th scope="col">Champ</th>
                <th scope="col">Votre brouillon</th>
                <th scope="col">Enregistré</th>
              </tr>
            </thead>
            <tbody>
              {lines.map(({ champ, brouillon }) => (
                <tr key={champ.cle}>
                  <th scope="row">
                    {champ.libelle}
                    {champ.modifiable ? null : (
                      <span className="ap-comparaison__ferme">n’est plus ouvert à la modification</span>
                    )}
                  </th>
                  <td>
                    <Valeur texte={enMots(champ, brouillon)} />
                  </td>
                  <td>
                    <Valeur texte={enMots(champ, etape.valeurs[champ.cle] as ValeurChamp)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </ConfirmDialog>
    </section>
  );
}

export const Valeur = ({ texte }: { texte: string }) =>
  texte ? <span className="ap-saisie__valeur">{texte}</span> : <span className="ap-mention">Non renseigné</span>;
