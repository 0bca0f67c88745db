package httpapi

// clientCodes are the codes of API clients (00 decision 33).
func clientCodes() []CodeDoc {
	return []CodeDoc{
		{"PORTEE_MANQUANTE", 403, "Portée manquante", "Le jeton du client d’API n’a pas la portée que demande cette adresse ; « portee » la nomme.", "Demandez cette portée à l’équipe de la plateforme."},
		{"FERME_AUX_CLIENTS", 403, "Fermé aux clients d’API", "Cette adresse sert à l’application et à l’administration : un client d’API ne l’appelle pas.", "Utilisez une adresse ouverte à vos portées ; la documentation les donne."},
		{"client_api_invalide", 422, "Client d’API refusé", "Le nom, les portées, le périmètre ou un réglage du client ne sont pas acceptés. La liste « errors » donne chaque champ.", "Corrigez les champs indiqués."},
		{"NOM_CLIENT_PRIS", 409, "Nom déjà pris", "Un client d’API en service porte déjà ce nom.", "Choisissez un autre nom, ou révoquez l’autre client."},
		{"CLIENT_REVOQUE", 409, "Client révoqué", "Ce client d’API est révoqué pour toujours : il ne se modifie plus.", "Créez un nouveau client."},
		{"CLIENTS_TROP_NOMBREUX", 409, "Trop de clients d’API", "Le nombre de clients en service est limité.", "Révoquez ceux qui ne servent plus."},
	}
}
