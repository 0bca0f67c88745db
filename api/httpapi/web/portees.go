package web

import (
	"strings"

	"apilos/api/auth"
	"apilos/api/httpapi"
)

// portees is the one place that says which routes of /api/v1 an API client may call, and with which scope (00
// decision 33). What is not here is closed to clients; a test wants every route to be either here or in fermees.
func portees() map[string]auth.Portee {
	return map[string]auth.Portee{
		"GET /client": "", // any client reads what it is

		"GET /conventions":                     auth.ConventionsLire,
		"GET /conventions/:uuid":               auth.ConventionsLire,
		"GET /avenants/:uuid":                  auth.ConventionsLire,
		"GET /conventions/:uuid/recapitulatif": auth.ConventionsLire,
		"GET /conventions/:uuid/actions":       auth.ConventionsLire,
		"GET /conventions/:uuid/historique":    auth.ConventionsLire,
		"GET /conventions/:uuid/operation":     auth.ConventionsLire,
		"GET /conventions/:uuid/denonciation":  auth.ConventionsLire,
		"GET /conventions/:uuid/resiliation":   auth.ConventionsLire,
		"GET /conventions/:uuid/bailleur":      auth.ConventionsLire,
		"GET /conventions/:uuid/financement":   auth.ConventionsLire,
		"GET /conventions/:uuid/commentaires":  auth.ConventionsLire,
		"GET /conventions/:uuid/documents":     auth.ConventionsLire,
		"GET /commentaires/:uuid":              auth.ConventionsLire,
		"GET /conventions/:uuid/avenants":      auth.ConventionsLire,

		"GET /conventions/:uuid/champ_libre":        auth.ConventionsLire,
		"GET /conventions/:uuid/message-au-service": auth.ConventionsLire,
		"GET /avenants/:uuid/types":                 auth.ConventionsLire,
		"GET /avenants/:uuid/comparaison":           auth.ConventionsLire,
		"GET /conventions/:uuid/comparaison":        auth.ConventionsLire,
		"GET /conventions/:uuid/reperes":            auth.ConventionsLire,
		"PUT /conventions/:uuid/champ_libre":        auth.ConventionsEcrire,
		"PUT /conventions/:uuid/message-au-service": auth.ConventionsEcrire,
		"PUT /avenants/:uuid/types/:code":           auth.ConventionsEcrire,
		"DELETE /avenants/:uuid/types/:code":        auth.ConventionsEcrire,
		"POST /avenants/:uuid/convention-initiale":  auth.ConventionsEcrire,

		"GET /bailleurs":                     auth.ConventionsLire,
		"GET /bailleurs/:uuid":               auth.ConventionsLire,
		"GET /administrations":               auth.ConventionsLire,
		"GET /administrations/:uuid":         auth.ConventionsLire,
		"GET /conventions/:uuid/chronologie": auth.ConventionsLire,
		"GET /conventions/:uuid/evenements":  auth.ConventionsLire,
		"GET /evenements/:uuid":              auth.ConventionsLire,
		"GET /referentiels/types-evenement":  auth.ConventionsLire,

		"POST /conventions/:uuid/actions/:code":         auth.ConventionsEcrire,
		"POST /conventions":                             auth.ConventionsEcrire,
		"POST /conventions/:uuid/avenants":              auth.ConventionsEcrire,
		"POST /conventions/:uuid/evenements":            auth.ConventionsEcrire,
		"PATCH /evenements/:uuid":                       auth.ConventionsEcrire,
		"POST /evenements/:uuid/annulation":             auth.ConventionsEcrire,
		"DELETE /evenements/:uuid/pieces/:document":     auth.ConventionsEcrire,
		"DELETE /conventions/:uuid":                     auth.ConventionsEcrire,
		"POST /conventions/regroupements":               auth.ConventionsEcrire,
		"POST /conventions/:uuid/degroupement":          auth.ConventionsEcrire,
		"PUT /conventions/:uuid/operation":              auth.ConventionsEcrire,
		"PUT /conventions/:uuid/denonciation":           auth.ConventionsEcrire,
		"PUT /conventions/:uuid/resiliation":            auth.ConventionsEcrire,
		"PUT /conventions/:uuid/bailleur":               auth.ConventionsEcrire,
		"PUT /conventions/:uuid/financement":            auth.ConventionsEcrire,
		"POST /conventions/:uuid/commentaires":          auth.ConventionsEcrire,
		"PATCH /commentaires/:uuid":                     auth.ConventionsEcrire,
		"POST /conventions/:uuid/documents":             auth.ConventionsEcrire,
		"DELETE /conventions/:uuid/documents/:document": auth.ConventionsEcrire,
		"PUT /conventions/:uuid/type1and2":              auth.ConventionsEcrire,
		"PUT /conventions/:uuid/numero":                 auth.ConventionsEcrire,
		"POST /operations/:numero/synchronisation":      auth.ConventionsEcrire,
		"POST /operations/:numero/seconde-vie":          auth.ConventionsEcrire,

		"GET /operations":         auth.OperationsLire,
		"GET /operations/:numero": auth.OperationsLire,

		"POST /telechargements":                   auth.ConventionsLire,
		"GET /revisions":                          auth.ConventionsLire,
		"GET /revisions/courante":                 auth.ConventionsLire,
		"GET /revisions/:id":                      auth.ConventionsLire,
		"GET /revisions/:id/files/:type/download": auth.ConventionsLire,

		"POST /exports/conventions":          auth.ConventionsLire,
		"GET /exports":                       auth.ConventionsLire,
		"GET /exports/:uuid":                 auth.ConventionsLire,
		"POST /exports/:uuid/telechargement": auth.ConventionsLire,
		"GET /taches/:uuid":                  auth.ConventionsLire,
		"GET /taches/:uuid/evenements":       auth.ConventionsLire,

		"GET /operations/:numero/seconde-vie":            auth.OperationsLire,
		"GET /operations/:numero/seconde-vie/candidates": auth.ConventionsEcrire, // the search of those who choose

		"GET /statistiques/kpi": auth.StatistiquesLire,

		"GET /webhooks":                               auth.WebhooksGerer,
		"POST /webhooks":                              auth.WebhooksGerer,
		"GET /webhooks/:uuid":                         auth.WebhooksGerer,
		"PATCH /webhooks/:uuid":                       auth.WebhooksGerer,
		"DELETE /webhooks/:uuid":                      auth.WebhooksGerer,
		"POST /webhooks/:uuid/secret":                 auth.WebhooksGerer,
		"GET /webhooks/:uuid/livraisons":              auth.WebhooksGerer,
		"GET /webhooks/:uuid/livraisons/:id":          auth.WebhooksGerer,
		"POST /webhooks/:uuid/livraisons/:id/rejouer": auth.WebhooksGerer,
	}
}

