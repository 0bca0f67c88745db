package httpapi

import (
	"net/http"
	"strings"
)

// CodeDoc documents one code of error: the page behind the member "type" of a problem.
type CodeDoc struct {
	Code        string `json:"code"`
	Statut      int    `json:"status"`
	Titre       string `json:"titre"`
	Explication string `json:"explication"`
	QueFaire    string `json:"que_faire"`
}

// Catalogue lists every documented code. A test reads the sources of the product and fails when a code
// is raised that is not listed here, so that "type" always leads somewhere (05 E.1).
func Catalogue() []CodeDoc {
	return append(append(transportCodes(), domainCodes()...), compteCodes()...)
}

// documented finds the documentation of a code.
func documented(code string) (CodeDoc, bool) {
	for _, d := range Catalogue() {
		if d.Code == code {
			return d, true
		}
	}
	return CodeDoc{}, false
}

// titleOf names a status for the codes that have no documentation of their own.
func titleOf(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "Requête invalide"
	case http.StatusUnauthorized:
		return "Connexion nécessaire"
	case http.StatusForbidden:
		return "Action refusée"
	case http.StatusNotFound:
		return "Élément introuvable"
	case http.StatusConflict:
		return "Action impossible dans l’état actuel"
	case http.StatusPreconditionFailed:
		return "Version périmée"
	case http.StatusUnprocessableEntity:
		return "Données refusées"
	case http.StatusTooManyRequests:
		return "Trop de requêtes"
	case http.StatusBadGateway, http.StatusServiceUnavailable:
		return "Service momentanément indisponible"
	case http.StatusInternalServerError:
		return "Erreur inattendue"
	}
	return "Requête refusée"
}

// transportCodes are the codes raised by this package.
func transportCodes() []CodeDoc {
	return []CodeDoc{
		{"introuvable", 404, "Élément introuvable", "L’adresse ou l’élément demandé n’existe pas, ou il est hors du périmètre de votre habilitation. Les deux cas ne sont volontairement pas distingués.", "Vérifiez l’adresse, ou changez d’habilitation."},
		{"methode_non_autorisee", 405, "Méthode non autorisée", "L’adresse existe, mais pas avec cette méthode HTTP.", "Utilisez une des méthodes données par l’en-tête « Allow »."},
		{"requete_invalide", 400, "Requête invalide", "La requête n’a pas pu être lue.", "Vérifiez sa forme dans la documentation de l’API."},
		{"json_invalide", 400, "JSON invalide", "Le corps n’est pas du JSON valide, ou contient des champs inconnus, répétés ou d’un autre type que celui attendu. La liste « errors » donne chaque champ.", "Corrigez les champs indiqués."},
		{"json_trop_profond", 400, "JSON trop imbriqué", "Le corps a plus de 32 niveaux d’imbrication.", "Simplifiez la structure envoyée."},
		{"encodage_invalide", 400, "Encodage invalide", "Le corps n’est pas du texte UTF-8.", "Convertissez-le en UTF-8."},
		{"caractere_interdit", 400, "Caractère interdit", "Un texte contient un caractère NUL ou un caractère Unicode incomplet.", "Retirez ce caractère."},
		{"corps_illisible", 400, "Corps illisible", "L’envoi a été interrompu ou ne respecte pas le format annoncé.", "Envoyez à nouveau."},
		{"type_de_contenu", 415, "Type de contenu refusé", "L’en-tête « Content-Type » n’est pas celui attendu.", "Envoyez du JSON en UTF-8, ou le type donné par la documentation."},
		{"corps_trop_volumineux", 413, "Envoi trop volumineux", "La taille de l’envoi dépasse la limite de cette adresse, donnée par « limite_octets ».", "Réduisez ou découpez l’envoi."},
		{"parametre_inconnu", 400, "Paramètre inconnu", "Un paramètre de l’adresse n’existe pas. Il est refusé plutôt qu’ignoré, pour qu’une faute de frappe ne renvoie pas tout.", "Corrigez le nom du paramètre."},
		{"parametre_invalide", 400, "Paramètre invalide", "La valeur d’un paramètre de l’adresse n’est pas acceptée.", "Corrigez la valeur selon le détail donné."},
		{"version_invalide", 400, "Version illisible", "L’en-tête « If-Match » n’a pas la forme d’une version.", "Reprenez la valeur de l’en-tête « ETag » de la lecture."},
		{"VERSION_REQUISE", 428, "Version requise", "Une modification doit dire quelle version elle modifie.", "Lisez l’élément, puis envoyez son « ETag » dans « If-Match »."},
		{"VERSION_PERIMEE", 412, "Version périmée", "L’élément a été modifié par quelqu’un d’autre depuis votre lecture. « version » donne la version actuelle, « champs_modifies » ce qui a changé depuis.", "Relisez l’élément, reportez vos changements et recommencez."},
		{"non_authentifie", 401, "Connexion nécessaire", "Aucun jeton valide n’accompagne la requête : session expirée, fermée, ou jeton illisible.", "Connectez-vous à nouveau."},
		{"habilitation_not_valid", 403, "Habilitation inutilisable", "Votre habilitation n’est pas, ou n’est plus, valide.", "Choisissez une autre habilitation ou demandez-en une dans le SIAP."},
		{"PERMISSION_REFUSEE", 403, "Action refusée", "L’élément vous est visible, mais votre habilitation ne permet pas cette action.", "Changez d’habilitation, ou demandez à une personne qui a ce droit."},
		{"detournement_lecture", 403, "Consultation seule", "Vous consultez le compte d’une autre personne en lecture.", "Arrêtez le détournement pour agir en votre nom."},
		{"requete_inter_site", 403, "Requête refusée", "La requête ne vient pas de l’application elle-même.", "Utilisez l’application, sans passer par un autre site."},
		{"limite_atteinte", 429, "Trop de requêtes", "La limite de débit est atteinte. Les en-têtes « RateLimit-* » et « Retry-After » donnent la limite et l’attente.", "Attendez le délai indiqué puis recommencez."},
		{"cle_idempotence_invalide", 400, "Clé d’idempotence invalide", "L’en-tête « Idempotency-Key » doit compter 8 à 255 caractères visibles.", "Envoyez un identifiant unique, par exemple un uuid."},
		{"cle_idempotence_reutilisee", 422, "Clé d’idempotence déjà utilisée", "La même clé a servi pour une autre requête dans les dernières 24 heures.", "Tirez une nouvelle clé pour une nouvelle action."},
		{"requete_en_cours", 409, "Requête déjà en cours", "La même requête est en cours de traitement.", "Attendez un instant puis renvoyez-la avec la même clé : vous recevrez sa réponse."},
		{"hote_inconnu", 400, "Nom d’hôte inconnu", "Le service ne répond pas sous ce nom.", "Utilisez l’adresse officielle du service."},
		{"delai_depasse", 503, "Délai dépassé", "Le traitement a été arrêté car il durait trop longtemps.", "Réessayez, ou affinez la demande."},
		{"erreur_interne", 500, "Erreur inattendue", "Une erreur s’est produite de notre côté. Elle est enregistrée avec le numéro de la requête.", "Réessayez ; si elle persiste, transmettez « request_id » à l’assistance."},
	}
}

// validCode tells whether s can be a code at all, before it is looked for or shown.
func validCode(s string) bool {
	return s != "" && len(s) <= 60 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}
