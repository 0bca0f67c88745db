/** Steps, cards and comments side by side: the thread stays next to its field, in the margin or in a sheet. */
import { useCallback, useEffect, useMemo, useState } from "react";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import type { Carte, Commentaire, Convention } from "../../api/convention";
import { BoutonCommentaire } from "../../features/comment/BoutonCommentaire";
import { Panneau } from "../../features/comment/Panneau";
import { idChamp } from "../../features/comment/placement";
import { Resume } from "../../features/comment/Resume";
import { useRaccourcis, useRaccourcisActifs } from "../../features/comment/raccourcis";
import { cibleDe, compter, phraseNombres, vivants, voisin } from "../../features/comment/rules";
import { useSelection } from "../../features/comment/useSelection";
import { CarteEtape, type Emplacements } from "../../features/convention/CarteEtape";
import { Etapes } from "../../features/convention/Etapes";
import { useImpressionDemandee } from "../../features/convention/Impression";
import { ciblesHorsCartes, enPreparation } from "../../features/convention/rules";
import { cx } from "../../lib/cx";
import { useAMarge, useEstPetitEcran } from "../../lib/useMediaQuery";
import { useAnnonce } from "../../ui/Annonces";
import { Lien } from "../../ui/Lien";
import { Changements, ChoixDuRepere, type Depuis, useDepuis } from "./Changements";

type Props = {
  convention: Convention;
  cartes: readonly Carte[];
  /** In the order of the page. */
  commentaires: readonly Commentaire[];
  /** The comments have been read: a link to an unknown one can be told. */
  charges: boolean;
  fils: ReadonlyMap<string, Commentaire[]>;
  possible: boolean;
  instruction: boolean;
  instructeur: boolean;
};

const VIDE: readonly Commentaire[] = [];
const SANS_CARTE: readonly Carte[] = [];

