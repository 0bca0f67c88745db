package compte

import "apilos/api/fault"

// Codes of refusals of this package; those about habilitations are the ones of siap.Refus.
const (
	CodeNonAuthentifie    = "non_authentifie"
	CodeHabilitation      = "habilitation_not_valid"
	CodeCompteIncomplet   = "compte_incomplet"
	CodeCompteDesactive   = "compte_desactive"
	CodeTicketDejaUtilise = "ticket_deja_utilise"
	CodeSIAPIndisponible  = "siap_unavailable"

	CodeCompteVerrouille = "account_locked"
	CodeIdentifiants     = "identifiants_refuses"
	CodeSansRole         = "compte_sans_role"
	CodeLienExpire       = "lien_expire"
	CodeMotDePasseActuel = "mot_de_passe_actuel"
	CodeDetournement     = "DETOURNEMENT_INTERDIT"
	CodeInterditDetourne = "detournement_interdit"
)

func nonAuthentifie() *fault.Error {
	return fault.New(fault.Unauthenticated, CodeNonAuthentifie,
		"Votre session est fermée ou a expiré. Connectez-vous à nouveau.")
}

func habilitationInvalide() *fault.Error {
	return fault.New(fault.Forbidden, CodeHabilitation,
		"Cette habilitation n’est pas, ou n’est plus, à votre disposition. Choisissez-en une autre ou demandez-la dans le SIAP.")
}

func habilitationRetiree() *fault.Error {
	return fault.New(fault.Unauthenticated, CodeHabilitation,
		"L’habilitation avec laquelle vous travailliez n’est plus valide dans le SIAP. Connectez-vous à nouveau pour en choisir une autre.")
}

func compteIncomplet() *fault.Error {
	return fault.New(fault.Forbidden, CodeCompteIncomplet,
		"Votre compte CERBERE ne transmet pas son identifiant ou son nom de connexion. Faites compléter votre compte par l’assistance CERBERE.")
}

func compteDesactive() *fault.Error {
	return fault.New(fault.Forbidden, CodeCompteDesactive,
		"Votre compte est désactivé sur cette plateforme. Adressez-vous à l’assistance.")
}

func ticketDejaUtilise() *fault.Error {
	return fault.New(fault.Forbidden, CodeTicketDejaUtilise,
		"Ce lien de connexion a déjà servi. Recommencez la connexion.")
}

func siapIndisponible(cause error) *fault.Error {
	return fault.New(fault.Unavailable, CodeSIAPIndisponible,
		"Le SIAP ne répond pas : vos habilitations ne peuvent pas être vérifiées. Réessayez dans quelques minutes.").
		Because(cause).With("retry_after", 30)
}
