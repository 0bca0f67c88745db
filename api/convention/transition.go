package convention

import (
	"apilos/api/auth"
	"apilos/api/date"
)

// Code names a transition (02 §1.4).
type Code string

// Transitions.
const (
	Creer               Code = "creer"                // T01
	Soumettre           Code = "soumettre"            // T02
	DemanderRelecture   Code = "demander_relecture"   // T03
	DemanderCorrections Code = "demander_corrections" // T04
	RelancerBailleur    Code = "relancer_bailleur"    // T05
	RenvoyerInstruction Code = "renvoyer_instruction" // T06
	NotifierInstructeur Code = "notifier_instructeur" // T07
	Valider             Code = "valider"              // T08
	RevenirInstruction  Code = "revenir_instruction"  // T09
	Rouvrir             Code = "rouvrir"              // T10
	Signer              Code = "signer"               // T11
	CorrigerSignature   Code = "corriger_signature"   // T12
	EnvoyerPublication  Code = "envoyer_publication"  // T13
	Publier             Code = "publier"              // T14
	RefuserPublication  Code = "refuser_publication"  // T15
	AnnulerPublication  Code = "annuler_publication"  // T16
	RouvrirPublication  Code = "rouvrir_publication"  // T17
	Denoncer            Code = "denoncer"             // T18
	Resilier            Code = "resilier"             // T19
	Annuler             Code = "annuler"              // T20
	Reactiver           Code = "reactiver"            // T21
	Supprimer           Code = "supprimer"            // T22
	Importer            Code = "importer"             // T23

	CorrigerDateDenonciation Code = "corriger_date_denonciation" // ST-06
	CorrigerDateResiliation  Code = "corriger_date_resiliation"  // ST-06
	CorrigerDatePublication  Code = "corriger_date_publication"  // ST-06
)

// Commande is what the actor asks with a transition.
type Commande struct {
	Version                      int // expected version of the convention (If-Match)
	Commentaire                  string
	Copie                        bool // wants a copy of the mail
	ConfirmerIncomplet           bool
	ConfirmerCommentairesOuverts bool
	Numero                       *string // nil: the server reserves the proposed number
	DateSignature                *date.Date
	DateEnvoi                    *date.Date // T13, nil: today
	DatePublication, DateRefus   *date.Date
	ReferenceSPF, MotifRefusSPF  string
	// Of ST-06: the new day of the end of the convention.
	DateDenonciation, DateResiliation *date.Date
}

type cote int

const (
	bailleurSeul cote = iota
	instructeurSeul
	lesDeux
)

func (c cote) accepte(p auth.Principal) bool {
	if p.Superuser || p.Staff {
		return true
	}
	switch c {
	case bailleurSeul:
		return p.Typologie == auth.Bailleur
	case instructeurSeul:
		return p.CoteInstructeur()
	}
	return p.Typologie != ""
}

// depart is one source statut of a transition. An empty perm or si takes the one of the transition.
type depart struct {
	de, vers Statut
	perm     auth.Permission
	qui      *cote
	si       func(*Dossier) bool
}

type saisieCommentaire string

const (
	sansCommentaire      saisieCommentaire = "aucun"
	commentaireOptionnel saisieCommentaire = "optionnel"
	commentaireRequis    saisieCommentaire = "requis"
)

// transition is one line of the table of 02 §1.4.
type transition struct {
	code         Code
	libelle      string // button of the interface
	confirmation string // consequence told before doing it
	qui          cote
	perm         auth.Permission
	departs      []depart
	commentaire  saisieCommentaire
	primaire     bool
	sansAlerte   bool // "no alert call" of 02 §1.4
	// preconditions lists every failure at once (02 §1.3 step 5).
	preconditions func(*verification)
	// effets changes the dossier; statut, version, history, journal and messages are the engine's.
	effets func(*execution) error
}

func creeParInstructeur(d *Dossier) bool {
	return d.CreeParCote == auth.Instructeur || d.CreeParCote == auth.Administrateur
}

func horsFin(d *Dossier) bool { g := d.Genre(); return g == GenreConvention || g == GenreAvenant }

func creeParInstructeurHorsFin(d *Dossier) bool { return creeParInstructeur(d) && horsFin(d) }

