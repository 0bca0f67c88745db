/**
 * Confirmation of a command: its consequence, its message, what leaves with it. Stays open while it runs and when it is
 * refused for what was typed; when the convention has changed meanwhile it closes, and the page says so (a transition is
 * never sent again by itself).
 */
import { type ReactNode, type RefObject, useEffect, useId, useRef, useState } from "react";
import { useIntention } from "../../api/commande";
import {
  type ActionDemandee,
  type ActionFaite,
  type BrouillonEnCours,
  type CodeAction,
  type Commentaire,
  type Convention,
  natureDuRefus,
  useAction,
} from "../../api/convention";
import { isApiError } from "../../api/problem";
import { cx } from "../../lib/cx";
import { formatInstant } from "../../lib/dates";
import { accord, compte } from "../../lib/nombres";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Lien } from "../../ui/Lien";
import { DernieresNotifications } from "./DernieresNotifications";
import { useComplement } from "./fin/Complement";
import {
  type ActionPresentee,
  copiePossible,
  libelleDAction,
  motsDe,
  objetDe,
  ouvreALaCorrection,
  pointsBloquants,
} from "./rules";

type Props = {
  convention: Convention;
  /** Null: closed. */
  demande: ActionPresentee | null;
  commentaires: readonly Commentaire[];
  brouillons: readonly BrouillonEnCours[];
  /** Kept by the page: a message survives a dialog closed by mistake or by a change of the convention. */
  message: string;
  onMessage: (text: string) => void;
  onFermer: () => void;
  onFait: (code: string, reply: ActionFaite) => void;
  /** 409 and 412: the page has been read again, the reader must decide again. */
  onChange: (error: unknown) => void;
};

const MAX = 5000;

export function DialogueAction({
  convention,
  demande,
  commentaires,
  brouillons,
  message,
  onMessage,
  onFermer,
  onFait,
  onChange,
}: Props) {
  const [copie, setCopie] = useState(false);
  const [refus, setRefus] = useState<string | null>(null);
  const { mutate, isPending, error, reset } = useAction(convention.uuid);
  const intention = useIntention();
  const field = useRef<HTMLTextAreaElement>(null);
  const opened = demande !== null;
  useEffect(() => {
    if (opened) return;
    setRefus(null);
    reset();
  }, [opened, reset]);

  // The last command stays described while the dialog closes.
  const last = useRef<ActionPresentee | null>(null);
  if (demande) last.current = demande;
  const shown = demande ?? last.current;
  const complement = useComplement(shown?.action.code ?? "", convention, opened);
  if (!shown) return null;
  const { action, malgre } = shown;
  const words = motsDe(action.code, shown.libelle);
  const title = malgre ? shown.libelle : libelleDAction(action, convention);
  const required = malgre || action.commentaire === "requis";

  const send = () => {
    const text = message.trim();
    const why =
      required && text === ""
        ? malgre
          ? "Expliquez au service pourquoi ces points manquent."
          : "Écrivez un message."
        : [...text].length > MAX
          ? "5 000 caractères au maximum."
          : null;
    setRefus(why);
    if (why) {
      field.current?.focus();
      return;
    }
    if (!complement.verifier()) return;
    const corps: ActionDemandee = {
      ...(action.commentaire !== "aucun" && text ? { commentaire: text } : {}),
      ...(copiePossible(action.code) ? { copie } : {}),
      ...(malgre ? { confirmer_incomplet: true } : {}),
      ...complement.corps,
    };
    mutate(
      {
        code: action.code as CodeAction,
        version: convention.version,
        cle: intention.cle([action.code, convention.version, corps]),
        corps,
      },
      {
        onSuccess: (reply) => {
          onMessage("");
          onFait(action.code, reply);
        },
        onError: (failure) => {
          if (["perime", "statut"].includes(natureDuRefus(failure))) onChange(failure);
        },
      },
    );
  };

  return (
    <ConfirmDialog
      ouvert={opened}
      titre={title}
      icone={action.code === "annuler" || action.code === "supprimer" || malgre ? "fr-icon-warning-line" : undefined}
      libelleConfirmer={complement.bouton ?? title}
      libelleOccupe={words.occupe}
      libelleAnnuler={
        action.code === "annuler" || action.code === "supprimer" ? `Garder ${objetDe(convention.genre)}` : "Annuler"
      }
      occupe={isPending}
      onConfirmer={send}
      onFermer={onFermer}
      erreur={error && natureDuRefus(error) !== "incomplet" ? error : undefined}
    >
      <p>{action.confirmation}</p>
      {complement.rendu}
      {ouvreALaCorrection(action.code) ? <Partants commentaires={commentaires} /> : null}
      {brouillons.length > 0 && (malgre || ["soumettre", "renvoyer_instruction"].includes(action.code)) ? (
        <Brouillons brouillons={brouillons} />
      ) : null}
      {malgre ? <Manquants convention={convention} /> : null}
      {opened && copiePossible(action.code) ? <DernieresNotifications uuid={convention.uuid} /> : null}
      {action.commentaire === "aucun" ? null : (
        <Message
          refField={field}
          libelle={words.message}
          requis={required}
          aide={
            malgre
              ? "Expliquez au service pourquoi ces points manquent. Votre message sera gardé dans l’historique."
              : "Gardé dans l’historique de la convention."
          }
          texte={message}
          refus={refus}
          onTexte={(text) => {
            setRefus(null);
            onMessage(text);
          }}
        />
      )}
      {copiePossible(action.code) ? (
        <Case libelle="M’envoyer une copie du message" coche={copie} onCoche={setCopie} />
      ) : null}
      {error && natureDuRefus(error) === "incomplet" ? <Refuses erreur={error} /> : null}
    </ConfirmDialog>
  );
}

