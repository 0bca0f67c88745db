package httpapi

// forcageCodes are the codes of a forced statut (02 CC-34).
func forcageCodes() []CodeDoc {
	return []CodeDoc{
		{"FORCAGE_REFUSE", 422, "Statut non forcé", "Le statut demandé romprait une règle d’intégrité du dossier ou de sa famille, ou le motif manque. « errors » donne toutes les raisons.", "Corrigez ce qui manque, ou choisissez un autre statut."},
	}
}
