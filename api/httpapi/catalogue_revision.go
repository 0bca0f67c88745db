package httpapi

// revisionCodes are those of the engine of revisions (07 §4, §12).
func revisionCodes() []CodeDoc {
	return []CodeDoc{
		{"NATURE_INCONNUE", 400, "Nature inconnue", "Aucune nature de révision ne porte ce nom.", "Utilisez une nature de la documentation, par exemple « annexe »."},
		{"PORTEE_INVALIDE", 400, "Portée refusée", "Le type de portée ne convient pas à cette nature.", "Utilisez le type de portée de la documentation, par exemple « convention »."},
		{"CONTEXTE_INVALIDE", 400, "Contexte refusé", "Le contexte n’est pas un objet JSON que la plateforme peut garder.", "Corrigez le contexte puis recommencez."},
		{"TYPE_FICHIER_INCONNU", 404, "Type de fichier inconnu", "Cette nature de révision n’a pas de fichier de ce type.", "Utilisez un type de la documentation, par exemple « document » ou « piece:1 »."},
		{"EXTENSION_REFUSEE", 415, "Format refusé", "Ce format de fichier n’est pas accepté pour cette nature.", "Déposez un des formats indiqués."},
		{"NOM_FICHIER_INVALIDE", 400, "Nom de fichier refusé", "Le nom du fichier contient un guillemet ou un caractère interdit.", "Renommez le fichier puis déposez-le à nouveau."},
		{"FICHIER_VIDE", 404, "Fichier absent", "Aucun contenu n’a été reçu.", "Déposez un fichier qui n’est pas vide."},
		{"FICHIER_TROP_GROS", 413, "Fichier trop volumineux", "Le fichier dépasse la taille permise, donnée par « limite_octets ».", "Réduisez le fichier puis déposez-le à nouveau."},
		{"MD5_DIFFERENT", 400, "Contenu altéré", "Le contenu reçu n’a pas l’empreinte annoncée par « Content-MD5 ».", "Envoyez le fichier à nouveau."},
		{"ENCODAGE_REFUSE", 400, "Encodage refusé", "L’en-tête « Content-Encoding » n’est pas accepté.", "Envoyez le fichier sans compression de transport."},
		{"LONGUEUR_DIFFERENTE", 400, "Envoi incomplet", "Le nombre d’octets reçus n’est pas celui annoncé par « Content-Length ».", "Envoyez le fichier à nouveau."},
		{"REVISION_NON_MODIFIABLE", 412, "Révision figée", "Une révision publiée ne change plus.", "Créez une autre révision."},
		{"FICHIER_DEJA_ATTACHE", 412, "Fichier déjà déposé", "La révision a déjà ce fichier, qui ne se remplace pas.", "Créez une autre révision."},
		{"FICHIER_ABSENT", 404, "Fichier manquant", "La révision n’a pas de fichier de ce type.", "Déposez le fichier avant de valider."},
		{"OBJET_ABSENT", 404, "Contenu introuvable", "Le contenu du fichier n’est plus dans le stockage.", "Déposez le fichier à nouveau, ou prévenez l’assistance."},
		{"REVISION_CHANGEE", 412, "Révision modifiée", "Un fichier a changé pendant la validation.", "Relancez la validation."},
		{"VALIDATION_TROP_LONGUE", 503, "Validation trop longue", "La validation n’a pas pu se terminer dans le délai prévu ; rien n’a changé.", "Relancez la validation dans quelques instants."},
		{"ANTIVIRUS_INDISPONIBLE", 503, "Antivirus indisponible", "La vérification antivirus ne répond pas ; rien n’a changé.", "Relancez la validation dans quelques instants."},
		{"PUBLICATION_EN_COURS", 412, "Publication en cours", "Une autre publication du même objet est en cours.", "Attendez sa fin, validez à nouveau puis publiez."},
		{"PUBLICATION_IMPOSSIBLE", 412, "Publication impossible", "La révision n’est pas prête, ou une autre a été publiée depuis sa validation.", "Validez la révision à nouveau, corrigez ses erreurs, puis publiez."},
		{"FICHIER_REFUSE", 422, "Fichier refusé", "Le fichier n’est pas valable ; « errors » dit pourquoi. Rien n’a été gardé.", "Corrigez le fichier puis déposez-le à nouveau."},
		{"RESTAURATION_IMPOSSIBLE", 412, "Reprise impossible", "Seule une révision publiée, dont les fichiers sont sains, peut être reprise.", "Choisissez une autre révision de l’historique."},
	}
}
