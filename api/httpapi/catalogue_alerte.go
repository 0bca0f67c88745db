package httpapi

// alerteCodes are the codes of the messages that the staff sends again.
func alerteCodes() []CodeDoc {
	return []CodeDoc{
		{"MESSAGE_NON_RELANCABLE", 409, "Message non relançable", "Le message n’est pas en échec, ou son contenu n’est plus conservé.", "Rechargez la liste : le message est peut-être déjà parti."},
		{"filtre_invalide", 422, "Filtre refusé", "Une valeur du filtre n’existe pas.", "Corrigez la valeur indiquée par « errors »."},
		{"motif_invalide", 422, "Motif refusé", "La raison d’une intervention manque, ou sa longueur n’est pas acceptée.", "Donnez une raison de 5 à 500 caractères."},
	}
}
