package convention

// LibelleHistorique says in words what a row of history tells, for a side.
func LibelleHistorique(code Code, statut Statut, coteInstructeur bool, g Genre) string {
	switch code {
	case Creer:
		return g.accorder("Création de {demonstratif}")
	case Importer:
		return g.accorder("Enregistrement de {demonstratif}, déjà signé{accord}")
	case Soumettre:
		return "Soumission au service"
	case DemanderRelecture:
		return "Relecture demandée au bailleur"
	case DemanderCorrections:
		return "Corrections demandées"
	case RelancerBailleur:
		return "Relance du bailleur"
	case RenvoyerInstruction:
		return "Renvoi au service"
	case NotifierInstructeur:
		return "Message au service"
	case Valider:
		return "Validation"
	case RevenirInstruction:
		return "Retour à l’instruction"
	case Rouvrir:
		return "Réouverture"
	case Signer:
		return "Signature"
	case Denoncer:
		return "Dénonciation validée"
	case Resilier:
		return "Résiliation validée"
	case Annuler:
		return "Annulation"
	case Reactiver:
		return "Réactivation"
	case Supprimer:
		return "Suppression"
	case Regrouper:
		return "Regroupement"
	case Degrouper:
		return "Dégroupement"
	case Forcer:
		return "Statut forcé par l’assistance"
	case ChoisirOrigines:
		return "Choix des conventions d’origine"
	}
	return statut.Libelle(coteInstructeur, g)
}

// LibelleRubrique names a kind of attachment.
func LibelleRubrique(rubrique string) string {
	switch rubrique {
	case RubriqueDocumentSigne:
		return "Document signé"
	case "DOCUMENT_GENERE":
		return "Document à signer"
	case "DOCUMENT_PUBLIE":
		return "Document publié"
	case "PREUVE_SIGNATURE":
		return "Preuve de signature"
	case "CERFA_PERSONNALISE":
		return "Document de remplacement"
	case "COMMENTAIRES", "ATTACHED":
		return "Fichier joint"
	case RubriquePlan:
		return "Plan"
	case RubriqueInstructionDenonciation, RubriqueInstructionResiliation:
		return "Pièce de la procédure"
	case "VENDEUR", "ACQUEREUR", "REFERENCE_NOTAIRE", "REFERENCE_PUBLICATION_ACTE", "ACTE_DE_PROPRIETE", "EFFET_RELATIF",
		"CERTIFICAT_ADRESSAGE", "REFERENCE_CADASTRALE", "EDD_VOLUMETRIQUE", "EDD_CLASSIQUE", "EDD_STATIONNEMENTS":
		return "Annexe"
	}
	return "Pièce jointe"
}
