package convention

import (
	"strings"
	"unicode/utf8"

	"apilos/api/auth"
	"apilos/api/comment"
	"apilos/api/date"
	"apilos/api/fault"
)

// maxCommentaire is the greatest length of the comment of a transition, in characters.
const maxCommentaire = 5000

// verification collects every unmet precondition of a transition (02 §1.3 step 5).
type verification struct {
	d    *Dossier
	p    auth.Principal
	cmd  Commande
	jour date.Date // today in Paris
	// apercu is true when the list is computed for GET: what the actor gives with the command
	// (comment, confirmation, number, date) is not missing yet.
	apercu bool
	points []fault.Field
	// conflit is the first failure that is a conflict with other rows rather than a missing element (409).
	conflit *fault.Error
}

func (v *verification) manque(code, pointer, detail string) {
	v.points = append(v.points, fault.Field{Pointer: pointer, Code: code, Detail: detail})
}

func (v *verification) refus(e *fault.Error, pointer string) {
	if v.conflit == nil {
		v.conflit = e
	}
	v.manque(e.Code, pointer, e.Message)
}

func verifierCommentaire(v *verification) {
	if utf8.RuneCountInString(v.cmd.Commentaire) > maxCommentaire {
		v.manque("too_long", "/commentaire", "Commentaire : 5 000 caractères au maximum.")
	}
}

func verifierCommentaireRequis(v *verification) {
	if !v.apercu && strings.TrimSpace(v.cmd.Commentaire) == "" {
		v.manque("COMMENTAIRE_REQUIS", "/commentaire", "Écrivez un message.")
	}
	verifierCommentaire(v)
}

func verifierSoumission(v *verification) {
	verifierCommentaire(v)
	d := v.d
	if !d.EstAvenant() && strings.TrimSpace(d.Operation.NumeroOperation) == "" {
		v.manque("NUMERO_OPERATION_MANQUANT", "/operation/numero_operation", "Renseignez le numéro d’opération avant de soumettre.")
	}
	if d.Administration == nil {
		v.manque("ADMINISTRATION_MANQUANTE", "/administration", "Choisissez l’administration qui instruira le dossier.")
	}
	if d.EstAvenant() && len(d.TypesAvenant) == 0 {
		v.manque("TYPE_AVENANT_REQUIS", "/avenant_types", "Cochez au moins une modification.")
	}
	verifierContenu(v)
}

func verifierRenvoi(v *verification) {
	verifierCommentaire(v)
	verifierContenu(v)
}

// verifierContenu: a procedure has its day and its reason (T02); the rest of the family is not its business.
func verifierContenu(v *verification) {
	if f, ok := v.d.fin(); ok {
		verifierFin(v, f)
		return
	}
	verifierCompletude(v)
}

// verifierCompletude refuses level B items unless they are confirmed with a comment (00 decision 4).
func verifierCompletude(v *verification) {
	var manquants []string
	for _, pt := range v.d.Completude(v.jour) {
		if pt.Niveau == NiveauBloquant {
			manquants = append(manquants, pt.Libelle)
		}
	}
	if len(manquants) == 0 {
		return
	}
	if v.cmd.ConfirmerIncomplet && !v.apercu {
		if strings.TrimSpace(v.cmd.Commentaire) == "" {
			v.manque("COMMENTAIRE_REQUIS", "/commentaire", "Expliquez pourquoi ces points manquent : votre message sera gardé dans l’historique.")
		}
		return
	}
	for _, pt := range v.d.Completude(v.jour) {
		if pt.Niveau == NiveauBloquant {
			v.manque("CONVENTION_INCOMPLETE", pt.Pointer(), pt.Libelle)
		}
	}
}

