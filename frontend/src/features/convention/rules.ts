/** What the pages of a convention derive from the resource, as pure functions. Rights are the server's: nothing here grants any. */
import type {
  Action,
  Carte,
  CodeAction,
  Commentaire,
  Convention,
  EtapeResumee,
  EvenementHistorique,
  PointCompletude,
  Precondition,
} from "../../api/convention";
import { depuis } from "../../lib/dates";
import type { Genre } from "../../lib/genres";
import { accord, compte } from "../../lib/nombres";

const OBJETS: Record<Genre, string> = {
  convention: "la convention",
  avenant: "l’avenant",
  denonciation: "la dénonciation",
  resiliation: "la résiliation",
};

/** « la convention », « l’avenant »… */
export const objetDe = (genre: Genre): string => OBJETS[genre];

/** « PLUS et PLAI », as people say them. */
export function libelleFinancements({ lots, financements }: Pick<Convention, "lots" | "financements">): string {
  const labels = lots.length > 0 ? lots.map(({ financement_libelle }) => financement_libelle) : financements;
  return [...new Set(labels)].join(" et ");
}

/** Who has the ball and since when: « Le service instructeur (DDT 13) a la main depuis 3 jours. » */
export function phraseMain(
  { a_moi, cote, depuis: instant, libelle }: Convention["main"],
  now: Date = new Date(),
): string {
  if (cote === "personne") return libelle;
  if (a_moi && cote !== "deux") return `Vous avez la main ${depuis(instant, now)}.`;
  if (cote === "deux") return libelle;
  return `${libelle.replace(/\.$/, "")} ${depuis(instant, now)}.`;
}

/** Statuts during which fields may still change: completeness and step states mean something. */
export const enPreparation = ({ statut }: Pick<Convention, "statut">): boolean =>
  statut === "PROJET" || statut === "INSTRUCTION" || statut === "CORRECTION";

/** Default of the page: the review for the side that instructs, while there is something to review. */
export function vueParDefaut(statut: Convention["statut"], instructeur: boolean): "instruction" | "recapitulatif" {
  return instructeur && (statut === "INSTRUCTION" || statut === "CORRECTION") ? "instruction" : "recapitulatif";
}

// --- Steps ---------------------------------------------------------------------------------------------------

/** State of a step in words, with what is only advised; null when the statut makes it meaningless. */
export function etatDEtape(step: EtapeResumee, preparation: boolean, advised = 0): string | null {
  if (!preparation) return null;
  if (step.nb_points > 0) return `${compte(step.nb_points, "point")} à compléter`;
  if (advised > 0) return `${compte(advised, "point conseillé", "points conseillés")}`;
  if (step.facultative) return "facultative";
  return step.etat === "complete" ? "complète" : step.etat === "vide" ? "à remplir" : "en cours";
}

/** Advised points of a step. */
export const conseilles = (points: readonly PointCompletude[], step: string): number =>
  points.filter(({ niveau, etape }) => niveau === "C" && etape === step).length;

/** « 2 commentaires ouverts », « 1 commentaire résolu »; empty when there is none alive. */
export function commentairesDEtape({
  nb_commentaires_ouverts: open,
  nb_commentaires_resolus: done,
}: EtapeResumee): string {
  if (open > 0) return `${compte(open, "commentaire")} ${accord(open, "ouvert")}`;
  return done > 0 ? `${compte(done, "commentaire")} ${accord(done, "résolu")}` : "";
}

// --- Actions -------------------------------------------------------------------------------------------------

const INCOMPLET = "CONVENTION_INCOMPLETE";
const OUVERTS = "COMMENTAIRES_OUVERTS";

export type Manques = { dures: Precondition[]; incomplets: Precondition[]; commentaires: Precondition[] };

/** Sorts unmet preconditions: some stop the action, some may be confirmed (00 decision 4, CO-14). */
export function trierManques(preconditions: readonly Precondition[]): Manques {
  return {
    dures: preconditions.filter(({ code }) => code !== INCOMPLET && code !== OUVERTS),
    incomplets: preconditions.filter(({ code }) => code === INCOMPLET),
    commentaires: preconditions.filter(({ code }) => code === OUVERTS),
  };
}

/** Actions carried out on a page of their own, where what they need is shown. */
const PAGES: Partial<Record<CodeAction, string>> = {
  valider: "/finalisation/numero",
  signer: "/signature",
  corriger_signature: "/signature",
  envoyer_publication: "/publication",
  publier: "/publication",
  rouvrir_publication: "/publication",
};

/** Actions that only the page of the publication shows. */
const SUR_LEUR_PAGE: readonly string[] = ["refuser_publication", "annuler_publication"];

