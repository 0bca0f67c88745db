package httpapi

// appelSIAPCodes are the codes that only the API called by SIAP answers (05 A.2). Its bodies do not point here,
// but people look for a code where the others are.
func appelSIAPCodes() []CodeDoc {
	return []CodeDoc{
		{"not_authenticated", 401, "Jeton absent", "L’appel du SIAP n’a pas d’en-tête « Authorization: Bearer ».", "Envoyez un jeton signé avec la clé partagée."},
		{"bad_authorization_header", 401, "En-tête Authorization mal formé", "L’en-tête doit compter deux mots : « Bearer » et le jeton.", "Corrigez l’en-tête."},
		{"token_not_valid", 401, "Jeton refusé", "La signature, la durée, l’algorithme ou le contenu du jeton ne conviennent pas.", "Vérifiez la clé, son identifiant « kid », l’heure du serveur et les champs « exp », « jti » et « token_type »."},
		{"user_not_found", 401, "Personne non désignée", "Le jeton n’a pas de « user-login » ou d’« habilitation-id » utilisable.", "Ajoutez ces deux champs au jeton."},
		{"habilitation_refused", 403, "Habilitations refusées par le SIAP", "Le SIAP n’a pas voulu donner les habilitations de cette personne.", "Vérifiez « user-login » et « habilitation-id » auprès du SIAP."},
		{"readonly_habilitation", 403, "Habilitation en lecture seule", "Cette habilitation permet de consulter mais pas de créer ni d’annuler.", "Utilisez une habilitation qui permet d’écrire."},
		{"out_of_scope", 403, "Opération hors périmètre", "En mode strict, l’opération doit être dans le périmètre de l’habilitation.", "Utilisez une habilitation qui couvre l’opération."},
		{"operation_not_found", 404, "Opération inconnue", "Aucune opération ne porte exactement ce numéro.", "Vérifiez le numéro ; créez les conventions avec POST si l’opération n’est connue que du SIAP."},
	}
}
