package httpapi

// directCodes are the codes of live updates.
func directCodes() []CodeDoc {
	return []CodeDoc{
		{"DIRECT_SATURE", 503, "Trop de pages suivent les mises à jour", "Le serveur suit déjà autant de pages en direct qu’il le peut.", "Actualisez la page pour voir ce qui a changé ; le suivi reprendra plus tard."},
	}
}
