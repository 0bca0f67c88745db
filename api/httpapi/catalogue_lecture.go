package httpapi

// lectureCodes are the codes of comparisons with a moment of a convention.
func lectureCodes() []CodeDoc {
	return []CodeDoc{
		{"COMPARAISON_SANS_REPERE", 404, "Rien à quoi comparer", "La convention n’a pas été soumise, ou pas encore lue par vous ; ou cette version n’a pas été gardée.", "Choisissez un des repères donnés par GET /conventions/{uuid}/reperes."},
	}
}
