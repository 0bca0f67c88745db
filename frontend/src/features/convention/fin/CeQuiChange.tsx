/** What the validation of a procedure will end, told beside its form (ux 2.10). */
import { type Convention, useAvenants } from "../../../api/convention";
import { estFin, lignesTouchees } from "./rules";

export function CeQuiChange({ convention }: { convention: Convention }) {
  const { genre, statut, parent } = convention;
  const active = estFin(genre) && ["PROJET", "INSTRUCTION", "CORRECTION"].includes(statut);
  const family = useAvenants(parent?.uuid ?? convention.uuid, active);
  if (!active || !family.data) return null;
  return (
    <div className="fr-callout fr-mt-3w ap-fin-effet">
      <p className="fr-callout__text">
        Quand le service aura validé {genre === "denonciation" ? "cette dénonciation" : "cette résiliation"}, prendront
        fin ensemble : {enListe(lignesTouchees(convention, family.data))}.
      </p>
    </div>
  );
}

/** « a, b et c » */
const enListe = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} et ${items[items.length - 1]}`;
