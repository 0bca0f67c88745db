package app

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"apilos/api/httpapi"
	"apilos/frontend"

	"github.com/stretchr/testify/require"
)

// reponseType is a kind of answer of 05 D.
type reponseType struct {
	csp, cache, cadre string // "" for csp: that of our pages
	referent          string
	ressource         string // Cross-Origin-Resource-Policy
}

const strict = "strict-origin-when-cross-origin"

var (
	genreAPI     = reponseType{"default-src 'none'; frame-ancestors 'none'", "no-store", "DENY", strict, "same-origin"}
	genreJeton   = reponseType{"default-src 'none'; frame-ancestors 'none'", "no-store", "DENY", "no-referrer", "same-origin"}
	genreDepot   = reponseType{"default-src 'none'; frame-ancestors 'none'", "no-store", "DENY", strict, "cross-origin"}
	genrePage    = reponseType{"", "no-cache", "DENY", strict, "same-origin"}
	genreEntree  = reponseType{"", "no-store", "DENY", "no-referrer", "same-origin"}
	genreHache   = reponseType{"default-src 'none'; frame-ancestors 'none'", "public, max-age=31536000, immutable", "DENY", strict, "same-origin"}
	genreLibre   = reponseType{"default-src 'none'; frame-ancestors 'none'", "no-cache", "DENY", strict, "same-origin"}
	genreFichier = reponseType{"sandbox; default-src 'none'", "private, no-store", "DENY", "no-referrer", "same-origin"}
	genreApercu  = reponseType{"sandbox; default-src 'none'; frame-ancestors 'self'", "private, no-store", "SAMEORIGIN", "no-referrer", "same-origin"}
)

// politiqueAttendue is the policy of our pages with the origins that the settings add.
const politiqueAttendue = "default-src 'none'; script-src 'self' https://mesure.example; style-src 'self' 'sha256-HzhUjVBe6Oi2wcxUM7bmy2Rp9VdLMHYDdYr9MalNmOY=' " +
	"'sha256-xVQ4mcypV0CvOtZpQgVcKpcoNvdUkR9BrwZBrtBbU+w='; img-src 'self' data: blob: https://tuiles.example; font-src 'self'; " +
	"connect-src 'self' https://mesure.example; manifest-src 'self'; worker-src 'self'; frame-src 'self' https://tableaux.example; object-src 'none'; " +
	"base-uri 'none'; form-action 'self' CERBERE; frame-ancestors 'none'; upgrade-insecure-requests; report-uri /api/v1/csp-reports"