export function RecapitulatifCorps({
  convention,
  cartes,
  commentaires,
  charges,
  fils,
  possible,
  instruction,
  instructeur,
}: Props) {
  const preparation = enPreparation(convention);
  const affiches = convention.commentaires_affiches;
  const selection = useSelection(charges ? commentaires : undefined);
  const { cible, commentaire: vise, ouvrirChamp, ouvrirCommentaire, fermer } = selection;
  const margin = useAMarge();
  const [params, setParams] = useSearchParams();
  const since = useDepuis(convention, params.get("depuis"), instructeur);
  const filter = instruction ? params.get("filtre") : null;
  const onlyCommented = filter === "commentaires" && commentaires.length > 0;
  const onlyChanged = filter === "changements" && since.base !== undefined;
  const set = (name: string, value: string | null) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  const outside = useMemo(() => ciblesHorsCartes(commentaires, cartes), [commentaires, cartes]);
  const labels = useLibelles(cartes, commentaires);
  useImpressionDemandee(true);

  const panel = affiches && cible !== null && labels.has(cible) ? cible : null;
  const { estOuverte, basculer, ouvrir } = useCartesOuvertes(
    convention,
    cartes,
    instruction,
    panel ? etapeDe(cartes, outside, panel) : null,
  );
  const aller = useAllerALEtape(ouvrir);

  const alive = useMemo(() => vivants(commentaires), [commentaires]);
  const annoncer = useAnnonce();
  const versVoisin = useCallback(
    (sens: 1 | -1) => {
      const from = vise ?? alive.find((comment) => cibleDe(comment) === cible)?.uuid ?? null;
      const next = voisin(alive, from, sens);
      if (!next) return;
      ouvrirCommentaire(next.uuid);
      annoncer(`Commentaire sur « ${next.libelle_cible} »`);
    },
    [alive, vise, cible, ouvrirCommentaire, annoncer],
  );
  const [shortcuts] = useRaccourcisActifs();
  useRaccourcis(affiches && shortcuts && alive.length > 0, versVoisin);

  const suivantApres = (after: Commentaire) => {
    const next = voisin(alive, after.uuid, 1);
    return next ? () => ouvrirCommentaire(next.uuid) : undefined;
  };
  const correctionDe = (comment: Commentaire) => {
    const step = convention.etapes.find(({ code }) => code === comment.etape);
    if (instructeur || convention.statut !== "CORRECTION" || !step?.disponible || !step.modifiable) return undefined;
    return (
      <Lien to={comment.lien} className="fr-btn fr-btn--sm fr-btn--icon-left fr-icon-edit-line">
        Corriger ce champ
      </Lien>
    );
  };

  const slots: Emplacements = {
    ancre: idChamp,
    selection: panel,
    garde: (field) => !onlyCommented || fils.has(field),
    bouton: (field, libelle) =>
      affiches ? (
        <BoutonCommentaire
          cible={field}
          libelle={libelle}
          fil={fils.get(field) ?? VIDE}
          possible={possible}
          ouvert={panel === field}
          onOuvrir={(target) => (panel === target ? fermer() : ouvrirChamp(target))}
        />
      ) : null,
  };
  const commentedSteps = new Set(commentaires.map(({ etape }) => etape));
  const shown = onlyCommented ? cartes.filter(({ etape }) => commentedSteps.has(etape)) : cartes;
  const withMargin = affiches && margin && (instruction || panel !== null);
  const rank = vise ? alive.findIndex(({ uuid }) => uuid === vise) + 1 : 0;

  return (
    <>
      {affiches && instruction ? (
        <Outils
          commentaires={commentaires}
          verifie={instructeur}
          depuis={since}
          filtre={onlyCommented ? "commentaires" : onlyChanged ? "changements" : null}
          onFiltre={(value) => set("filtre", value)}
          onRepere={(value) => set("depuis", value)}
        />
      ) : null}
      {selection.introuvable ? (
        <div className="fr-alert fr-alert--info fr-alert--sm fr-mb-2w" role="status">
          <p>Le commentaire demandé n’est pas dans cette convention, ou vous n’y avez pas accès.</p>
        </div>
      ) : null}
      {affiches && instruction && !margin && !onlyChanged && commentaires.length > 0 ? (
        <Resume
          className="ap-resume--bloc ap-ecran"
          commentaires={commentaires}
          possible={possible}
          verifie={instructeur}
          onOuvrir={ouvrirCommentaire}
        />
      ) : null}
      <div className={cx("ap-recap", withMargin && "ap-recap--marge")}>
        <div className="ap-recap__etapes ap-ecran">
          <Etapes
            etapes={convention.etapes}
            points={convention.completude.points}
            preparation={preparation}
            onAller={(code) => {
              if (onlyChanged) set("filtre", null);
              aller(code);
            }}
            modifiees={since.etapes}
          />
        </div>
        <div className="ap-recap__cartes">
          {onlyChanged ? <Changements depuis={since} onTout={() => set("filtre", null)} /> : null}
          {(onlyChanged ? SANS_CARTE : shown).map((card) => (
            <CarteEtape
              key={card.etape}
              carte={card}
              etape={convention.etapes.find(({ code }) => code === card.etape)}
              points={preparation ? convention.completude.points.filter(({ etape }) => etape === card.etape) : []}
              preparation={preparation}
              ouverte={estOuverte(card.etape)}
              onBasculer={() => basculer(card.etape)}
              emplacements={slots}
              autres={outside.filter(({ etape }) => etape === card.etape)}
            />
          ))}
        </div>
        {withMargin || (affiches && panel !== null) ? (
          <div className="ap-marge ap-ecran">
            {panel !== null ? (
              <Panneau
                convention={convention.uuid}
                cible={panel}
                libelle={labels.get(panel) ?? ""}
                fil={fils.get(panel) ?? VIDE}
                vise={vise}
                possible={possible}
                rang={alive.length > 0 ? { numero: rank, total: alive.length } : null}
                onVoisin={versVoisin}
                onSuivant={suivantApres}
                onFermer={fermer}
                correctionDe={correctionDe}
              />
            ) : (
              <Resume
                className="ap-resume--marge"
                commentaires={commentaires}
                possible={possible}
                verifie={instructeur}
                onOuvrir={ouvrirCommentaire}
              />
            )}
          </div>
        ) : null}
      </div>
    </>
  );
}

type OutilsProps = {
  commentaires: readonly Commentaire[];
  verifie: boolean;
  depuis: Depuis;
  filtre: Filtre;
  onFiltre: (filtre: Filtre) => void;
  onRepere: (repere: string) => void;
};

type Filtre = "commentaires" | "changements" | null;

