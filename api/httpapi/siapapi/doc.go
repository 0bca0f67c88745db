// Package siapapi holds the handlers of the API that SIAP calls (05 A), mounted under /api-siap/v0. It keeps a
// contract that SIAP already uses: addresses with and without their last slash, keys, statuses and codes.
//
// A handler is wrapped by a guard (garde.go) that verifies the token, asks SIAP for the habilitation and works out
// who calls, then calls one method of echange.Service; vue*.go give the answer its form; EcrireErreur writes the
// refusals. README.md walks through the calls with curl.
//
// What it does not do: it decides nothing of operations (package echange), keeps no session, reads no body, and
// writes no token in the log.
//
//	@title			API consommée par le SIAP
//	@version		0.0.1
//	@description	L’API par laquelle le SIAP interroge la plateforme de conventionnement : indicateurs d’une habilitation, conventions d’une opération, clôture et annulation.
//	@description
//	@description	Règles communes :
//	@description	- chaque appel porte « Authorization: Bearer <jeton> » ; le jeton est un JWT signé HS256 avec la clé partagée, de « token_type » « access », avec « exp », « jti », « user-login » et « habilitation-id » ;
//	@description	- l’habilitation doit être validée et en cours de validité, sinon la réponse est 403 ; une habilitation en lecture seule ne peut pas écrire ;
//	@description	- toutes les adresses sont acceptées avec ou sans barre finale ; aucun corps n’est lu ;
//	@description	- une clé facultative est toujours présente, avec la valeur null ; les montants et les surfaces sont des textes à nombre fixe de décimales ;
//	@description	- les erreurs portent « detail » et « code », qui est stable, et les membres de la RFC 9457 ;
//	@description	- les en-têtes RateLimit-Limit, RateLimit-Remaining et RateLimit-Reset donnent le quota restant.
//	@contact.name	Assistance APiLos
//	@license.name	MIT
//	@basePath		/api-siap/v0
//	@produce		json
//
//	@tag.name			operation
//	@tag.description	Les opérations et leurs conventions
//	@tag.name			statistics
//	@tag.description	Les indicateurs du tableau de bord
//	@tag.name			config-resource
//	@tag.description	Les adresses de la plateforme, et la documentation
//
//	@securityDefinitions.apikey	jwtAuth
//	@in							header
//	@name						Authorization
//	@description				Jeton signé par le SIAP : « Authorization: Bearer … ».
package siapapi