// TestEntetesDeChaqueGenreDeReponse is 05 D, G.12: every header on every kind of answer, over TLS behind a trusted
// proxy and without.
func TestEntetesDeChaqueGenreDeReponse(t *testing.T) {
	e := entrer(t, "TRUSTED_PROXIES=127.0.0.1/32", "SECURE_HSTS_SECONDS=31536000", "CSP_SCRIPT_SRC=https://mesure.example",
		"CSP_CONNECT_SRC=https://mesure.example", "CSP_IMG_SRC=https://tuiles.example", "CSP_FRAME_SRC=https://tableaux.example")
	require.NoError(t, semerDemo(t.Context(), e.pieces, nil))
	if !frontend.Built() { // the table wants an application; the real one has its own test
		spa, err := httpapi.NewSPA(fstest.MapFS{
			"index.html": {Data: []byte(`<!DOCTYPE html><html lang="fr"><title>APiLos</title></html>`)}, "main.0a1b2c3d.js": {Data: []byte("1")}, "manifest.webmanifest": {Data: []byte("{}")},
		}, politique(e.cfg))
		require.NoError(t, err)
		spa.Mount(e.e)
	}
	bailleur := e.connecter(t, marie)
	id := bailleur.premiere("A_SIGNER")
	require.Equal(t, http.StatusCreated, bailleur.deposer(id, "signee.pdf", pdfDemo("signe")).Code)
	document := premierUUID(t, bailleur.lire("/conventions/"+id+"/documents"))
	lien := func(enLigne string) string {
		r := bailleur.envoyer(http.MethodPost, "/api/v1/telechargements", `{"document_uuid":"`+document+`","en_ligne":`+enLigne+`}`, nil)
		require.Equal(t, http.StatusOK, r.Code, r.Corps)
		return r.JSON()["url"].(string)
	}
	siap := e.jeton(luc, 201, nil)
	bearer := func(j string) []string { return []string{"Authorization", "Bearer " + j} }
	moi := bearer(bailleur.Jeton)
	page, _ := e.demander(t, "GET", "/", true, nil)
	lignes := []struct {
		nom, methode, chemin string
		entetes              []string
		statut               int
		genre                reponseType
	}{
		{"page", "GET", "/", nil, 200, genrePage},
		{"page of a dossier", "GET", "/conventions/" + id, nil, 200, genrePage},
		{"page with a token", "GET", "/connexion/reinitialiser/abc", nil, 200, reponseType{"", "no-cache", "DENY", "no-referrer", "same-origin"}},
		{"hashed asset", "GET", "/" + asset(t), nil, 200, genreHache},
		{"hashed asset, compressed", "GET", "/" + asset(t), []string{"Accept-Encoding", "gzip"}, 200, genreHache},
		{"other file of the application", "GET", "/manifest.webmanifest", nil, 200, genreLibre},
		{"file that does not exist", "GET", "/absent.0a1b2c3d.js", nil, 404, genreAPI},
		{"API", "GET", "/api/v1/conventions", moi, 200, genreAPI},
		{"API, compressed", "GET", "/api/v1/conventions", append([]string{"Accept-Encoding", "gzip"}, moi...), 200, genreAPI},
		{"API, HEAD", "HEAD", "/api/v1/conventions", moi, 200, genreAPI},
		{"page, not modified", "GET", "/conventions", []string{"If-None-Match", page.Header.Get("ETag")}, 304, genrePage},
		{"API, anonymous", "GET", "/api/v1/conventions", nil, 401, genreAPI},
		{"API, forbidden", "GET", "/api/v1/webhooks", moi, 403, genreAPI},
		{"API, unknown", "GET", "/api/v1/nulle-part", nil, 404, genreAPI},
		{"API, other method", "DELETE", "/api/v1/conventions", nil, 405, genreAPI},
		{"API, bad parameter", "GET", "/api/v1/conventions?x=1", moi, 400, genreAPI},
		{"API, too large", "POST", "/api/v1/csp-reports", []string{"corps", strings.Repeat("x", 20<<10)}, 413, genreAPI},
		{"download", "GET", lien("false"), nil, 200, genreFichier},
		{"preview", "GET", lien("true"), nil, 200, genreApercu},
		{"download that served", "GET", "/api/v1/telechargements/inconnu", nil, 404, genreJeton},
		{"problem explained", "GET", "/problemes/introuvable", []string{"Accept", "text/html"}, 200, genrePage},
		{"documentation", "GET", "/api/v1/docs", nil, 200, genrePage},
		{"document", "GET", "/api/v1/schema", nil, 200, reponseType{genreAPI.csp, "*", "DENY", strict, "same-origin"}},
		{"sign-in", "GET", "/accounts/cerbere-login", nil, 302, reponseType{genreAPI.csp, "no-store", "DENY", "no-referrer", "same-origin"}},
		{"sign-in refused", "GET", "/accounts/cerbere-login?ticket=ST-inconnu", nil, 403, genreEntree},
		{"probe", "GET", "/sante/vie", nil, 200, genreAPI},
		{"version", "GET", "/api/v1/version", nil, 200, genreAPI},
		{"SIAP", "GET", "/api-siap/v0/convention_kpi/", bearer(siap), 200, genreAPI},
		{"SIAP, anonymous", "GET", "/api-siap/v0/convention_kpi/", nil, 401, genreAPI},
		{"SIAP, other method", "DELETE", "/api-siap/v0/convention_kpi/", bearer(siap), 405, genreAPI},
		{"SIAP, unknown", "GET", "/api-siap/v0/nulle-part/", nil, 404, genreAPI},
		{"SIAP, documentation", "GET", "/api-siap/v0/schema-ui/", nil, 200, genrePage},
		{"deposit", "GET", "/api-depot/current-revisions", nil, 200, reponseType{genreDepot.csp, "*", "DENY", strict, "cross-origin"}},
		{"deposit, unknown", "GET", "/api-depot/nulle-part", nil, 404, genreDepot},
		{"deposit, refused", "GET", "/api-depot/me", []string{"Authorization", "Token inconnu"}, 0, genreDepot},
		{"deposit, documentation", "GET", "/api-depot/api", nil, 200, reponseType{"", "no-cache", "DENY", strict, "cross-origin"}},
		{"other host", "GET", "/", []string{"Host", "ailleurs.example"}, 400, genreAPI},
	}
	for _, tls := range []bool{true, false} {
		for _, l := range lignes {
			nom := l.nom + map[bool]string{true: " (https)", false: " (http)"}[tls]
			if !tls && strings.HasPrefix(l.chemin, "/api/v1/telechargements/") && l.statut == 200 {
				continue // these addresses serve once
			}
			t.Run(nom, func(t *testing.T) {
				res, corps := e.demander(t, l.methode, l.chemin, tls, l.entetes)
				if l.statut != 0 {
					require.Equal(t, l.statut, res.StatusCode, corps)
				}
				verifierEntetes(t, e, tls, res.Header, l.genre)
				if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
					require.Empty(t, elementsEnLigne(corps))
				}
			})
		}
	}
}

// asset is a hashed file of the application.
func asset(t *testing.T) string {
	t.Helper()
	if !frontend.Built() {
		return "main.0a1b2c3d.js"
	}
	for _, nom := range fichiers(t) {
		if strings.HasSuffix(nom, ".js") && strings.Count(nom, ".") == 2 {
			return nom
		}
	}
	t.Fatal("the application has no hashed script")
	return ""
}

