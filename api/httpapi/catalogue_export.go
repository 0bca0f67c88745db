package httpapi

// exportCodes are the codes of exports.
func exportCodes() []CodeDoc {
	return []CodeDoc{
		{"export_trop_grand", 422, "Export trop grand", "La recherche donne plus de 200 000 lignes.", "Ajoutez des critères, par exemple un département ou une année de signature, et faites plusieurs exports."},
		{"EXPORT_NON_PRET", 409, "Export pas encore prêt", "Le fichier est en cours d’écriture, ou son écriture a échoué.", "Suivez la tâche jusqu’à l’état TERMINEE, ou relancez l’export."},
	}
}