/** Publication concerns this convention: it was sent, or may be (PU-01). */
export const aUnePublication = ({
  publication,
  statut,
  transitions_possibles,
}: Pick<Convention, "publication" | "statut" | "transitions_possibles">): boolean =>
  publication !== undefined ||
  statut === "PUBLICATION_EN_COURS" ||
  statut === "PUBLIE" ||
  transitions_possibles.some((action) => action.code === "envoyer_publication" && !nonPubliable(action));

const nonPubliable = ({ preconditions }: Action): boolean => preconditions.some(({ code }) => code === "NON_PUBLIABLE");

/** Seldom used, or hard to come back from: behind « Autres actions ». */
const RARES: readonly string[] = [
  "annuler",
  "supprimer",
  "rouvrir",
  "corriger_signature",
  "rouvrir_publication",
  "corriger_date_denonciation",
  "corriger_date_resiliation",
  "corriger_date_publication",
];

export type ActionPresentee = {
  /** Identity of the button: the code, or « soumettre+incomplet ». */
  cle: string;
  action: Action;
  libelle: string;
  /** Carried out on its own page. */
  lien: string | null;
  /** What must be done before; empty when the action can leave. */
  manques: Precondition[];
  /** Sends `confirmer_incomplet`. */
  malgre: boolean;
};

export type ActionsPresentees = {
  principale: ActionPresentee | null;
  courantes: ActionPresentee[];
  rares: ActionPresentee[];
};

/** Verb and object: « Annuler » alone could be the button of a dialog. */
export function libelleDAction(
  action: Pick<Action, "code" | "libelle">,
  convention: Pick<Convention, "genre">,
  open = 0,
): string {
  switch (action.code) {
    case "annuler":
    case "supprimer":
    case "reactiver":
      return `${action.libelle} ${objetDe(convention.genre)}`;
    case "demander_corrections":
    case "demander_relecture":
      return open > 0 ? `${action.libelle} (${open})` : action.libelle;
    default:
      return action.libelle;
  }
}

/**
 * Buttons of the page. The primary action of the server is ours only when the reader has the ball, or nobody has: else
 * a sentence says who has it, and the action stays among the others.
 */
export function presenterActions(convention: Convention, open: number): ActionsPresentees {
  const { transitions_possibles, main, uuid } = convention;
  const out: ActionsPresentees = { principale: null, courantes: [], rares: [] };
  for (const action of transitions_possibles) {
    if (SUR_LEUR_PAGE.includes(action.code) || nonPubliable(action)) continue;
    const { dures, incomplets } = trierManques(action.preconditions);
    const page = PAGES[action.code as CodeAction];
    const onItsPage = page !== undefined;
    const shown: ActionPresentee = {
      cle: action.code,
      action,
      libelle: libelleDAction(action, convention, open),
      lien: onItsPage ? `/conventions/${uuid}${page}` : null,
      // What a page of its own asks for is asked there.
      manques:
        action.code === "signer" || action.code === "publier" ? [] : onItsPage ? dures : [...dures, ...incomplets],
      malgre: false,
    };
    if (action.primaire && (main.a_moi || main.cote === "personne") && !out.principale) out.principale = shown;
    else if (RARES.includes(action.code)) out.rares.push(shown);
    else out.courantes.push(shown);
    if (!onItsPage && incomplets.length > 0 && dures.length === 0) {
      const verb = action.code === "renvoyer_instruction" ? "Renvoyer" : "Soumettre";
      out.courantes.push({
        ...shown,
        cle: `${action.code}+incomplet`,
        libelle: `${verb} malgré ${pointsBloquants(incomplets.length)}`,
        manques: [],
        malgre: true,
      });
    }
  }
  return correctionDAbord(convention, open, out);
}

/** While fields wait for a correction, going to the first one comes before sending the file back. */
function correctionDAbord(
  { statut, commentaires_resume: { premier } }: Convention,
  open: number,
  actions: ActionsPresentees,
): ActionsPresentees {
  const { principale, courantes, rares } = actions;
  if (
    statut !== "CORRECTION" ||
    open === 0 ||
    principale?.action.code !== "renvoyer_instruction" ||
    !premier?.lien.includes("/etapes/")
  )
    return actions;
  const correct: ActionPresentee = {
    ...principale,
    cle: "corriger",
    libelle: `Corriger (${open})`,
    lien: premier.lien,
    manques: [],
    malgre: false,
  };
  return { principale: correct, courantes: [principale, ...courantes], rares };
}

/** « 1 point bloquant », « 3 points bloquants ». */
export const pointsBloquants = (count: number): string => compte(count, "point bloquant", "points bloquants");

type Mots = { occupe: string; message: string; fait: string };

