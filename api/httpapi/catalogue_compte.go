package httpapi

// compteCodes are the codes of local accounts and of impersonation (05 C.5, C.6).
func compteCodes() []CodeDoc {
	return []CodeDoc{
		{"identifiants_refuses", 401, "Connexion refusée", "L’identifiant ou le mot de passe n’est pas le bon, ou le compte ne permet pas de se connecter. Les cas ne sont volontairement pas distingués.", "Vérifiez-les, ou demandez un lien de réinitialisation."},
		{"account_locked", 429, "Connexion bloquée pour un moment", "Trop de tentatives ont échoué pour ce compte. « Retry-After » donne l’attente en secondes.", "Patientez, réinitialisez votre mot de passe, ou demandez à l’assistance de débloquer le compte."},
		{"compte_sans_role", 403, "Compte sans rôle", "Le compte existe, mais aucun rôle ne lui est donné sur cette plateforme.", "Demandez-le à l’assistance."},
		{"lien_expire", 422, "Lien inutilisable", "Le lien de réinitialisation a déjà servi, a plus de 60 minutes, ou un lien plus récent a été utilisé.", "Demandez un nouveau lien."},
		{"mot_de_passe_actuel", 422, "Mot de passe actuel refusé", "Le mot de passe actuel n’est pas le bon.", "Saisissez-le à nouveau."},
		{"MOT_DE_PASSE_REFUSE", 422, "Mot de passe trop faible", "Le mot de passe est trop court, fait de chiffres, trop proche de vos données ou trop courant. La liste « errors » dit lequel.", "Choisissez-en un autre : plusieurs mots sans lien entre eux conviennent."},
		{"DETOURNEMENT_INTERDIT", 403, "Détournement refusé", "Les règles ne permettent pas d’agir à la place de cette personne, ou pas dans ce mode.", "Choisissez une autre personne ou le mode « lecture », ou adressez-vous à un super-utilisateur."},
		{"REGLAGE_INTERDIT", 403, "Compte à régler par quelqu’un d’autre", "Personne ne règle son propre compte, et celui d’un membre de l’équipe, comme les droits de l’équipe, se règlent par un super-utilisateur.", "Demandez-le à un super-utilisateur."},
		{"COMPTE_ACTIF_EQUIPE", 409, "Compte de l’équipe", "Un compte qui a des droits d’équipe ne s’efface pas.", "Retirez-lui d’abord ses droits d’équipe."},
		{"detournement_interdit", 403, "Action réservée à la personne", "Cette action ne peut pas être faite à la place de quelqu’un, quel que soit le mode.", "Arrêtez le détournement."},
	}
}
