/**
 * One deposit on one page: file, check, publication. The file is checked as soon as it is dropped; with a depositor and
 * a commune the check is that of the deposit, and what would change is told before anything is published.
 */
import { Stepper } from "@codegouvfr/react-dsfr/Stepper";
import { useEffect, useState } from "react";
import { formatTaille } from "../../lib/nombres";
import { useEnLigne } from "../../lib/useEnLigne";
import { useReglages } from "./chemin";
import type { Commune, HabilitationCommune, Revision } from "./contrat";
import { deposantDe, Identite, useMoi } from "./Identite";
import { Publiee } from "./Publiee";
import { ResultatVue } from "./Resultat";
import { type Etat, useDepot } from "./useDepot";
import { FichierEnCours, ZoneFichier } from "./ZoneFichier";

type Props = {
  /** Where the file goes; null while it is only checked. */
  commune: Pick<Commune, "code" | "nom"> | null;
  /** Current revision of the commune, null when it has none or when it is not known. */
  courante: Revision | null;
  /** The person signed in may deposit for a commune. */
  administration: boolean;
  onCommune: (code: string) => void;
};

const ETAPES: readonly string[] = ["Fichier", "Vérification", "Publication"];

/** Step shown: a file that may be published is already at the last one. */
export function rangDe(etat: Etat): 1 | 2 | 3 {
  switch (etat.phase) {
    case "fichier":
    case "envoi":
      return 1;
    case "calcul":
      return 2;
    case "resultat":
      return etat.resultat.revision?.isReady ? 3 : 2;
    case "publiee":
      return 3;
  }
}

export function Depot({ commune, courante, administration, onCommune }: Props) {
  const { tailleMax } = useReglages();
  const [jeton, setJeton] = useState("");
  const essai = useEssai(jeton);
  const deposant = deposantDe(administration, jeton);
  const moi = useMoi(deposant, essai);
  const [habilitation, setHabilitation] = useState<HabilitationCommune | null>(null);
  const depot = useDepot({ code: commune?.code ?? null, deposant });
  const online = useEnLigne();
  const { etat } = depot;
  const rang = rangDe(etat);

  if (etat.phase === "publiee") {
    return (
      <Publiee revision={etat.revision} comparaison={etat.comparaison} commune={commune} onAutre={depot.recommencer} />
    );
  }
  const identite = commune ? <Identite session={administration} jeton={jeton} onJeton={setJeton} moi={moi} /> : null;
  return (
    <>
      <Stepper currentStep={rang} stepCount={3} title={ETAPES[rang - 1]} nextTitle={ETAPES.at(rang)} />
      {etat.phase === "resultat" ? (
        <ResultatVue
          depot={depot}
          etat={etat}
          commune={commune}
          courante={courante}
          deposant={deposant}
          moi={moi.data ?? null}
          identite={identite}
          habilitation={habilitation}
          onHabilitation={setHabilitation}
          onCommune={onCommune}
        />
      ) : etat.phase === "fichier" ? (
        <div className="ap-bal-fichier">
          {identite}
          <ZoneFichier
            libelle={commune ? `Fichier des adresses de ${commune.nom}` : "Fichier d’adresses à vérifier"}
            tailleMax={tailleMax}
            refus={etat.refus}
            inactif={!online}
            onFichier={(file) => void depot.examiner(file)}
          />
          <p className="ap-mention fr-mb-0">
            {deposant.mode === "anonyme"
              ? `Le fichier est vérifié aussitôt, sans compte : rien n’est enregistré ni publié. ${formatTaille(tailleMax)} au plus.`
              : "Le fichier est vérifié aussitôt. Rien n’est publié avant que vous ayez lu ce qui change et confirmé."}
          </p>
        </div>
      ) : (
        <FichierEnCours
          fichier={etat.fichier}
          envoye={etat.phase === "envoi" ? etat.envoye : null}
          total={etat.fichier.size}
          onAnnuler={depot.annuler}
        />
      )}
    </>
  );
}

/** A number that changes with each text typed: names what was read about a token without naming the token. */
function useEssai(text: string): number {
  const [essai, setEssai] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: counts the changes of the text
  useEffect(() => setEssai((before) => before + 1), [text]);
  return essai;
}
