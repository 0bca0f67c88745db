package httpapi

// anomalieCodes are the codes of the data-quality events of SIAP.
func anomalieCodes() []CodeDoc {
	return []CodeDoc{
		{"anomalie_invalide", 422, "Décision incomplète", "La demande ne dit pas si l’anomalie est close.", "Envoyez « resolue » : true pour la clore, false pour la rouvrir."},
	}
}
