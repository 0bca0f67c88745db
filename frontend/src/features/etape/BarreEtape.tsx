/** Commands of a step, always in sight, beside the state of what was typed. */
import { useEffect } from "react";
import type { Saisie } from "../../api/brouillon";
import { useEstPetitEcran } from "../../lib/useMediaQuery";
import { ActionBar, type ActionDePage } from "../../ui/ActionBar";
import { allerAuChamp } from "../../ui/ErrorSummary";
import { Lien } from "../../ui/Lien";
import { SaveStatus } from "../../ui/SaveStatus";
import type { Etape } from "./api";
import { enMots } from "./champs";
import type { Formulaire } from "./useFormulaire";

const HORS_LIGNE = "Vous êtes hors connexion : l’enregistrement attend le retour du réseau.";

type BarreProps = {
  etape: Etape;
  form: Formulaire;
  online: boolean;
  renvoyer: (() => void) | null;
  onEnregistrer: () => void;
  onSuivre: () => void;
};

export function BarreEtape({ etape, form, online, renvoyer, onEnregistrer, onSuivre }: BarreProps) {
  const small = useEstPetitEcran();
  useFocusDecouvert(form.brouillon.sauvegarde.etat);
  const { precedente, suivante } = etape;
  const copier = () => void navigator.clipboard.writeText(saisiesEnTexte(etape, form));
  const back: ActionDePage[] =
    precedente && small
      ? [{ code: "precedente", libelle: `Précédent : ${precedente.libelle}`, lien: precedente.lien }]
      : [];
  const left = (
    <>
      {precedente && !small ? (
        <Lien className="fr-link fr-link--icon-left fr-icon-arrow-left-line" to={precedente.lien}>
          Précédent : {precedente.libelle}
        </Lien>
      ) : null}
      {etape.modifiable ? (
        <SaveStatus
          sauvegarde={form.brouillon.sauvegarde}
          onReessayer={() => void form.brouillon.garde()?.forcer()}
          onCopier={copier}
        />
      ) : null}
    </>
  );
  if (!etape.modifiable) {
    return (
      <ActionBar
        gauche={left}
        autres={back}
        principale={{
          code: "suite",
          libelle: suivante ? `Suivant : ${suivante.libelle}` : "Voir le récapitulatif",
          onActiver: onSuivre,
        }}
      />
    );
  }
  const unavailable = online || form.modifies.length === 0 ? null : HORS_LIGNE;
  const busy = form.enCours !== null && !form.enCours.cles;
  const save: ActionDePage = {
    code: "enregistrer",
    libelle: "Enregistrer",
    libelleOccupe: "Enregistrement…",
    occupe: busy && !renvoyer,
    onActiver: onEnregistrer,
    indisponible: unavailable,
  };
  if (renvoyer) {
    return (
      <ActionBar
        gauche={left}
        autres={[save, ...back]}
        principale={{
          code: "renvoyer",
          libelle: "Renvoyer au service",
          onActiver: renvoyer,
          indisponible: online ? null : HORS_LIGNE,
        }}
      />
    );
  }
  return (
    <ActionBar
      gauche={left}
      phrase={
        form.brouillon.propose ? (
          <button type="button" className="fr-link fr-link--sm" onClick={() => allerAuChamp("ap-reprise-titre")}>
            Un brouillon vous attend
          </button>
        ) : undefined
      }
      autres={[save, ...back]}
      principale={{
        code: "suivre",
        libelle: suivante ? "Enregistrer et suivant" : "Enregistrer et terminer",
        libelleOccupe: "Enregistrement…",
        occupe: busy,
        onActiver: onSuivre,
        indisponible: unavailable,
      }}
    />
  );
}

/** The bar grows when it has more to say: the field being typed in moves above it. */
function useFocusDecouvert(etat: string) {
  useEffect(() => {
    const field = document.activeElement;
    const bar = etat && document.querySelector(".ap-etape .ap-actions");
    if (!bar || !field || bar.contains(field) || !field.closest(".ap-etape__champs")) return;
    if (field.getBoundingClientRect().bottom > bar.getBoundingClientRect().top)
      field.scrollIntoView({ block: "nearest" });
  }, [etat]);
}

/** What is typed and not saved, to paste elsewhere. */
function saisiesEnTexte(etape: Etape, form: Formulaire): string {
  const lines = etape.champs
    .filter(({ cle }) => form.modifies.includes(cle))
    .map((champ) => `${champ.libelle} : ${enMots(champ, form.saisieDe(champ))}`);
  return [
    ...lines,
    ...form.fermees.map(({ cle, libelle, saisie }) => `${libelle} : ${texteFerme(etape, cle, saisie)}`),
  ].join("\n");
}

/** A field that is no longer in the step has no description any more. */
function texteFerme(etape: Etape, cle: string, saisie: Saisie): string {
  const champ = etape.champs.find((candidate) => candidate.cle === cle);
  if (champ) return enMots(champ, saisie);
  return Array.isArray(saisie) ? `${saisie.length} ligne(s)` : String(saisie);
}