func (e *entrant) demander(t *testing.T, methode, chemin string, tls bool, entetes []string) (*http.Response, string) {
	t.Helper()
	corps := ""
	req, err := http.NewRequestWithContext(t.Context(), methode, e.srv.URL+chemin, nil)
	require.NoError(t, err)
	req.Header.Set("Accept-Encoding", "identity")
	req.Header.Set("Accept", "*/*")
	for i := 0; i+1 < len(entetes); i += 2 {
		switch entetes[i] {
		case "Host":
			req.Host = entetes[i+1]
		case "corps":
			corps = entetes[i+1]
			req.Body, req.ContentLength = io.NopCloser(strings.NewReader(corps)), int64(len(corps))
			req.Header.Set("Content-Type", "application/json")
		default:
			req.Header.Set(entetes[i], entetes[i+1])
		}
	}
	if tls {
		req.Header.Set("X-Forwarded-Proto", "https")
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	texte, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res, string(texte)
}

func verifierEntetes(t *testing.T, e *entrant, tls bool, h http.Header, g reponseType) {
	t.Helper()
	csp := g.csp
	if csp == "" {
		csp = strings.Replace(politiqueAttendue, "CERBERE", origines(e.cfg.Cerbere.BaseURL)[0], 1)
		if !tls {
			csp = strings.Replace(csp, "upgrade-insecure-requests; ", "", 1)
		}
	}
	attendus := map[string]string{
		"Content-Security-Policy": csp, "X-Content-Type-Options": "nosniff", "X-Frame-Options": g.cadre, "Referrer-Policy": g.referent,
		"Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": g.ressource, "Strict-Transport-Security": "", "Server": "", "X-Powered-By": "",
	}
	if g.cache != "*" {
		attendus["Cache-Control"] = g.cache
	}
	if tls {
		attendus["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains; preload"
	}
	for cle, valeur := range attendus {
		require.Equal(t, valeur, h.Get(cle), cle)
		require.LessOrEqual(t, len(h.Values(cle)), 1, "%s is given twice", cle)
	}
	require.NotEmpty(t, h.Get("X-Request-Id"))
	if g.ressource == "same-origin" {
		require.Empty(t, h.Get("Access-Control-Allow-Origin"))
	}
	for _, c := range (&http.Response{Header: h}).Cookies() {
		require.True(t, c.HttpOnly, "cookie %s", c.Name)
		require.NotEqual(t, http.SameSiteDefaultMode, c.SameSite, "cookie %s", c.Name)
	}
}

// TestRedirectionHTTPS: 308 to the same address over TLS, unless a trusted proxy says that it is; probes pass.
func TestRedirectionHTTPS(t *testing.T) {
	e := entrer(t, "SECURE_SSL_REDIRECT=true", "TRUSTED_PROXIES=127.0.0.1/32")
	res, _ := e.demander(t, "GET", "/api/v1/version?a=1", false, nil)
	require.Equal(t, http.StatusPermanentRedirect, res.StatusCode)
	require.Equal(t, "https://127.0.0.1/api/v1/version?a=1", res.Header.Get("Location"))
	require.Equal(t, "default-src 'none'; frame-ancestors 'none'", res.Header.Get("Content-Security-Policy"))
	res, _ = e.demander(t, "GET", "/api/v1/version", true, nil)
	require.Equal(t, http.StatusOK, res.StatusCode)
	res, _ = e.demander(t, "GET", "/sante/vie", false, nil)
	require.Equal(t, http.StatusOK, res.StatusCode)
	res, _ = e.demander(t, "GET", "/", false, []string{"Host", "ailleurs.example"})
	require.Equal(t, http.StatusBadRequest, res.StatusCode, "nobody is sent to another host")

	d := entrer(t, "SECURE_SSL_REDIRECT=true") // no trusted proxy: the header is anybody's
	res, _ = d.demander(t, "GET", "/api/v1/version", true, nil)
	require.Equal(t, http.StatusPermanentRedirect, res.StatusCode)
}

// TestCookiesSurTLS: a platform in production only gives cookies to TLS (05 C.3).
func TestCookiesSurTLS(t *testing.T) {
	e := entrer(t)
	e.cfg.Environment = "production"
	var err error
	e.e, err = e.routeur(BuildInfo{Version: "essai"}, nil)
	require.NoError(t, err)
	req := httptest.NewRequest(http.MethodGet, "/accounts/cerbere-login?next=/conventions", nil)
	w := httptest.NewRecorder()
	e.e.ServeHTTP(w, req)
	require.NotEmpty(t, w.Result().Cookies())
	for _, c := range w.Result().Cookies() {
		require.True(t, c.Secure && c.HttpOnly, c.String())
		require.True(t, slices.Contains([]http.SameSite{http.SameSiteLaxMode, http.SameSiteStrictMode}, c.SameSite), c.String())
	}
}
