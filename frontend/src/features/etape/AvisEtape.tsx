/** What the reader of a step must know before going on: changes made elsewhere, fields closed meanwhile, refusals. */
import { useState } from "react";
import type { Saisie } from "../../api/brouillon";
import { isApiError, NetworkError } from "../../api/problem";
import { compte } from "../../lib/nombres";
import { ErrorState } from "../../ui/ErrorState";
import type { Etape } from "./api";
import { enMots } from "./champs";
import type { Formulaire } from "./useFormulaire";

/** Somebody else saved something while this form was open. The page never jumps by itself. */
export function Changements({ form }: { form: Formulaire }) {
  if (form.rencontre) {
    return (
      <div className="fr-alert fr-alert--warning fr-alert--sm ap-etape__changement">
        <p>Un champ que vous modifiez vient d’être enregistré par une autre personne. Vos saisies sont gardées.</p>
        <button type="button" className="fr-btn fr-btn--sm fr-btn--secondary" onClick={form.ouvrirConflit}>
          Comparer
        </button>
      </div>
    );
  }
  if (form.ailleurs.length === 0) return null;
  const names = form.ailleurs.map((libelle) => `« ${libelle} »`).join(", ");
  return (
    <div className="fr-alert fr-alert--info fr-alert--sm ap-etape__changement" role="status">
      <p>
        Entre-temps, {names} {form.ailleurs.length > 1 ? "ont été modifiés" : "a été modifié"} par une autre personne.
        Les valeurs affichées sont à jour.
      </p>
      <button type="button" className="fr-btn fr-btn--sm fr-btn--tertiary" onClick={form.oublierAilleurs}>
        J’ai compris
      </button>
    </div>
  );
}

/** Typed in fields that have been closed meanwhile: told, copied, and removed only on demand. */
export function SaisiesFermees({ form, etape }: { form: Formulaire; etape: Etape }) {
  const [copied, setCopied] = useState(false);
  if (form.fermees.length === 0) return null;
  const enTexte = (cle: string, saisie: Saisie): string => {
    const champ = etape.champs.find((candidate) => candidate.cle === cle);
    if (champ) return enMots(champ, saisie) || "(vide)";
    return Array.isArray(saisie) ? compte(saisie.length, "ligne") : String(saisie) || "(vide)";
  };
  const text = form.fermees.map(({ cle, libelle, saisie }) => `${libelle} : ${enTexte(cle, saisie)}`).join("\n");
  return (
    <section className="fr-alert fr-alert--warning" aria-labelledby="ap-fermees-titre">
      <h3 id="ap-fermees-titre" className="fr-alert__title">
        Ces saisies ne peuvent plus être enregistrées
      </h3>
      <p>{etape.raison || "Ces champs ne sont plus ouverts à la modification."}</p>
      <dl className="ap-fermees">
        {form.fermees.map(({ cle, libelle, saisie }) => (
          <div key={cle}>
            <dt>{libelle}</dt>
            <dd>{enTexte(cle, saisie)}</dd>
          </div>
        ))}
      </dl>
      <div className="ap-erreur__actions">
        <button
          type="button"
          className="fr-btn fr-btn--sm fr-btn--secondary"
          onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
        >
          {copied ? "Saisies copiées" : "Copier ces saisies"}
        </button>
        <button type="button" className="fr-btn fr-btn--sm fr-btn--tertiary" onClick={form.retirerFermees}>
          Retirer ces saisies
        </button>
      </div>
    </section>
  );
}

/** The save was refused as a whole: network, status, end of the session. */
export function Refus({ erreur, onReessayer }: { erreur: unknown; onReessayer: () => void }) {
  const again = erreur instanceof NetworkError || (isApiError(erreur) && erreur.status >= 500);
  return (
    <ErrorState erreur={erreur} titre="L’étape n’a pas été enregistrée" onReessayer={again ? onReessayer : undefined} />
  );
}

/** What deserves attention in the saved data, and never stops a save. */
export function Avertissements({ etape }: { etape: Etape }) {
  return (
    <ul className="ap-etape__avertissements fr-raw-list">
      {etape.avertissements.map(({ pointer, code, detail }) => (
        <li key={`${pointer}${code}`} className="fr-message fr-message--warning">
          {detail}
        </li>
      ))}
    </ul>
  );
}
