package httpapi

// chroniqueCodes are those of the journal de bord and of the imported attachments (02 §7.2, §7.5).
func chroniqueCodes() []CodeDoc {
	return []CodeDoc{
		{"JOURNAL_FERME", 409, "Journal de bord fermé", "Le journal de bord d’une convention s’ouvre au statut « À signer ».", "Attendez la validation de la convention, ou utilisez les commentaires."},
		{"EVENEMENT_ANNULE", 409, "Événement annulé", "Un événement annulé reste visible, barré, et ne change plus.", "Ajoutez un autre événement."},
		{"PROMOTION_INTERDITE", 403, "Pièce qui ne peut pas être promue", "Seule une pièce reprise de l’ancien système, du type du dossier et au format PDF, peut devenir le document signé d’un dossier qui n’en a pas.", "Déposez le document signé par la page de signature."},
	}
}
