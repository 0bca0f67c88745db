package app

import (
	"net/http"
	"strings"
	"testing"

	"apilos/api/httpapi/web"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// TestPE20_perimetreDeChaqueRoute: every mounted route says how it keeps its caller within a perimeter, and does it. A
// service of Limoges calls them all with objects of Rennes; then the service of Rennes, whose objects they are.
func TestPE20_perimetreDeChaqueRoute(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	limoges, rennes := p.connecter(t, luc), p.connecter(t, "claire.lebreton@example.org")
	id := rennes.premiere("INSTRUCTION")
	r := rennes.envoyer(http.MethodPost, "/api/v1/conventions/"+id+"/commentaires", `{"nom_objet":"programme","champ_objet":"nom","message":"À préciser"}`,
		map[string]string{"If-Match": rennes.version(id)})
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	commentaire := r.JSON()["uuid"].(string)
	require.Equal(t, http.StatusOK, rennes.agir(id, "demander_corrections", `{"commentaire":"Voir les remarques"}`).Code)
	r = rennes.envoyer(http.MethodPost, "/api/v1/revisions", `{"nature":"annexe","portee_type":"convention","portee_cle":"`+id+`:autre"}`, nil)
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	revision := r.JSON()["id"].(string)
	r = rennes.agir(id, "valider", `{"confirmer_incomplet":true,"confirmer_commentaires_ouverts":true,"commentaire":"Vu."}`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	r = rennes.envoyer(http.MethodPost, "/api/v1/conventions/"+id+"/evenements", `{"type_evenement":"AUTRE","description":"Poterie"}`, nil)
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	evenement := r.JSON()["uuid"].(string)
	objets := map[string]string{
		"/evenements/": evenement, "/moi/lectures/": id,
		"/conventions/": id, "/avenants/": id, "/commentaires/": commentaire, "/revisions/": revision,
		"/alertes/":         p.texte(t, `SELECT uuid::text FROM message_sortant WHERE type = 'alerte.creer' AND utilisateur_id IS NOT NULL ORDER BY id DESC LIMIT 1`),
		"/bailleurs/":       p.texte(t, `SELECT uuid::text FROM bailleur WHERE nom = 'Armor Toit'`),
		"/administrations/": p.texte(t, `SELECT uuid::text FROM administration WHERE code = '35238'`),
	}
	corps := map[string]string{
		"POST /revisions":          `{"nature":"annexe","portee_type":"convention","portee_cle":"` + id + `:autre"}`,
		"POST /telechargements":    `{"objet":"` + uuid.NewString() + `"}`,
		`POST /revisions\:publish`: "",
	}
	routes := p.routesAPI()
	for _, cle := range web.RoutesPerimetre() {
		require.Contains(t, routes, cle, "the table of perimeters names a route that is not mounted")
	}
	compte := map[web.Perimetre]int{}
	for _, route := range routes {
		methode, chemin, _ := strings.Cut(route, " ")
		perimetre, declare := web.PerimetreDe(methode, chemin)
		require.True(t, declare, "%s says nothing of its perimeter: add it to web/perimetres.go", route)
		compte[perimetre]++
		if methode == http.MethodDelete && perimetre == web.PerimetreSoi || chemin == "/auth/logout" {
			continue // would close the sessions of this test
		}
		chemin = remplirChemin(chemin, objets)
		entetes := map[string]string{"If-Match": `"1"`}
		envoi, connu := corps[route]
		if !connu && methode != http.MethodGet {
			envoi = "{}"
		}
		dehors := limoges.envoyer(methode, "/api/v1"+chemin+parametres(route, id), envoi, entetes)
		require.Less(t, dehors.Code, 500, "%s: %s", route, dehors.Corps)
		switch perimetre {
		case web.PerimetreObjet:
			if route == `POST /revisions\:publish` { // a form: refused before its scope is read, tested in httpapi/web
				continue
			}
			// Exactly what an object that does not exist gives.
			masquer := strings.NewReplacer(id, uuid.NewString(), objets["/revisions/"], "0123456789abcdef01234567", commentaire, uuid.NewString(), evenement, uuid.NewString(),
				objets["/alertes/"], uuid.NewString(), objets["/bailleurs/"], uuid.NewString(), objets["/administrations/"], uuid.NewString())
			absent := limoges.envoyer(methode, "/api/v1"+masquer.Replace(chemin+parametres(route, id)), masquer.Replace(envoi), entetes)
			require.Equal(t, []any{absent.Code, absent.JSON()["code"], absent.JSON()["detail"]}, []any{dehors.Code, dehors.JSON()["code"], dehors.JSON()["detail"]}, route)
			require.GreaterOrEqual(t, dehors.Code, 400, route)
			if methode == http.MethodGet {
				require.Equal(t, http.StatusNotFound, dehors.Code, "%s: %s", route, dehors.Corps)
			}
		case web.PerimetreEquipe:
			require.Contains(t, []int{http.StatusForbidden, http.StatusNotFound}, dehors.Code, "%s: %s", route, dehors.Corps)
		default:
			require.NotContains(t, dehors.Corps, id, route)
			require.NotContains(t, dehors.Corps, "Poterie", route)
		}
		if perimetre == web.PerimetreObjet && methode == http.MethodGet && !autreQueLaConvention(route) {
			dedans := rennes.envoyer(methode, "/api/v1"+chemin+parametres(route, id), "", nil)
			require.Equal(t, http.StatusOK, dedans.Code, "%s: its owner reads it: %s", route, dedans.Corps)
		}
	}
	require.Greater(t, compte[web.PerimetreObjet], 30)
	require.Greater(t, compte[web.PerimetreEquipe], 20)
}

// autreQueLaConvention tells the readings that the convention of this test does not have: those of an avenant, of the end
// of a convention, of another step or version, of the team. Their owners read them in the tests of each.
func autreQueLaConvention(route string) bool {
	for _, partie := range []string{":etape", ":type", "/courante", "/versions", "/denonciation", "/resiliation", "/champ_libre", "/forcage", "/avenants/:uuid/types", "/comparaison"} {
		if strings.Contains(route, partie) {
			return true
		}
	}
	return false
}

// remplirChemin puts in a path objects of Rennes, found by how the path begins.
func remplirChemin(chemin string, objets map[string]string) string {
	id := uuid.NewString()
	for debut, objet := range objets {
		if strings.HasPrefix(chemin, debut) {
			id = objet
		}
	}
	return strings.NewReplacer(":uuid", id, ":id", id, ":code", "soumettre", ":etape", "operation", ":document", uuid.NewString(),
		":numero", "20240350001", ":type", "piece:1", ":livraison", uuid.NewString(), `\:`, ":").Replace(chemin)
}

// parametres are those that a route cannot do without.
func parametres(route, id string) string {
	switch route {
	case "GET /revisions", "GET /revisions/courante":
		return "?nature=annexe&portee_cle=" + id + ":autre"
	}
	return ""
}