const MOTS: Partial<Record<string, Mots>> = {
  soumettre: { occupe: "Soumission…", message: "Message au service", fait: "Dossier soumis au service" },
  renvoyer_instruction: { occupe: "Renvoi…", message: "Message au service", fait: "Dossier renvoyé au service" },
  notifier_instructeur: {
    occupe: "Envoi…",
    message: "Message au service",
    fait: "Message envoyé au service instructeur",
  },
  demander_relecture: {
    occupe: "Envoi de la demande…",
    message: "Message au bailleur",
    fait: "Relecture demandée au bailleur",
  },
  demander_corrections: {
    occupe: "Envoi de la demande…",
    message: "Message au bailleur",
    fait: "Corrections demandées au bailleur",
  },
  relancer_bailleur: { occupe: "Relance…", message: "Message au bailleur", fait: "Bailleur relancé" },
  revenir_instruction: { occupe: "Retour à l’instruction…", message: "Motif", fait: "Dossier revenu à l’instruction" },
  rouvrir: { occupe: "Réouverture…", message: "Motif", fait: "Instruction rouverte" },
  envoyer_publication: { occupe: "Envoi…", message: "", fait: "Convention envoyée en publication" },
  publier: { occupe: "Enregistrement…", message: "", fait: "Publication enregistrée" },
  refuser_publication: { occupe: "Enregistrement…", message: "", fait: "Refus enregistré" },
  annuler_publication: { occupe: "Annulation…", message: "", fait: "Envoi en publication annulé" },
  rouvrir_publication: { occupe: "Réouverture…", message: "", fait: "Publication rouverte" },
  denoncer: { occupe: "Dénonciation…", message: "Message au bailleur", fait: "Convention dénoncée" },
  resilier: { occupe: "Résiliation…", message: "Message au bailleur", fait: "Convention résiliée" },
  corriger_date_denonciation: { occupe: "Correction…", message: "", fait: "Date de dénonciation corrigée" },
  corriger_date_resiliation: { occupe: "Correction…", message: "", fait: "Date de résiliation corrigée" },
  corriger_date_publication: { occupe: "Correction…", message: "", fait: "Date de publication corrigée" },
  annuler: { occupe: "Annulation…", message: "Motif", fait: "Dossier annulé" },
  reactiver: { occupe: "Réactivation…", message: "Motif", fait: "Dossier réactivé : il redevient un projet" },
  supprimer: { occupe: "Suppression…", message: "Motif", fait: "Dossier supprimé" },
};

/** Words of an action: its button while it runs, the label of its message, what is said afterwards. */
export const motsDe = (code: string, libelle: string): Mots =>
  MOTS[code] ?? { occupe: `${libelle}…`, message: "Message", fait: `${libelle} : c’est fait` };

/** Actions whose message leaves by e-mail: the author may ask for a copy (02 §6). */
export const copiePossible = (code: string): boolean =>
  [
    "demander_relecture",
    "demander_corrections",
    "relancer_bailleur",
    "renvoyer_instruction",
    "notifier_instructeur",
  ].includes(code);

/** Actions that hand the commented fields over to the bailleur. */
export const ouvreALaCorrection = (code: string): boolean =>
  ["demander_relecture", "demander_corrections", "relancer_bailleur"].includes(code);

/** A submission, after which one page says what comes next (P51). */
export const estSoumission = (code: string): boolean => code === "soumettre" || code === "renvoyer_instruction";

// --- Cards ---------------------------------------------------------------------------------------------------

/** Every field and table that the cards show, in order: comments are read in that order. */
export const ciblesDesCartes = (cards: readonly Carte[]): string[] =>
  cards
    .flatMap(({ champs, tableaux }) => [...champs.map(({ cle }) => cle), ...tableaux.map(({ cle }) => cle)])
    .filter(Boolean);

/** Commented fields that no card shows (files, old fields): they are listed in the card of their step. */
export function ciblesHorsCartes(
  comments: readonly Commentaire[],
  cards: readonly Carte[],
): { cible: string; libelle: string; etape: string }[] {
  const shown = new Set(ciblesDesCartes(cards));
  const out = new Map<string, { cible: string; libelle: string; etape: string }>();
  for (const { nom_objet, champ_objet, libelle_cible, etape } of comments) {
    const cible = `${nom_objet}__${champ_objet}`;
    if (!shown.has(cible)) out.set(cible, { cible, libelle: libelle_cible, etape });
  }
  return [...out.values()];
}

/** Rows shown before « Afficher les N lignes ». */
export const LIGNES_VISIBLES = 5;
/** A table is folded only when that hides enough to be worth a click. */
export const estRepliable = (rows: number): boolean => rows > LIGNES_VISIBLES + 3;

// --- Pages ---------------------------------------------------------------------------------------------------

