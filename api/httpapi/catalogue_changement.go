package httpapi

import "net/http"

// changementCodes are the refusals of the changes of bailleur and of administration (02 §2.5).
func changementCodes() []CodeDoc {
	return []CodeDoc{
		{
			"PROGRAMME_PARTAGE", http.StatusConflict, "Opération partagée",
			"Le bailleur d’une opération est celui de toutes ses conventions, et l’une d’elles n’est plus en projet.",
			"Créez un avenant de type « bailleur » sur chaque convention signée.",
		},
		{
			"BAILLEUR_FIGE", http.StatusConflict, "Bailleur figé",
			"Le bailleur d’une convention se change tant qu’elle est en projet.",
			"Ensuite, créez un avenant de type « bailleur ».",
		},
		{
			"BAILLEUR_HORS_PERIMETRE", http.StatusUnprocessableEntity, "Bailleur hors de votre périmètre",
			"Un bailleur ne se choisit que parmi ceux de vos habilitations de personne morale, sans région ou de la région de l’opération.",
			"Choisissez un bailleur proposé par GET /conventions/{uuid}/bailleurs-possibles.",
		},
		{
			"ADMINISTRATION_INCONNUE", http.StatusUnprocessableEntity, "Administration inconnue",
			"L’administration demandée n’existe pas ou plus.",
			"Choisissez une administration proposée par GET /conventions/{uuid}/administrations-possibles.",
		},
	}
}