// fermees are the parts of the API that are for people: their session, their drafts, their files in a browser, the
// administration. A path ends with a slash when everything below it is closed.
func fermees() []string {
	return []string{
		"/admin/", "/auth/", "/session", "/session/", "/sessions", "/sessions/", "/moi/", "/telechargements", "/telechargements/",
		"/conventions/:uuid/bailleurs-possibles", "/conventions/:uuid/administrations-possibles", "/conventions/:uuid/changement-bailleur", "/conventions/:uuid/changement-administration", "/conventions/:uuid/forcage",
		"/conventions/:uuid/brouillons/", "/conventions/:uuid/pieces-jointes", "/conventions/:uuid/pieces-jointes/", "/evenements/:uuid/versions", "/conventions/:uuid/alertes", "/alertes", "/alertes/", "/depot/", "/bailleurs/:uuid", "/administrations/:uuid", "/revisions", "/revisions/", `/revisions\:publish`, "/exports/infosiap",
		"/direct",
		"/conventions/creation/", "/conventions/importation", "/conventions/importation/", "/conventions/:uuid/avenants/importation", "/avenants/recherche", "/avenants/declaration",
	}
}

// PorteeDe tells what the table says of a route: the scope that opens it to clients ("" for any client), or that it is
// closed to them. declaree is false for a route that the table forgot, which is closed too.
func PorteeDe(methode, chemin string) (portee auth.Portee, ouverte, declaree bool) {
	if portee, ouverte = portees()[methode+" "+chemin]; ouverte {
		return portee, true, true
	}
	for _, f := range fermees() {
		if chemin == f || strings.HasSuffix(f, "/") && strings.HasPrefix(chemin, f) {
			return "", false, true
		}
	}
	return "", false, false
}

// RoutesDeLaTable lists the routes that the table opens, for the test that none of them is a memory.
func RoutesDeLaTable() []string {
	var out []string
	for r := range portees() {
		out = append(out, r)
	}
	return out
}

// AvecPortees opens to API clients the routes that the table names, and no other.
func AvecPortees(resources ...httpapi.Resource) []httpapi.Resource {
	out := make([]httpapi.Resource, 0, len(resources))
	for _, r := range resources {
		out = append(out, ouverte{r})
	}
	return out
}

type ouverte struct{ httpapi.Resource }

// Routes implements httpapi.Resource.
func (o ouverte) Routes() []httpapi.Route {
	routes := o.Resource.Routes()
	for i, r := range routes {
		if portee, ok, _ := PorteeDe(r.Method, r.Path); ok {
			routes[i].Access = r.Access.Clients(portee)
		}
	}
	return routes
}
