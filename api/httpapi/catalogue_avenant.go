package httpapi

// avenantCodes are the codes of what an avenant changes.
func avenantCodes() []CodeDoc {
	return []CodeDoc{
		{"AVENANT_NON_MODIFIABLE", 409, "Avenant non modifiable", "Au statut de l’avenant, donné par « statut_courant », vous ne pouvez pas changer ce qu’il modifie.", "Rechargez l’avenant. Le bailleur coche en projet ; le service, jusqu’à la validation."},
		{"CONVENTION_INITIALE_INCOMPLETE", 422, "Convention d’origine incomplète", "La ville, ou le nombre de logements d’un lot, manque à la convention que l’avenant modifie.", "Complétez-la depuis le récapitulatif de l’avenant, puis validez."},
	}
}