const EN_VIGUEUR_OU_FINIE: readonly string[] = ["SIGNEE", "PUBLICATION_EN_COURS", "PUBLIE", "RESILIEE", "DENONCEE"];

/** In force, or ended: what can be told of it is what happened and which documents say so. */
export const estSignee = ({ statut }: Pick<Convention, "statut">): boolean => EN_VIGUEUR_OU_FINIE.includes(statut);

/** A signed convention opens on its overview; an avenant is told by the one of its convention. */
export const aUneVueDEnsemble = (convention: Pick<Convention, "statut" | "est_avenant">): boolean =>
  estSignee(convention) && !convention.est_avenant;

/** The pages of a convention, in the order of its life. The names are those that the pages give to `EnTete`. */
export function pagesDe(
  convention: Pick<
    Convention,
    | "uuid"
    | "statut"
    | "est_avenant"
    | "est_valide"
    | "publication"
    | "transitions_possibles"
    | "journal_de_bord"
    | "genre"
  >,
): { nom: string; lien: string }[] {
  const base = `/conventions/${convention.uuid}`;
  const signed = estSignee(convention);
  const ending = convention.genre === "denonciation" || convention.genre === "resiliation";
  return [
    // The publication in progress is the entry of its convention: its overview is asked for by name.
    ...(aUneVueDEnsemble(convention) ? [{ nom: "Vue d’ensemble", lien: `${base}?vue=ensemble` }] : []),
    { nom: signed ? "Informations détaillées" : "Récapitulatif", lien: `${base}/recapitulatif` },
    ...(convention.genre === "avenant" ? [{ nom: "Comparaison", lien: `${base}/comparaison` }] : []),
    ...(signed && !ending ? [{ nom: "Document", lien: `${base}/document` }] : []),
    ...(convention.est_valide && !signed && !ending ? [{ nom: "Signature", lien: `${base}/signature` }] : []),
    ...(aUnePublication(convention) ? [{ nom: "Publication", lien: `${base}/publication` }] : []),
    ...(convention.journal_de_bord ? [{ nom: "Journal de bord", lien: `${base}/journal` }] : []),
    { nom: "Historique", lien: `${base}/historique` },
    { nom: "Alertes", lien: `${base}/alertes` },
  ];
}

// --- Entry and queue -----------------------------------------------------------------------------------------

/** Where « /conventions/{uuid} » leads: the server's page; when it is a step that this person cannot fill, the first one they can, or the récapitulatif. */
export function pageDEntree({
  page_par_defaut,
  etapes,
  uuid,
}: Pick<Convention, "page_par_defaut" | "etapes" | "uuid">): string {
  const step = /\/etapes\/([^/?#]+)/.exec(page_par_defaut)?.[1];
  if (step === undefined || etapes.some((e) => e.code === step && e.disponible && e.modifiable)) return page_par_defaut;
  const first = etapes.find(({ disponible, modifiable }) => disponible && modifiable);
  return first ? first.lien : `/conventions/${uuid}/recapitulatif`;
}

export type Rang<T> = { numero: number; total: number; precedent: T | null; suivant: T | null };

/** Place of a file in the queue of its reader; number 0 when it is not in it. */
export function rangDansLaFile<T extends { uuid: string }>(queue: readonly T[], uuid: string): Rang<T> {
  const index = queue.findIndex((file) => file.uuid === uuid);
  if (index < 0) return { numero: 0, total: queue.length, precedent: null, suivant: queue[0] ?? null };
  return {
    numero: index + 1,
    total: queue.length,
    precedent: queue[index - 1] ?? null,
    suivant: queue[index + 1] ?? null,
  };
}

/** First submission, or corrections sent back: the two sentences of the page that follows (P51). */
export const estPremierEnvoi = ({
  premiere_soumission_le,
  soumis_le,
}: Pick<Convention, "premiere_soumission_le" | "soumis_le">): boolean =>
  !soumis_le || !premiere_soumission_le || soumis_le === premiere_soumission_le;

// --- Messages ------------------------------------------------------------------------------------------------

const DU_BAILLEUR: readonly string[] = ["soumettre", "renvoyer_instruction", "notifier_instructeur"];
const DU_SERVICE: readonly string[] = [
  "demander_relecture",
  "demander_corrections",
  "relancer_bailleur",
  "revenir_instruction",
];

/** Latest word of the other side to the reader's side, from the history (latest first); null when it said nothing. */
export function dernierMessage(
  events: readonly EvenementHistorique[],
  instructeur: boolean,
): EvenementHistorique | null {
  const codes = instructeur ? DU_BAILLEUR : DU_SERVICE;
  const last = events.find(({ transition }) => codes.includes(transition));
  return last && (last.commentaire !== "" || last.elements_incomplets.length > 0) ? last : null;
}
