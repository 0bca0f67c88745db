package mesure

// The words below make names that sound right and belong to nobody: trees, flowers, birds and places.

func mots() []string {
	return []string{
		"Acacias", "Alouettes", "Amandiers", "Ancolies", "Ardoises", "Argousiers", "Aubépines", "Aulnes", "Belvédères", "Bergeronnettes",
		"Bleuets", "Bouleaux", "Bruyères", "Cèdres", "Cerisiers", "Chardonnerets", "Charmes", "Charrons", "Châtaigniers", "Chênes verts",
		"Clématites", "Clos fleuris", "Colverts", "Coquelicots", "Cordiers", "Coteaux", "Cytises", "Drapiers", "Écureuils", "Églantines",
		"Érables", "Étangs", "Faïenciers", "Fauvettes", "Fileuses", "Fontaines", "Fougères", "Frênes", "Fresnaies", "Fuchsias",
		"Galets", "Genêts", "Gentianes", "Glycines", "Grands prés", "Grenadiers", "Grives", "Guérets", "Hérons", "Hêtres",
		"Hirondelles", "Hortensias", "Houx", "Iris", "Jardins suspendus", "Jonquilles", "Lavandières", "Lavandes", "Libellules", "Lilas",
		"Magnolias", "Maraîchers", "Marronniers", "Martinets", "Mélèzes", "Merisiers", "Mésanges", "Meuniers", "Mimosas", "Mûriers",
		"Myosotis", "Noisetiers", "Noyers", "Oliviers", "Orangers", "Ormeaux", "Papillons", "Passereaux", "Peupliers", "Pinsons",
		"Pivoines", "Platanes", "Poiriers", "Pommiers", "Potiers", "Primevères", "Quatre vents", "Rainettes", "Remparts", "Romarins",
		"Roseraies", "Rossignols", "Sablons", "Sauges", "Saules", "Sorbiers", "Sources", "Tamaris", "Terrasses", "Tilleuls",
		"Tisserands", "Tonneliers", "Troènes", "Tuileries", "Vanniers", "Verdiers", "Vergers", "Verriers", "Vignes", "Violettes",
	}
}

func lieuxDits() []string {
	return []string{
		"la Garenne", "la Croix blanche", "le Grand pré", "la Fontaine", "le Moulin neuf", "le Champ du puits", "la Haute borne", "les Quatre chemins",
		"le Bois joli", "la Prairie", "le Clos de l’église", "la Plaine", "le Coteau", "le Vieux bourg", "la Gare", "le Port", "la Citadelle", "le Parc",
		"la Briqueterie", "la Filature", "l’Octroi", "l’Arsenal", "le Canal", "la Manufacture", "le Faubourg", "les Halles", "la Rotonde", "le Lavoir",
	}
}

func voies() []poids[string] {
	return []poids[string]{
		{"rue", 55},
		{"avenue", 14},
		{"boulevard", 6},
		{"allée", 9},
		{"chemin", 6},
		{"place", 5},
		{"impasse", 5},
	}
}

func prenoms() []string {
	return []string{
		"Adèle", "Alain", "Amina", "Antoine", "Béatrice", "Bruno", "Camille", "Cédric", "Chantal", "Claire", "Denis", "Élodie", "Émile", "Farid", "Florence",
		"Gaëlle", "Gérard", "Hélène", "Hugo", "Inès", "Isabelle", "Jacques", "Jeanne", "Karim", "Laure", "Lucie", "Malik", "Marc", "Nadège", "Nicolas",
		"Odile", "Olivier", "Patricia", "Paul", "Quentin", "Rachida", "Romain", "Sabine", "Samuel", "Thérèse", "Thomas", "Valérie", "Victor", "Yves", "Zoé",
	}
}

func noms() []string {
	return []string{
		"Aubrac", "Barentin", "Bellanger", "Besnard", "Boisvert", "Carpentier", "Chabrol", "Chauvin", "Costa", "Delmas", "Delorme", "Desmoulins", "Diallo",
		"Estève", "Ferrand", "Fontanel", "Gallois", "Garrigue", "Gauthier", "Guilbert", "Hamon", "Hoarau", "Imbert", "Jouvin", "Kermarrec", "Lacombe",
		"Laporte", "Lemaître", "Lenoir", "Mallet", "Marchand", "Mercier", "Nogaret", "Ollivier", "Pasquier", "Payet", "Périer", "Picard", "Quentric",
		"Rambaud", "Renaudin", "Rouvière", "Sanchez", "Tavernier", "Thiébaut", "Vasseur", "Verdier", "Vidal", "Weber", "Zeller",
	}
}

// remarques are comments of services on fields of the step "operation", all in the dictionary of 02 §4.1.
func remarques() []remarque {
	return []remarque{
		{"programme", "nom", "Merci de reprendre le nom exact de la délibération."},
		{"programme", "code_postal", "Le code postal ne correspond pas à l’adresse, pouvez-vous vérifier ?"},
		{"programme", "ville", "Indiquez la commune, et non le lieu-dit."},
		{"programme", "nb_locaux_commerciaux", "Le permis mentionne un local commercial : à indiquer."},
		{"programme", "nb_logements", "Le nombre de logements diffère de celui de la décision de financement."},
		{"programme", "vendeur", "Le vendeur n’est pas celui de l’acte joint."},
		{"programme", "date_achat", "La date d’achat est postérieure à l’acte."},
		{"bailleur", "signataire_nom", "La délégation de signature du signataire a expiré."},
	}
}

type remarque struct{ objet, champ, message string }
