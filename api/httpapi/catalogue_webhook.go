package httpapi

// webhookCodes are the codes of webhooks.
func webhookCodes() []CodeDoc {
	return []CodeDoc{
		{"webhook_invalide", 422, "Webhook refusé", "L’adresse, les événements ou la description ne sont pas acceptés. La liste « errors » donne chaque champ.", "Corrigez les champs indiqués. L’adresse doit être en https et joignable sur Internet."},
		{"WEBHOOKS_TROP_NOMBREUX", 409, "Trop de webhooks", "Le nombre de webhooks est limité.", "Supprimez ceux qui ne servent plus."},
		{"LIVRAISON_NON_REJOUABLE", 409, "Livraison non rejouable", "La livraison attend déjà d’être envoyée, ou son contenu n’est plus conservé.", "Attendez la fin des essais, ou choisissez une livraison plus récente."},
	}
}