/** Filter of the review: everything, only what changed since a moment, or only what is commented. */
function Outils({ commentaires, verifie, depuis, filtre, onFiltre, onRepere }: OutilsProps) {
  const { ouverts, resolus } = compter(commentaires);
  const changes = depuis.comparaison.data?.nb_changements;
  const choice = (value: Filtre, label: string) => (
    <button type="button" className="ap-segment__choix" aria-pressed={filtre === value} onClick={() => onFiltre(value)}>
      {label}
    </button>
  );
  return (
    <div className="ap-outils ap-ecran">
      {filtre === "changements" ? <ChoixDuRepere depuis={depuis} onChoisir={onRepere} /> : null}
      {/* biome-ignore lint/a11y/useSemanticElements: switches of the view are not the fields of a form */}
      <div className="ap-segment" role="group" aria-label="Champs affichés">
        {choice(null, "Tout")}
        {depuis.base ? choice("changements", changes === undefined ? "Changements" : `Changements (${changes})`) : null}
        {choice("commentaires", `Commentaires (${ouverts + resolus || commentaires.length})`)}
      </div>
      <p className="fr-mb-0 ap-mention">{phraseNombres(compter(commentaires), verifie)}</p>
    </div>
  );
}

/** Label of every field that can be commented or is. */
function useLibelles(cartes: readonly Carte[], commentaires: readonly Commentaire[]): Map<string, string> {
  return useMemo(() => {
    const labels = new Map<string, string>();
    for (const comment of commentaires) labels.set(cibleDe(comment), comment.libelle_cible);
    for (const { champs, tableaux } of cartes) {
      for (const { cle, libelle } of champs) if (cle) labels.set(cle, libelle);
      for (const { cle, titre } of tableaux) labels.set(cle, titre);
    }
    return labels;
  }, [cartes, commentaires]);
}

function etapeDe(
  cartes: readonly Carte[],
  outside: readonly { cible: string; etape: string }[],
  cible: string,
): string | null {
  const card = cartes.find(({ champs, tableaux }) => [...champs, ...tableaux].some(({ cle }) => cle === cible));
  return card?.etape ?? outside.find((field) => field.cible === cible)?.etape ?? null;
}

/**
 * Cards open on a large screen and for who instructs, any field of any card being one click from a comment (UX-12); on
 * the small screen of the others, only those that ask for something. The reader's own choice wins.
 */
function useCartesOuvertes(
  convention: Convention,
  cartes: readonly Carte[],
  instruction: boolean,
  forced: string | null,
) {
  const small = useEstPetitEcran();
  const [chosen, setChosen] = useState<Record<string, boolean>>({});
  const asking = new Set(
    convention.etapes
      .filter(
        (step) =>
          step.nb_commentaires_ouverts + step.nb_commentaires_resolus > 0 ||
          (enPreparation(convention) && step.nb_points > 0),
      )
      .map(({ code }) => code),
  );
  // The card of the open thread is open at once: the panel is placed from the position of its field.
  const estOuverte = (code: string) => code === forced || (chosen[code] ?? (!small || instruction || asking.has(code)));
  const ouvrir = useCallback(
    (code: string) => setChosen((before) => (before[code] === true ? before : { ...before, [code]: true })),
    [],
  );
  useEffect(() => {
    if (forced && cartes.some(({ etape }) => etape === forced)) ouvrir(forced);
  }, [forced, cartes, ouvrir]);
  return {
    estOuverte,
    ouvrir,
    basculer: (code: string) => setChosen((before) => ({ ...before, [code]: !estOuverte(code) })),
  };
}

/** Goes to the card of a step, from the menu or from a link that ends with #step. */
function useAllerALEtape(ouvrir: (code: string) => void): (code: string) => void {
  const { hash, key, pathname, search } = useLocation();
  const navigate = useNavigate();
  const show = useCallback(
    (code: string) => {
      ouvrir(code);
      requestAnimationFrame(() => {
        const card = document.getElementById(code);
        card?.scrollIntoView({ block: "start" });
        card?.focus({ preventScroll: true });
      });
    },
    [ouvrir],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same hash asked again (another key) must act again.
  useEffect(() => {
    if (hash.length > 1) show(decodeURIComponent(hash.slice(1)));
  }, [hash, key, show]);
  return (code) => {
    if (hash === `#${code}`) show(code);
    else void navigate({ pathname, search, hash: `#${code}` }, { replace: true, preventScrollReset: true });
  };
}
