// Package web holds the handlers of /api/v1, the API of the single-page application and of integrators.
//
// One file per resource: its request and response types, its routes with their access, its handlers.
// A handler reads the request, calls one method of a service declared here as a small interface, and
// maps the result; it decides nothing. Types of the domain are never bound nor serialised. The comments
// below and above the handlers are the OpenAPI document (scripts/openapi).
//
//	@title			API APiLos
//	@version		1
//	@description	API REST de la plateforme APiLos : préparer, instruire, signer et publier les conventions APL.
//	@description
//	@description	Pour commencer : le [guide](/api/v1/guide), avec des exemples. Voir aussi les [codes d’erreur](/problemes) et les [changements](/api/v1/changements).
//	@description
//	@description	Règles communes :
//	@description	- les identifiants sont des uuid, sauf celui d’une opération ; un élément inconnu et un élément hors de votre périmètre donnent la même réponse 404 ;
//	@description	- les montants et les surfaces sont des décimaux écrits en texte, les jours sont au format AAAA-MM-JJ (heure de Paris), les instants au format RFC 3339 en UTC ;
//	@description	- un paramètre ou un champ inconnu est refusé (400) plutôt qu’ignoré ;
//	@description	- la lecture d’un élément donne sa version dans « ETag » ; toute modification l’envoie dans « If-Match » (428 si elle manque, 412 si elle est périmée) ;
//	@description	- tout POST accepte « Idempotency-Key » : la même requête envoyée deux fois en 24 heures n’agit qu’une fois ;
//	@description	- les erreurs sont au format RFC 9457 ; leur « code » est stable et documenté à l’adresse donnée par « type » ;
//	@description	- les débits sont limités : voir les en-têtes « RateLimit-* » et « Retry-After ».
//	@contact.name	Assistance APiLos
//	@license.name	MIT
//	@basePath		/api/v1
//	@accept			json
//	@produce		json
//
//	@tag.name			session
//	@tag.description	Connexion, habilitation active et sessions ouvertes
//	@tag.name			conventions
//	@tag.description	Conventions, étapes du formulaire, actions, documents et historique
//	@tag.name			avenants
//	@tag.description	Avenants, dénonciations et résiliations
//	@tag.name			operations
//	@tag.description	Opérations du SIAP et création de leurs conventions
//	@tag.name			commentaires
//	@tag.description	Commentaires posés sur les champs d’une convention
//	@tag.name			alertes
//	@tag.description	Messages envoyés au SIAP et aux personnes
//	@tag.name			referentiels
//	@tag.description	Bailleurs, administrations et valeurs de référence
//	@tag.name			exports
//	@tag.description	Exports de listes
//	@tag.name			admin
//	@tag.description	Administration de la plateforme
//	@tag.name			depot
//	@tag.description	Administration du dépôt des Bases Adresses Locales, et dépôt par un agent
//	@tag.name			sante
//	@tag.description	État du service et documentation
//
//	@securityDefinitions.apikey	BearerAuth
//	@in							header
//	@name						Authorization
//	@description				Jeton d’accès : « Authorization: Bearer … ». Il vit cinq minutes ; il est renouvelé par POST /auth/refresh.
package web
