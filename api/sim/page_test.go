package sim_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"apilos/api/sim"
)

// TestPages: every page answers, in French, without script nor inline style, under a strict policy.
func TestPages(t *testing.T) {
	b := newBench(t, sim.Options{Scenario: "demo", PlatformURL: "http://localhost:8080"})
	a := b.siap("POST", alertesPath, alerte(), "luc.martin@example.org", 201)
	require.Equal(t, 201, a.status)
	require.NoError(t, b.AddFaults(sim.Fault{Match: sim.Match{Route: "menu"}, Drop: true}))
	for path, want := range map[string][]string{
		"/cas/login?service=" + url.QueryEscape(service): {"Qui êtes-vous ?", "Marie Durand", "marie.durand@example.org", "localhost:8080", "Lecture seule", "À valider", "Expirée"},
		"/__sim/": {"Camille Robin", "http://localhost:8080/?habilitation_id=302", "Convention à instruire", "http://localhost:8080/conventions/x",
			"http://localhost:8080/operations/20240870001", "connexion coupée", "alerte_create"},
		"/tableau-bord?habilitation_id=302":        {"Tableau de bord", "Camille Robin", "http://localhost:8080/?habilitation_id=301"},
		"/gerer-habilitations?habilitation_id=101": {"Mes habilitations", "Marie Durand"},
		"/tableau-bord":             {"n'existe pas"},
		"/operation":                {"Les Tilleuls de Beaubreuil"},
		"/operation/mes-operations": {"Les Tilleuls de Beaubreuil"},
		"/operation/mes-operations/editer/20240870001/informations-generales": {"Les Tilleuls de Beaubreuil", "http://localhost:8080/operations/20240870001"},
		"/cas/logout": {"Vous êtes déconnecté"},
	} {
		t.Run(path, func(t *testing.T) {
			a := b.send("GET", path, nil)
			require.Equal(t, 200, a.status)
			require.Contains(t, a.header.Get("Content-Type"), "text/html")
			require.Contains(t, a.header.Get("Content-Security-Policy"), "default-src 'none'")
			require.Contains(t, a.body, `<html lang="fr">`)
			require.Contains(t, a.body, `name="viewport"`)
			for _, w := range want {
				require.Contains(t, a.body, w)
			}
			for _, bad := range []string{"<script", "style=", "onclick", "ZgotmplZ", "<no value>", "http-equiv"} {
				require.NotContains(t, a.body, bad)
			}
			require.Equal(t, 1, strings.Count(a.body, "<h1"))
		})
	}
	require.Equal(t, 404, b.send("GET", "/operation/mes-operations/editer/0/informations-generales", nil).status)
	style := b.send("GET", "/simulateur.css", nil)
	require.Equal(t, "text/css; charset=utf-8", style.header.Get("Content-Type"))
	require.Equal(t, "/__sim/", b.send("GET", "/", nil).header.Get("Location"))
}

// TestPagesWithoutPlatform: links into an unknown platform are not shown.
func TestPagesWithoutPlatform(t *testing.T) {
	b := newBench(t, sim.Options{Scenario: "demo"})
	a := b.send("GET", "/__sim/", nil)
	require.Equal(t, 200, a.status)
	require.NotContains(t, a.body, "habilitation_id=")
	require.NotContains(t, a.body, `href="/operations/`)
}

// TestConnexionFromTheDemoPage: one click opens the CAS session, then the platform, with the habilitation.
func TestConnexionFromTheDemoPage(t *testing.T) {
	b := newBench(t, sim.Options{Scenario: "demo", PlatformURL: "http://localhost:8080"})
	post := func(login string) answer {
		return b.send("POST", "/__sim/connexion", url.Values{"identifiant": {login}, "habilitation_id": {"301"}}.Encode(), asForm)
	}
	a := post("camille.robin@example.org")
	require.Equal(t, http.StatusFound, a.status)
	require.Equal(t, "http://localhost:8080/accounts/cerbere-login?next=%2F%3Fhabilitation_id%3D301", a.header.Get("Location"))
	back := b.send("GET", "/cas/login?service="+url.QueryEscape(service), nil)
	require.Contains(t, b.send("GET", "/cas/p3/serviceValidate?ticket="+ticketOf(t, back, service)+"&service="+url.QueryEscape(service), nil).body, "camille.robin@example.org")
	require.Equal(t, 404, post("inconnu@example.org").status)
}