// transitions is the table of 02 §1.4, in its order. Adding one is adding an entry here.
func transitions() []transition {
	seulInstructeur := instructeurSeul
	return []transition{
		{
			code: Soumettre, libelle: "Soumettre au service", primaire: true,
			confirmation: "Le service instructeur recevra le dossier. Vous ne pourrez plus le modifier, sauf s’il vous demande des corrections.",
			qui:          bailleurSeul, perm: auth.ChangeConvention, commentaire: commentaireOptionnel,
			departs:       []depart{{de: Projet, vers: Instruction}},
			preconditions: verifierSoumission, effets: soumettre,
		},
		{
			code: DemanderRelecture, libelle: "Demander une relecture au bailleur",
			confirmation: "Le bailleur pourra corriger les champs que vous avez commentés.",
			qui:          instructeurSeul, perm: auth.ValidateConvention, commentaire: commentaireOptionnel,
			departs:       []depart{{de: Projet, vers: Correction, si: creeParInstructeur}},
			preconditions: verifierCommentaire,
		},
		{
			code: DemanderCorrections, libelle: "Demander des corrections",
			confirmation: "Le bailleur pourra corriger les champs que vous avez commentés, puis vous renverra le dossier.",
			qui:          instructeurSeul, perm: auth.ValidateConvention, commentaire: commentaireOptionnel,
			departs:       []depart{{de: Instruction, vers: Correction}},
			preconditions: verifierCommentaire,
		},
		{
			code: RelancerBailleur, libelle: "Relancer le bailleur",
			confirmation: "Le bailleur recevra un nouveau message lui demandant de corriger le dossier.",
			qui:          instructeurSeul, perm: auth.ValidateConvention, commentaire: commentaireOptionnel,
			departs:       []depart{{de: Correction, vers: Correction}},
			preconditions: verifierCommentaire,
		},
		{
			code: RenvoyerInstruction, libelle: "Renvoyer au service", primaire: true,
			confirmation: "Le service instructeur relira vos corrections. Vous ne pourrez plus modifier le dossier d’ici là.",
			qui:          bailleurSeul, perm: auth.ChangeConvention, commentaire: commentaireOptionnel,
			departs:       []depart{{de: Correction, vers: Instruction}},
			preconditions: verifierRenvoi, effets: soumettre,
		},
		{
			code: NotifierInstructeur, libelle: "Notifier le service",
			confirmation: "Le service instructeur recevra votre message. Le statut ne change pas.",
			qui:          bailleurSeul, perm: auth.ChangeConvention, commentaire: commentaireRequis,
			departs:       []depart{{de: Instruction, vers: Instruction}},
			preconditions: verifierCommentaireRequis,
		},
		{
			code: Valider, libelle: "Finaliser", primaire: true,
			confirmation: "Le numéro sera attribué et le bailleur sera invité à signer.",
			qui:          instructeurSeul, perm: auth.ValidateConvention, commentaire: commentaireOptionnel,
			departs: []depart{
				{de: Instruction, vers: ASigner, si: horsFin},
				{de: Correction, vers: ASigner, si: horsFin},
				{de: Projet, vers: ASigner, si: creeParInstructeurHorsFin},
			},
			preconditions: verifierValidation, effets: valider,
		},
		{
			code: RevenirInstruction, libelle: "Revenir à l’instruction",
			confirmation: "Le fichier signé déjà déposé sera archivé et la signature devra être refaite. Le numéro est conservé.",
			qui:          instructeurSeul, perm: auth.ValidateConvention, commentaire: commentaireOptionnel,
			departs:       []depart{{de: ASigner, vers: Instruction}},
			preconditions: verifierCommentaire, effets: revenirInstruction,
		},
		{
			code: Rouvrir, libelle: "Rouvrir l’instruction",
			confirmation: "La convention ne sera plus signée : le fichier signé sera archivé et la date de signature effacée.",
			qui:          instructeurSeul, perm: auth.ValidateConvention, commentaire: commentaireRequis,
			departs:       []depart{{de: Signee, vers: Instruction}},
			preconditions: verifierReouverture, effets: rouvrir,
		},
		{
			code: Signer, libelle: "Indiquer la date de signature", primaire: true,
			confirmation: "La date de signature fait entrer la convention en vigueur.",
			qui:          lesDeux, perm: auth.ChangeConvention, commentaire: sansCommentaire,
			departs:       []depart{{de: ASigner, vers: Signee}},
			preconditions: verifierSignature, effets: signer,
		},
		{
			code: CorrigerSignature, libelle: "Corriger la date de signature", sansAlerte: true,
			confirmation: "Seule la date change ; le statut reste le même et l’ancienne date est conservée dans le journal.",
			qui:          lesDeux, perm: auth.ChangeConvention, commentaire: sansCommentaire,
			departs:       []depart{{de: Signee, vers: Signee}},
			preconditions: verifierCorrectionSignature, effets: signer,
		},
		{
			code: EnvoyerPublication, libelle: "Envoyer en publication",
			confirmation: "La convention est envoyée au service de la publicité foncière. Vous indiquerez ensuite sa référence, ou le refus.",
			qui:          instructeurSeul, perm: auth.ValidateConvention, commentaire: sansCommentaire,
			departs:       []depart{{de: Signee, vers: PublicationEnCours}},
			preconditions: verifierEnvoi, effets: envoyerPublication,
		},
		{
			code: Publier, libelle: "Indiquer la publication", primaire: true,
			confirmation: "La référence et la date figureront sur la fiche de la convention.",
			qui:          instructeurSeul, perm: auth.ValidateConvention, commentaire: sansCommentaire,
			departs:       []depart{{de: PublicationEnCours, vers: Publie}},
			preconditions: verifierPublication, effets: publier,
		},
		{
			code: RefuserPublication, libelle: "Signaler un refus",
			confirmation: "La convention redevient signée. Le refus et son motif restent affichés jusqu’au prochain envoi.",
			qui:          instructeurSeul, perm: auth.ValidateConvention, commentaire: sansCommentaire,
			departs:       []depart{{de: PublicationEnCours, vers: Signee}},
			preconditions: verifierRefus, effets: refuserPublication,
		},
		{
			code: AnnulerPublication, libelle: "Annuler l’envoi en publication",
			confirmation: "La convention redevient signée, comme si elle n’avait pas été envoyée. Le document publié déjà déposé est archivé.",
			qui:          instructeurSeul, perm: auth.ValidateConvention, commentaire: sansCommentaire,
			departs: []depart{{de: PublicationEnCours, vers: Signee}},
			effets:  annulerPublication,
		},
		{
			code: RouvrirPublication, libelle: "Rouvrir la publication",
			confirmation: "Vous pourrez remplacer le document publié, sa référence et sa date. Ils sont gardés d’ici là.",
			qui:          instructeurSeul, perm: auth.ValidateConvention, commentaire: sansCommentaire,
			departs: []depart{{de: Publie, vers: PublicationEnCours}},
			effets:  rouvrirPublication,
		},
		denonciation.transition(Denoncer), resiliation.transition(Resilier),
		{
			code: Annuler, libelle: "Annuler",
			confirmation: "Le dossier sera abandonné. Il pourra être réactivé plus tard.",
			qui:          lesDeux, perm: auth.ChangeConvention, commentaire: commentaireOptionnel,
			departs: []depart{
				{de: Projet, vers: Annulee},
				{de: Instruction, vers: Annulee},
				{de: Correction, vers: Annulee},
				{de: ASigner, vers: Annulee, perm: auth.ValidateConvention, qui: &seulInstructeur},
			},
			preconditions: verifierAnnulation,
		},
		{
			code: Reactiver, libelle: "Réactiver", sansAlerte: true, primaire: true,
			confirmation: "Le dossier redeviendra un projet modifiable.",
			qui:          lesDeux, perm: auth.ChangeConvention, commentaire: commentaireOptionnel,
			departs:       []depart{{de: Annulee, vers: Projet}},
			preconditions: verifierReactivation,
		},
		{
			code: Supprimer, libelle: "Supprimer", sansAlerte: true,
			confirmation: "Le dossier disparaîtra de toutes les listes. Son historique est conservé.",
			qui:          lesDeux, perm: auth.DeleteConvention, commentaire: commentaireOptionnel,
			departs:       []depart{{de: Annulee, vers: Annulee}},
			preconditions: verifierSuppression, effets: supprimer,
		},
		denonciation.correction(CorrigerDateDenonciation), resiliation.correction(CorrigerDateResiliation),
		{
			code: CorrigerDatePublication, libelle: "Corriger la date de publication", sansAlerte: true,
			confirmation: "Seule la date change ; le statut reste le même et l’ancienne date est conservée dans le journal.",
			qui:          instructeurSeul, perm: auth.ValidateConvention, commentaire: sansCommentaire,
			departs:       []depart{{de: Publie, vers: Publie}},
			preconditions: verifierCorrectionPublication, effets: corrigerPublication,
		},
	}
}

func trouverTransition(code Code) (transition, bool) {
	for _, t := range transitions() {
		if t.code == code {
			return t, true
		}
	}
	return transition{}, false
}

// depuis returns the departure of t that fits the statut of d; ok is false when the statut forbids it.
func (t transition) depuis(d *Dossier) (depart, bool) {
	for _, dep := range t.departs {
		if dep.de == d.Convention.Statut && (dep.si == nil || dep.si(d)) {
			return dep, true
		}
	}
	return depart{}, false
}

// permise is step 2 of 02 §1.3: permission, side and not read-only.
func (t transition) permise(p auth.Principal, d *Dossier) bool {
	if d.LectureSeule(p) {
		return false
	}
	qui, perm := t.qui, t.perm
	for _, dep := range t.departs {
		if dep.de == d.Convention.Statut {
			if dep.qui != nil {
				qui = *dep.qui
			}
			if dep.perm != "" {
				perm = dep.perm
			}
		}
	}
	return qui.accepte(p) && p.Peut(perm)
}
