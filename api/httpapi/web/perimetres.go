package web

import "strings"

// Perimetre says how a route of /api/v1 keeps its caller within a perimeter (02 §2.3, PE-20).
type Perimetre string

// Perimeters of routes.
const (
	// PerimetreObjet: the route names an object; outside the perimeter of the caller it is 404, as if it did not exist.
	PerimetreObjet Perimetre = "objet"
	// PerimetreListe: what is outside the perimeter is not in the answer.
	PerimetreListe Perimetre = "liste"
	// PerimetreSIAP: SIAP answers for the habilitation of the caller; what is kept here is filtered like a list.
	PerimetreSIAP Perimetre = "siap"
	// PerimetreSoi: the caller itself, its sessions, its preferences, its drafts.
	PerimetreSoi Perimetre = "soi"
	// PerimetreEquipe: the whole country, for the staff of the platform only.
	PerimetreEquipe Perimetre = "equipe"
	// PerimetreAucun: the same words for everybody.
	PerimetreAucun Perimetre = "aucun"
)

// perimetres is the one place that says it. A key is a method and a path, or a path that ends with a slash for every
// route below it; the longest one that fits wins. A test wants every mounted route here, and exercises each of
// them from outside.
func perimetres() map[string]Perimetre {
	return map[string]Perimetre{
		"GET /conventions":                    PerimetreListe,
		"/conventions/":                       PerimetreObjet,
		"POST /conventions/regroupements":     PerimetreObjet, // each convention of the list
		"POST /conventions":                   PerimetreListe, // of the bailleurs, services and operations it may name
		"/conventions/creation/":              PerimetreListe,
		"/conventions/importation/":           PerimetreSoi, // a document is its author's until it is used
		"POST /conventions/importation":       PerimetreSIAP,
		"GET /avenants/recherche":             PerimetreListe,
		"POST /avenants/declaration":          PerimetreListe,
		"/avenants/":                          PerimetreObjet,
		"/commentaires/":                      PerimetreObjet,
		"/evenements/":                        PerimetreObjet,
		"GET /referentiels/types-evenement":   PerimetreAucun,
		"GET /bailleurs":                      PerimetreListe,
		"/bailleurs/":                         PerimetreObjet,
		"GET /administrations":                PerimetreListe,
		"/administrations/":                   PerimetreObjet,
		"GET /alertes":                        PerimetreListe,
		"GET /alertes/:uuid":                  PerimetreEquipe,
		"/alertes/":                           PerimetreEquipe,
		"POST /alertes/relances":              PerimetreEquipe,
		"GET /revisions":                      PerimetreObjet, // of the scope that is asked for
		"POST /revisions":                     PerimetreObjet,
		`POST /revisions\:publish`:            PerimetreObjet,
		"/revisions/":                         PerimetreObjet,
		"POST /telechargements":               PerimetreObjet,
		"GET /operations":                     PerimetreSIAP,
		"/operations/":                        PerimetreSIAP,
		"GET /moi/operations-siap":            PerimetreSIAP,
		"GET /statistiques/kpi":               PerimetreListe,
		"GET /direct":                         PerimetreListe,
		"/moi/":                               PerimetreSoi,
		"GET /moi/lectures":                   PerimetreListe,
		"/moi/lectures/":                      PerimetreObjet,
		"GET /session":                        PerimetreSoi,
		"/session/":                           PerimetreSoi,
		"GET /sessions":                       PerimetreSoi,
		"/sessions/":                          PerimetreSoi,
		"GET /client":                         PerimetreSoi,
		"/admin/":                             PerimetreEquipe,
		"GET /exports/infosiap":               PerimetreEquipe,
		"POST /exports/conventions":           PerimetreListe,
		"GET /exports":                        PerimetreSoi,
		"/exports/":                           PerimetreSoi,
		"/taches/":                            PerimetreSoi,
		"GET /webhooks":                       PerimetreEquipe, // and each API client, its own (package webhook)
		"POST /webhooks":                      PerimetreEquipe,
		"/webhooks/":                          PerimetreEquipe,
		"/depot/":                             PerimetreEquipe,
		"GET /depot/territoires":              PerimetreEquipe,
		"DELETE /admin/detournements/courant": PerimetreSoi,
	}
}

// PerimetreDe tells what the table says of a route; declare is false for a route that it forgot.
func PerimetreDe(methode, chemin string) (p Perimetre, declare bool) {
	table := perimetres()
	if p, declare = table[methode+" "+chemin]; declare {
		return p, true
	}
	meilleur := ""
	for cle, v := range table {
		if strings.HasSuffix(cle, "/") && strings.HasPrefix(chemin, cle) && len(cle) > len(meilleur) {
			meilleur, p, declare = cle, v, true
		}
	}
	return p, declare
}

// RoutesPerimetre lists the keys of the table that name one route.
func RoutesPerimetre() []string {
	var out []string
	for cle := range perimetres() {
		if !strings.HasSuffix(cle, "/") {
			out = append(out, cle)
		}
	}
	return out
}
