// Package depotapi holds the handlers of the deposit API (07 sections 2 to 9), mounted under
// DEPOT_BASE_PATH. It keeps a contract that software of others already uses: paths, keys, statuses and
// messages are those of 07, byte for byte, and the order of the checks can be observed.
//
// A handler checks its path, then the caller, then ownership, then the body, and calls one method of
// depot.Service; errors are written by EcrireErreur as {statusCode, message}. Lists without limit are
// streamed; reads have an ETag; downloads take ranges. README.md walks through the four steps with curl.
//
// What it does not do: it decides nothing of the deposit (package depot), and has no session: people of the
// platform come through /api/v1/depot (package web).
//
//	@title			API de dépôt d’une Base Adresse Locale
//	@version		1
//	@description	Déposer et publier les fichiers d’adresses des communes (Bases Adresses Locales), et lire ceux qui sont en production.
//	@description
//	@description	Publier demande quatre requêtes : créer une révision, y envoyer le fichier, le faire valider, publier.
//	@description
//	@description	Règles communes :
//	@description	- authentification d’un client : « Authorization: Token … » (le mot Bearer est accepté aussi) ; jeton d’administration de la même façon ;
//	@description	- les identifiants comptent 24 caractères hexadécimaux ; les dates sont au format ISO 8601, en UTC, avec les millisecondes ;
//	@description	- les erreurs sont des objets {statusCode, message, error?, code?, requestId?} ; « message » est un texte, ou la liste des champs refusés ;
//	@description	- les informations d’une révision sont publiques, y compris « context.nomComplet » et « context.extras » : n’y mettez rien de confidentiel ;
//	@description	- les listes sont complètes sans paramètre ; « limit » et « offset » donnent une page, « X-Total-Count » et « Link » son contexte ;
//	@description	- les lectures ont un ETag : envoyez-le dans « If-None-Match » pour n’être servi qu’en cas de changement.
//	@contact.name	Assistance APiLos
//	@license.name	MIT
//	@basePath		/api-depot
//	@accept			json
//	@produce		json
//
//	@tag.name			revisions
//	@tag.description	Les quatre étapes d’une publication, et la lecture des révisions
//	@tag.name			habilitations
//	@tag.description	Prouver qu’une commune autorise un client
//	@tag.name			clients
//	@tag.description	Clients, mandataires et chefs de file
//	@tag.name			statistiques
//	@tag.description	Statistiques de publication
//	@tag.name			outils
//	@tag.description	Validation sans dépôt, état du service, documentation
//
//	@securityDefinitions.apikey	ClientAuth
//	@in							header
//	@name						Authorization
//	@description				Jeton d’un client : « Authorization: Token … ».
//
//	@securityDefinitions.apikey	AdminAuth
//	@in							header
//	@name						Authorization
//	@description				Jeton d’administration : « Authorization: Token … ».
package depotapi
