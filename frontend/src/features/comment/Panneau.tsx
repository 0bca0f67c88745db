/** Panel of one field: its thread, the way to the next and previous comments, and the field to write a new one. */
import type { ReactNode } from "react";
import { useIntention } from "../../api/commande";
import { type Commentaire, useCommenter } from "../../api/convention";
import { compte } from "../../lib/nombres";
import { useAMarge } from "../../lib/useMediaQuery";
import { useAnnonce } from "../../ui/Annonces";
import { CommentPanel } from "../../ui/CommentPanel";
import { idBouton } from "./BoutonCommentaire";
import { Fil } from "./Fil";
import { usePlacement } from "./placement";
import { Redaction } from "./Redaction";
import { objetEtChamp } from "./rules";
import { useSaisie } from "./useSaisie";

type Props = {
  convention: string;
  cible: string;
  libelle: string;
  fil: readonly Commentaire[];
  vise: string | null;
  possible: boolean;
  /** Rank of the aimed comment among those that remain: « 2 sur 5 ». */
  rang: { numero: number; total: number } | null;
  onVoisin?: (sens: 1 | -1) => void;
  onSuivant?: (after: Commentaire) => (() => void) | undefined;
  onFermer: () => void;
  correctionDe?: (comment: Commentaire) => ReactNode;
};

export function Panneau(props: Props) {
  const { convention, cible, libelle, fil, vise, possible, rang, onVoisin, onSuivant, onFermer, correctionDe } = props;
  const margin = useAMarge();
  const spacer = usePlacement(cible, margin, fil.length);
  const close = () => {
    onFermer();
    requestAnimationFrame(() => document.getElementById(idBouton(cible))?.focus({ preventScroll: true }));
  };
  return (
    <>
      <div ref={spacer} className="ap-marge__cale" aria-hidden="true" />
      <CommentPanel
        key={cible}
        ouvert
        prendreLeFocus={vise === null && !possible}
        titre={libelle}
        onFermer={close}
        pied={
          possible ? (
            <Nouveau
              convention={convention}
              cible={cible}
              libelle={libelle}
              focus={vise === null}
              vide={fil.length === 0}
            />
          ) : undefined
        }
      >
        {onVoisin && rang && rang.total > 1 ? <Voisins rang={rang} onVoisin={onVoisin} /> : null}
        <Fil
          convention={convention}
          fil={fil}
          vise={vise}
          possible={possible}
          onSuivant={onSuivant}
          correctionDe={correctionDe}
        />
      </CommentPanel>
    </>
  );
}

function Voisins({ rang, onVoisin }: { rang: { numero: number; total: number }; onVoisin: (sens: 1 | -1) => void }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: two buttons are not the fields of a form, which fieldset would announce
    <div className="ap-voisins" role="group" aria-label="Parcourir les commentaires">
      <button
        type="button"
        className="fr-btn fr-btn--sm fr-btn--tertiary-no-outline fr-icon-arrow-left-s-line"
        title="Commentaire précédent (p)"
        onClick={() => onVoisin(-1)}
      >
        Commentaire précédent
      </button>
      <span>{rang.numero > 0 ? `${rang.numero} sur ${rang.total}` : compte(rang.total, "commentaire")}</span>
      <button
        type="button"
        className="fr-btn fr-btn--sm fr-btn--tertiary-no-outline fr-icon-arrow-right-s-line"
        title="Commentaire suivant (n)"
        onClick={() => onVoisin(1)}
      >
        Commentaire suivant
      </button>
    </div>
  );
}

function Nouveau({
  convention,
  cible,
  libelle,
  focus,
  vide,
}: {
  convention: string;
  cible: string;
  libelle: string;
  focus: boolean;
  vide: boolean;
}) {
  const [text, setText] = useSaisie(`${convention}.${cible}`);
  const intention = useIntention();
  const add = useCommenter(convention);
  const annoncer = useAnnonce();
  return (
    <Redaction
      focus={focus}
      lignes={vide ? 3 : 2}
      libelle={vide ? "Votre commentaire" : "Ajouter un commentaire"}
      texte={text}
      onTexte={setText}
      verbe="Publier"
      verbeOccupe="Publication…"
      occupe={add.isPending}
      erreur={add.error}
      onPublier={(message) =>
        add.mutate(
          { cle: intention.cle([cible, message]), corps: { ...objetEtChamp(cible), message } },
          {
            onSuccess: () => {
              setText("");
              intention.faite();
              annoncer(`Commentaire publié sur « ${libelle} »`);
            },
          },
        )
      }
    />
  );
}