/** Comments that leave with the request: they open their fields to the bailleur (PE-30, CO-08). */
function Partants({ commentaires }: { commentaires: readonly Commentaire[] }) {
  const open = commentaires.filter(({ statut }) => statut === "OUVERT");
  const resolved = commentaires.filter(({ statut }) => statut === "RESOLU").length;
  if (open.length + resolved === 0) {
    return (
      <div className="fr-alert fr-alert--warning fr-alert--sm fr-mb-3w">
        <p>
          Aucun champ n’est commenté : le bailleur ne pourra rien modifier. Commentez d’abord les champs à corriger, ou
          expliquez votre demande dans le message.
        </p>
      </div>
    );
  }
  return (
    <div className="ap-partants">
      <p className="fr-mb-1w">
        <strong>
          {open.length > 0
            ? `${compte(open.length, "commentaire")} ${accord(open.length, "ouvert")} ${accord(open.length, "partira", "partiront")} avec la demande`
            : "Aucun commentaire ouvert"}
        </strong>
        {resolved > 0
          ? ` ; ${compte(resolved, "commentaire")} ${accord(resolved, "résolu")} ${accord(resolved, "laisse", "laissent")} aussi ${accord(resolved, "son champ ouvert", "leurs champs ouverts")}`
          : ""}
        .
      </p>
      {open.length > 0 ? (
        <ul className="ap-partants__liste" tabIndex={open.length > 5 ? 0 : undefined} aria-label="Commentaires ouverts">
          {open.map(({ uuid, libelle_cible, message }) => (
            <li key={uuid}>
              <strong>{libelle_cible} :</strong> {message}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function Brouillons({ brouillons }: { brouillons: readonly BrouillonEnCours[] }) {
  return (
    <div className="fr-alert fr-alert--warning fr-alert--sm fr-mb-3w">
      {brouillons.map(({ etape, libelle, cree_le, lien }) => (
        <p key={etape}>
          Votre brouillon de l’étape « {libelle} », du {formatInstant(cree_le)}, n’est pas enregistré : il ne partira
          pas avec le dossier. <Lien to={lien}>Reprendre le brouillon</Lien>
        </p>
      ))}
    </div>
  );
}

function Manquants({ convention }: { convention: Convention }) {
  const missing = convention.completude.points.filter(({ niveau }) => niveau === "B");
  return (
    <div className="ap-partants">
      <p className="fr-mb-1w">
        <strong>{pointsBloquants(missing.length)} :</strong>
      </p>
      <ul className="ap-partants__liste" tabIndex={missing.length > 5 ? 0 : undefined} aria-label="Points bloquants">
        {missing.map(({ code, etape_libelle, libelle }) => (
          <li key={`${code}${libelle}`}>
            <strong>{etape_libelle} :</strong> {libelle}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Every reason of a 422, not only the first. */
function Refuses({ erreur }: { erreur: unknown }) {
  if (!isApiError(erreur)) return null;
  return (
    <div role="alert" className="fr-alert fr-alert--error fr-alert--sm fr-mt-2w">
      <p>{erreur.detail}</p>
      {erreur.errors.length > 0 ? (
        <ul className="fr-mb-0">
          {erreur.errors.map(({ pointer, code, detail }) => (
            <li key={`${pointer}${code}${detail}`}>{detail}</li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

type MessageProps = {
  refField: RefObject<HTMLTextAreaElement | null>;
  libelle: string;
  requis: boolean;
  aide: ReactNode;
  texte: string;
  refus: string | null;
  onTexte: (text: string) => void;
};

function Message({ refField, libelle, requis, aide, texte, refus, onTexte }: MessageProps) {
  const id = useId();
  const left = MAX - [...texte].length;
  return (
    <div className={cx("fr-input-group", refus && "fr-input-group--error")}>
      <label className="fr-label" htmlFor={id}>
        {libelle} {requis ? "(obligatoire)" : "(facultatif)"}
        <span className="fr-hint-text">
          {aide}
          {left < 500 ? ` ${Math.max(0, left)} caractères restants.` : ""}
        </span>
      </label>
      <textarea
        ref={refField}
        id={id}
        rows={4}
        className={cx("fr-input", refus && "fr-input--error")}
        value={texte}
        required={requis}
        aria-invalid={refus ? true : undefined}
        aria-describedby={refus ? `${id}-refus` : undefined}
        onChange={(event) => onTexte(event.target.value)}
      />
      {refus ? (
        <p id={`${id}-refus`} className="fr-error-text" role="alert">
          {refus}
        </p>
      ) : null}
    </div>
  );
}

function Case({ libelle, coche, onCoche }: { libelle: string; coche: boolean; onCoche: (on: boolean) => void }) {
  const id = useId();
  return (
    <div className="fr-checkbox-group fr-checkbox-group--sm fr-mt-2w">
      <input type="checkbox" id={id} checked={coche} onChange={(event) => onCoche(event.target.checked)} />
      <label className="fr-label" htmlFor={id}>
        {libelle}
      </label>
    </div>
  );
}
