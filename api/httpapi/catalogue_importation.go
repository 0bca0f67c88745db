package httpapi

// importationCodes are the codes of what is recorded by hand (02 §3.6, §9.2 to §9.4).
func importationCodes() []CodeDoc {
	return []CodeDoc{
		{"AJOUT_CONVENTION_FERME", 404, "Ajout de conventions fermé", "L’ajout de conventions déjà signées n’est pas ouvert pour vous.", "Adressez-vous à l’assistance."},
		{"FICHIER_IMPORT_INCONNU", 422, "Document à déposer à nouveau", "Le document signé donné avec le formulaire n’est plus là, n’a pas été vérifié, ou a déjà servi.", "Déposez-le à nouveau puis enregistrez."},
		{"FINANCEMENT_DEJA_CONVENTIONNE", 422, "Financement déjà conventionné", "L’opération a déjà une convention active pour ce financement ; « convention_uuid » la donne si vous la voyez.", "Choisissez un autre financement, ou ouvrez la convention existante."},
		{"OPERATION_EXISTANTE", 409, "Opération existante", "Une opération de votre périmètre porte déjà ce numéro ; « numero_operation » et « nom » la décrivent.", "Demandez à lui ajouter la convention (« utiliser_operation »), ou corrigez le numéro."},
		{"UTILISER_AJOUT_EXISTANTE", 422, "Convention déjà signée", "Un document signé ne signe pas une convention créée ici.", "Ajoutez une convention existante, ou créez la convention sans document."},
		{"CONVENTION_HORS_PERIMETRE", 422, "Hors de votre périmètre", "Avec ce bailleur, cette administration et ce lieu, vous ne verriez pas la convention créée.", "Vérifiez ces champs, ou changez d’habilitation."},
	}
}
