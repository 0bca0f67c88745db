package httpapi

import "net/http"

// reassignationCodes are the refusals of the mass reassignment of administrations (02 PE-43).
func reassignationCodes() []CodeDoc {
	return []CodeDoc{
		{
			"reassignation_invalide", http.StatusUnprocessableEntity, "Réassignation refusée",
			"L’administration, les départements ou la liste de communes manquent ou n’existent pas. La liste « errors » donne chaque champ.",
			"Corrigez les champs indiqués.",
		},
		{
			"fichier_communes_invalide", http.StatusUnprocessableEntity, "Liste de communes illisible",
			"Le fichier n’est pas une liste de communes : un classeur XLSX ou un texte CSV, avec les colonnes « Code postal » et « Commune ».",
			"Corrigez le fichier, puis envoyez-le à nouveau.",
		},
		{
			"REASSIGNATION_EN_COURS", http.StatusConflict, "Autre réassignation en cours",
			"Une seule réassignation travaille à la fois : deux ne peuvent pas se mêler.",
			"Attendez la fin de l’autre réassignation, ou relancez-la si elle est arrêtée.",
		},
		{
			"REASSIGNATION_ETAT", http.StatusConflict, "Réassignation dans un autre état",
			"Une simulation se confirme, une réassignation terminée s’annule ; « etat_courant » donne l’état actuel.",
			"Rechargez la réassignation.",
		},
		{
			"REASSIGNATION_VIDE", http.StatusConflict, "Aucune opération à déplacer",
			"Les critères ne désignent aucune opération d’une autre administration, ou il ne reste rien à rendre.",
			"Changez les critères.",
		},
	}
}
