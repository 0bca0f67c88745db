/** The feature switches: state, for whom, who changed it last, and the dialog that changes one (P85). */
import { Badge } from "@codegouvfr/react-dsfr/Badge";
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useState } from "react";
import { formatDate, formatInstant } from "../../lib/dates";
import { type Interrupteur, pourQui, texteDe } from "./interrupteurs";
import { ReglerInterrupteur } from "./ReglerInterrupteur";

type Props = { liste: readonly Interrupteur[]; aujourdhui: string; peutAgir: boolean };

export function ListeInterrupteurs({ liste, aujourdhui, peutAgir }: Props) {
  const [chosen, setChosen] = useState<string | null>(null);
  const opened = liste.find(({ nom }) => nom === chosen) ?? null;
  return (
    <>
      <ul className="ap-interrupteurs fr-raw-list">
        {liste.map((one) => (
          <li key={one.nom} className="ap-interrupteurs__un">
            <Ligne interrupteur={one} aujourdhui={aujourdhui} onRegler={peutAgir ? () => setChosen(one.nom) : null} />
          </li>
        ))}
      </ul>
      {opened ? <ReglerInterrupteur key={opened.nom} interrupteur={opened} onFermer={() => setChosen(null)} /> : null}
    </>
  );
}

type LigneProps = { interrupteur: Interrupteur; aujourdhui: string; onRegler: (() => void) | null };

function Ligne({ interrupteur, aujourdhui, onRegler }: LigneProps) {
  const { nom, actif, portee, modifie_par, mis_a_jour_le, retrait_prevu_le } = interrupteur;
  const texte = texteDe(interrupteur);
  return (
    <>
      <div>
        <h2 className="fr-h6 fr-mb-1v">{texte.libelle}</h2>
        <p className="fr-mb-1w">
          {actif ? (
            <Badge severity={portee ? "info" : "success"} noIcon>
              {portee ? "Activé pour certains" : "Activé"}
            </Badge>
          ) : (
            <Badge noIcon>Désactivé</Badge>
          )}
        </p>
        <p className="fr-mb-1v">{actif ? texte.actif : texte.inactif}</p>
        <p className="ap-mention fr-mb-0">
          {actif && portee ? `Pour : ${pourQui(interrupteur)}. ` : ""}
          <code>{nom}</code>
          {modifie_par ? `, réglé par ${modifie_par} le ${formatInstant(mis_a_jour_le)}` : ", réglage d’origine"}
        </p>
        {retrait_prevu_le ? (
          <p
            className={retrait_prevu_le < aujourdhui ? "fr-message fr-message--warning fr-mt-1w" : "ap-mention fr-mb-0"}
          >
            {retrait_prevu_le < aujourdhui ? "Aurait dû être retiré le " : "À retirer le "}
            {formatDate(retrait_prevu_le)}
          </p>
        ) : null}
      </div>
      {onRegler ? (
        <Button
          type="button"
          size="small"
          priority="secondary"
          onClick={onRegler}
          nativeButtonProps={{ "aria-label": `Régler : ${texte.libelle}` }}
        >
          Régler
        </Button>
      ) : null}
    </>
  );
}
