/**
 * Expert mode of a convention in force: how to ask for it, the warning that stays while it is on, the correction of the
 * number, and the notice that the data are not those that were signed (02 PE-34, PE-35). What it opens is the server's.
 */
import { Button } from "@codegouvfr/react-dsfr/Button";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Convention, rafraichirConvention } from "../../api/convention";
import { entrerEnModeExpert, quitterModeExpert, useModeExpert } from "../../api/modeExpert";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Lien } from "../../ui/Lien";
import { CorrigerNumero } from "./CorrigerNumero";

type Props = {
  convention: Convention;
  /** On a page that shows no form: the warning leads to those that it opens. */
  etapes?: boolean;
};

export function ModeExpert({ convention, etapes = false }: Props) {
  const { uuid, mode_expert_possible, donnees_modifiees_apres_signature, genre } = convention;
  const on = useModeExpert(convention);
  const queries = useQueryClient();
  const [asked, setAsked] = useState(false);
  const object = genre === "avenant" ? "cet avenant" : "cette convention";

  const leave = () => {
    quitterModeExpert(uuid);
    void rafraichirConvention(queries, uuid);
  };
  const enter = () => {
    entrerEnModeExpert(uuid);
    setAsked(false);
    void rafraichirConvention(queries, uuid);
  };

  return (
    <>
      {donnees_modifiees_apres_signature ? (
        <div className="fr-alert fr-alert--info fr-alert--sm fr-mb-2w" role="note">
          <p>
            Des données de {object} ont été modifiées après la signature : elles peuvent différer du document signé.{" "}
            <Lien to={`/conventions/${uuid}/historique`}>Voir l’historique</Lien>
          </p>
        </div>
      ) : null}
      {on ? (
        <p className="ap-expert__rappel ap-ecran" aria-hidden="true">
          <span className="fr-badge fr-badge--warning fr-badge--sm">Mode expert</span>
        </p>
      ) : null}
      {on ? (
        <section className="fr-alert fr-alert--warning ap-expert" aria-labelledby="ap-expert-titre">
          <h2 id="ap-expert-titre" className="fr-alert__title">
            Mode expert
          </h2>
          <p>
            Vous corrigez des données déjà signées. Le statut et le document signé ne changent pas ; chaque
            enregistrement est conservé dans l’historique, avec votre nom.
          </p>
          {etapes ? <Ouvertes convention={convention} /> : null}
          <div className="ap-expert__actions ap-ecran">
            <Button size="small" priority="secondary" onClick={leave}>
              Quitter le mode expert
            </Button>
            {convention.numero ? <CorrigerNumero convention={convention} /> : null}
          </div>
        </section>
      ) : mode_expert_possible ? (
        <p className="ap-expert__entree ap-ecran">
          <Button size="small" priority="tertiary no outline" iconId="fr-icon-edit-line" onClick={() => setAsked(true)}>
            Passer en mode expert
          </Button>
        </p>
      ) : null}
      <ConfirmDialog
        ouvert={asked}
        titre="Passer en mode expert"
        sansEnvoi
        icone="fr-icon-warning-line"
        libelleConfirmer="Passer en mode expert"
        onConfirmer={enter}
        onFermer={() => setAsked(false)}
      >
        <p>
          Le mode expert sert à corriger une erreur de saisie dans {object}, déjà signée. Pour changer ce que les
          parties ont signé, créez plutôt un avenant.
        </p>
        <p className="fr-mb-0">
          Il ne vaut que pour {object} et s’arrête dès que vous la quittez. Chaque correction est visible dans
          l’historique, avec les valeurs avant et après.
        </p>
      </ConfirmDialog>
    </>
  );
}

/** The forms that the mode opens. */
function Ouvertes({ convention: { etapes, genre } }: { convention: Convention }) {
  const open = etapes.filter(({ disponible, modifiable }) => disponible && modifiable);
  if (open.length === 0)
    return genre === "avenant" ? (
      <p>Aucune rubrique n’est cochée : cochez dans le récapitulatif celle à corriger.</p>
    ) : null;
  return (
    <p>
      Étapes ouvertes à la correction :{" "}
      {open.map(({ code, libelle, lien }, index) => (
        <span key={code}>
          {index > 0 ? ", " : ""}
          <Lien to={lien}>{libelle}</Lien>
        </span>
      ))}
      .
    </p>
  );
}