func verifierValidation(v *verification) {
	verifierCommentaire(v)
	d := v.d
	if n := v.cmd.Numero; n != nil {
		v.points = append(v.points, refusNumero(strings.TrimSpace(*n))...)
	} else if _, ok := serieDe(d, v.jour); !ok && (d.Convention.Numero == nil || *d.Convention.Numero == "") && !d.EstAvenant() && !v.apercu {
		v.manque("NUMERO_REQUIS", "/numero", "Le numéro est obligatoire : sans administration ou sans département, il ne peut pas être proposé.")
	}
	if d.TypeUnDeuxRequis() && d.Convention.Type1and2 == nil {
		v.manque("TYPE_1_2_REQUIS", "/type1and2", "Précisez le type de convention (I ou II) avant de générer le document.")
	}
	if d.EstOutreMer() && !d.FoyerOuResidence() {
		v.manque("OUTRE_MER_NATURE", "/operation/nature_logement", "Un programme situé outre-mer ne peut être que de nature foyer ou résidence.")
	}
	if d.EstAvenant() && len(d.TypesAvenant) == 0 {
		v.manque("TYPE_AVENANT_REQUIS", "/avenant_types", "Cochez au moins une modification.")
	}
	if d.EstAvenant() && !d.Initiale.Complete() {
		v.manque(CodeInitialeIncomplete, "/convention_initiale", "Complétez la convention d’origine : sa ville et le nombre de logements de chaque lot.")
	}
	if n := d.CommentairesAvec(comment.Ouvert); n > 0 && !v.cmd.ConfirmerCommentairesOuverts {
		v.manque("COMMENTAIRES_OUVERTS", "/commentaires", "Des commentaires sont encore ouverts : confirmez que vous validez malgré eux.")
	}
	verifierCompletude(v)
}

func verifierReouverture(v *verification) {
	verifierCommentaireRequis(v)
	if !v.d.EstAvenant() && v.d.AvenantsActifs > 0 {
		v.manque("AVENANTS_EXISTANTS", "/avenants", "Cette convention a des avenants : elle ne peut plus être rouverte.")
	}
	if v.d.EstAvenant() && v.d.AvenantsSuivants > 0 {
		v.manque("AVENANTS_EXISTANTS", "/avenants", "Un avenant plus récent existe : celui-ci ne peut plus être rouvert.")
	}
}

func verifierSignature(v *verification) {
	doc := v.d.DocumentCourant(RubriqueDocumentSigne)
	switch {
	case doc == nil:
		v.manque("FICHIER_SIGNE_MANQUANT", "/documents", "Déposez le document signé (PDF) avant d’indiquer la date.")
	case !doc.Fichier.Utilisable():
		v.manque("FICHIER_NON_VERIFIE", "/documents", "La vérification antivirus du document n’est pas terminée. Réessayez dans un instant.")
	}
	verifierDateSignature(v)
}

func verifierCorrectionSignature(v *verification) { verifierDateSignature(v) }

func verifierDateSignature(v *verification) {
	if v.apercu {
		return
	}
	switch j := v.cmd.DateSignature; {
	case j == nil:
		v.manque("DATE_SIGNATURE_REQUISE", "/date_signature", "Indiquez la date de signature.")
	case j.After(v.jour):
		v.manque("DATE_FUTURE", "/date_signature", "La date de signature ne peut pas être dans le futur.")
	case j.Before(date.New(1977, 1, 1)):
		v.manque("DATE_TROP_ANCIENNE", "/date_signature", "La date de signature ne peut pas précéder 1977.")
	}
}

func verifierAnnulation(v *verification) {
	verifierCommentaire(v)
	if !v.d.EstAvenant() && v.d.AvenantsActifs > 0 {
		v.manque("AVENANTS_EXISTANTS", "/avenants", "Annulez d’abord les avenants de cette convention.")
	}
}

func verifierReactivation(v *verification) {
	verifierCommentaire(v)
	if !v.d.EstAvenant() {
		return // another active convention for the same financement is refused by the database (CR-12)
	}
	if v.d.AvenantEnCours != nil {
		v.refus(fault.New(fault.Conflict, "AVENANT_EN_COURS", "Un avenant est déjà en cours.").
			With("avenant_uuid", v.d.AvenantEnCours.String()), "/avenants")
	}
	if s := v.d.Racine.Statut; s == Resiliee || s == Denoncee {
		v.refus(fault.New(fault.Conflict, "CONVENTION_TERMINEE", "La convention a pris fin : ses avenants ne peuvent plus être réactivés."), "/parent")
	}
}

func verifierSuppression(v *verification) {
	verifierCommentaire(v)
	if !v.d.EstAvenant() && v.d.AvenantsTotal > 0 { // the cancelled ones too: they would be left without their root
		v.manque("AVENANTS_EXISTANTS", "/avenants", "Cette convention a des avenants, même annulés : supprimez-les d’abord.")
	}
	if v.d.SecondeVieEnfants > 0 {
		v.manque("SECONDE_VIE_EXISTANTE", "/seconde_vie", "Une convention seconde vie repose sur celle-ci : elle ne peut pas être supprimée.")
	}
}
