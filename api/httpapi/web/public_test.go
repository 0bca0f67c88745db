package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/httpapi"
	"apilos/api/httpapi/contract"
	"apilos/api/httpapi/docs"
	"apilos/api/httpapi/web"
	"apilos/openapi"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

// publicAPI mounts the resources that need nobody to be logged in, with every exchange checked against
// the document.
func publicAPI(t *testing.T, log *slog.Logger, resources ...httpapi.Resource) *echo.Echo {
	t.Helper()
	text, _ := openapi.Apilos()
	e := contract.Echo(t)
	e.Use(contract.Load(t, text).Checker(t))
	require.NoError(t, httpapi.Mount(e, "/api/v1", httpapi.Chain{Log: log}, resources...))
	return e
}

func ask(e *echo.Echo, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, r)
	return rec
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

type hand struct {
	mu sync.Mutex
	t  time.Time
}

func (h *hand) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.t
}

func (h *hand) advance(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.t = h.t.Add(d)
}

func TestSante(t *testing.T) {
	fine := func(context.Context) error { return nil }
	broken := func(context.Context) error { return errors.New("dial tcp 10.0.0.1: connection refused") }
	cases := []struct {
		name   string
		deps   []web.Dependance
		status int
		want   string
	}{
		{"nothing to check", nil, 200, `{"statut":"pret","dependances":[]}`},
		{"all fine", []web.Dependance{{"base", true, fine}, {"siap", false, fine}}, 200,
			`{"statut":"pret","dependances":[{"nom":"base","obligatoire":true,"etat":"ok","duree_ms":0},{"nom":"siap","obligatoire":false,"etat":"ok","duree_ms":0}]}`},
		{"SIAP only degrades", []web.Dependance{{"base", true, fine}, {"siap", false, broken}}, 200,
			`{"statut":"degrade","dependances":[{"nom":"base","obligatoire":true,"etat":"ok","duree_ms":0},{"nom":"siap","obligatoire":false,"etat":"ko","duree_ms":0}]}`},
		{"base is required", []web.Dependance{{"base", true, broken}, {"siap", false, broken}}, 503,
			`{"statut":"indisponible","dependances":[{"nom":"base","obligatoire":true,"etat":"ko","duree_ms":0},{"nom":"siap","obligatoire":false,"etat":"ko","duree_ms":0}]}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			clock := &hand{t: time.Date(2026, 4, 15, 8, 0, 0, 0, time.UTC)}
			e := publicAPI(t, quiet(), web.NewSante(web.ConstruitPar{Version: "1.2.3", Commit: "abc", Date: "2026-04-15"}, quiet(), clock.now, c.deps...))
			rec := ask(e, "GET", "/api/v1/sante/pret", "")
			require.Equal(t, c.status, rec.Code)
			require.JSONEq(t, c.want, rec.Body.String(), "no detail of the breakdown is shown")
			require.Equal(t, 200, ask(e, "GET", "/api/v1/sante/vie", "").Code, "alive whatever the dependencies")
			require.JSONEq(t, `{"version":"1.2.3","commit":"abc","construit_le":"2026-04-15"}`, ask(e, "GET", "/api/v1/version", "").Body.String())
		})
	}
}

func TestSanteDoesNotWaitForADependencyThatHangs(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	clock := &hand{t: time.Now()}
	s := web.NewSante(web.ConstruitPar{}, quiet(), clock.now, web.Dependance{Nom: "base", Obligatoire: true, Verifier: func(context.Context) error {
		<-release // deaf to its context
		return nil
	}})
	rec := ask(publicAPI(t, quiet(), s), "GET", "/api/v1/sante/pret", "")
	require.Equal(t, 503, rec.Code)
	require.Contains(t, rec.Body.String(), `"delai_depasse"`)
}

func TestSanteIsCheckedOncePerSecond(t *testing.T) {
	clock := &hand{t: time.Now()}
	checks := 0
	s := web.NewSante(web.ConstruitPar{}, quiet(), clock.now, web.Dependance{Nom: "base", Obligatoire: true, Verifier: func(context.Context) error {
		checks++
		return nil
	}})
	e := publicAPI(t, quiet(), s)
	for range 10 {
		ask(e, "GET", "/api/v1/sante/pret", "")
	}
	require.Equal(t, 1, checks)
	clock.advance(time.Second)
	ask(e, "GET", "/api/v1/sante/pret", "")
	require.Equal(t, 2, checks)
}

func TestSanteAliases(t *testing.T) {
	s := web.NewSante(web.ConstruitPar{}, quiet(), time.Now)
	e := contract.Echo(t)
	require.NoError(t, httpapi.Mount(e, "", httpapi.Chain{Log: quiet()}, s, web.AliasSante{Sante: s}))
	for _, path := range []string{"/sante/vie", "/sante/pret", "/healthz", "/readyz", "/version"} {
		require.Equal(t, 200, ask(e, "GET", path, "").Code, path)
		require.Equal(t, 200, ask(e, "HEAD", path, "").Code, path)
	}
}

func TestConfigurationNamesStatutsAndFinancements(t *testing.T) {
	e := publicAPI(t, quiet(), web.NewConfigurations(web.ParametresPublics{
		Environnement: "test", Version: "1", ModeConnexion: "cerbere", Simulateurs: true, DocumentSigneOctets: 500_000_000, JSONOctets: 2 << 20,
	}))
	rec := ask(e, "GET", "/api/v1/configuration", "")
	require.Equal(t, 200, rec.Code)
	var got web.Configuration
	require.NoError(t, json.Unmarshal(rec.Body.Bytes(), &got))
	require.Len(t, got.Statuts, 10)
	require.Equal(t, web.StatutDeReference{Code: "INSTRUCTION", LibelleNeutre: "À instruire", LibelleBailleur: "En instruction", LibelleInstructeur: "À instruire", Icone: "eye"}, got.Statuts[1])
	require.Contains(t, got.Financements, web.FinancementDeReference{Code: "PLAI_ADP", Libelle: "PLAI adapté"})
	require.EqualValues(t, 500_000_000, got.Limites.DocumentSigneOctets)
	require.Equal(t, 400, ask(e, "GET", "/api/v1/configuration?x=1", "").Code)
}

func TestCSPReportsAreLoggedWithoutPersonalData(t *testing.T) {
	var out bytes.Buffer
	e := publicAPI(t, slog.New(slog.NewJSONHandler(&out, nil)), web.RapportsCSP{Log: slog.New(slog.NewJSONHandler(&out, nil))})
	old := `{"csp-report":{"document-uri":"https://apilos.example/conventions?q=Dupont","violated-directive":"script-src","blocked-uri":"https://evil.example/x?nom=Dupont"}}`
	require.Equal(t, 204, ask(e, "POST", "/api/v1/csp-reports", old, "Content-Type", "application/csp-report").Code)
	modern := `[{"type":"csp-violation","body":{"documentURL":"https://apilos.example/x","effectiveDirective":"style-src","blockedURL":"inline"}},{"type":"deprecation","body":{}}]`
	require.Equal(t, 204, ask(e, "POST", "/api/v1/csp-reports", modern, "Content-Type", "application/reports+json").Code)
	require.NotContains(t, out.String(), "Dupont")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 2)
	require.Contains(t, lines[0], `"directive":"script-src","bloque":"https://evil.example","page":"/conventions"`)
	require.Contains(t, lines[1], `"directive":"style-src","bloque":"inline","page":"/x"`)
	require.Equal(t, 400, ask(e, "POST", "/api/v1/csp-reports", "{", "Content-Type", "application/csp-report").Code)
	require.Equal(t, 413, ask(e, "POST", "/api/v1/csp-reports", strings.Repeat(" ", 17<<10), "Content-Type", "application/csp-report").Code)
}

func documentation(t *testing.T) *echo.Echo {
	jsonDoc, yamlDoc := openapi.Apilos()
	d, err := docs.New(jsonDoc, yamlDoc, "/api/v1/docs", "/api/v1/schema", httpapi.PagePolicy{})
	require.NoError(t, err)
	return publicAPI(t, quiet(), web.Documentation{Document: d})
}

func TestSchemaIsServedInBothForms(t *testing.T) {
	e := documentation(t)
	jsonDoc, yamlDoc := openapi.Apilos()
	rec := ask(e, "GET", "/api/v1/schema", "")
	require.Equal(t, "application/json", rec.Header().Get("Content-Type"))
	require.Equal(t, string(jsonDoc), rec.Body.String())
	rec = ask(e, "GET", "/api/v1/schema?format=yaml", "")
	require.Equal(t, "application/yaml", rec.Header().Get("Content-Type"))
	require.Equal(t, string(yamlDoc), rec.Body.String())
	require.Equal(t, 400, ask(e, "GET", "/api/v1/schema?format=xml", "").Code)
}

// The page has no inline script, no inline style and no outside address, whether Swagger UI is in the
// program or not.
func TestDocumentationPageFitsTheStrictPolicy(t *testing.T) {
	e := documentation(t)
	rec := ask(e, "GET", "/api/v1/docs", "")
	require.Equal(t, 200, rec.Code)
	require.Contains(t, rec.Header().Get("Content-Security-Policy"), "script-src 'self';")
	page := rec.Body.String()
	require.Contains(t, page, `<html lang="fr">`)
	require.Contains(t, page, "/api/v1/schema")
	require.NotContains(t, page, "style=")
	require.NotContains(t, page, "<style")
	require.NotContains(t, page, "http://")
	require.NotContains(t, page, "https://")
	require.NotRegexp(t, `<script[^>]*>[^<]`, page)
	if !docs.Built() {
		require.Contains(t, page, "GET /api/v1/configuration", "the plain list names the operations")
	}
}

func TestDocumentationFiles(t *testing.T) {
	e := documentation(t)
	script := ask(e, "GET", "/api/v1/docs/init.js", "")
	require.Equal(t, 200, script.Code)
	require.Contains(t, script.Body.String(), "validatorUrl: null")
	want := 404
	if docs.Built() {
		want = 200
	}
	for _, name := range []string{"swagger-ui.css", "swagger-ui-bundle.js"} {
		require.Equal(t, want, ask(e, "GET", "/api/v1/docs/"+name, "").Code, name)
	}
	for _, name := range []string{"README.md", "..%2fdocs.go", "swagger-ui.css.gz", "x"} {
		require.Equal(t, 404, ask(e, "GET", "/api/v1/docs/"+name, "").Code, name)
	}
}

func TestDocumentationFilesAreSentCompressedToThoseWhoTakeIt(t *testing.T) {
	if !docs.Built() {
		t.Skip("Swagger UI is not in this program: run ./scripts/build")
	}
	srv := httptest.NewServer(documentation(t))
	defer srv.Close()
	res, err := http.Get(srv.URL + "/api/v1/docs/swagger-ui.css")
	require.NoError(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Contains(t, string(text), ".swagger-ui")
}

// Bad input on the public operations.
func TestWalkPublicOperations(t *testing.T) {
	text, _ := openapi.Apilos()
	d := contract.Load(t, text)
	jsonDoc, yamlDoc := openapi.Apilos()
	page, err := docs.New(jsonDoc, yamlDoc, "/api/v1/docs", "/api/v1/schema", httpapi.PagePolicy{})
	require.NoError(t, err)
	e := contract.Echo(t)
	e.Use(d.Checker(t))
	resources := []httpapi.Resource{
		web.NewSante(web.ConstruitPar{}, quiet(), time.Now), web.NewConfigurations(web.ParametresPublics{Environnement: "test", ModeConnexion: "cerbere"}),
		web.RapportsCSP{Log: quiet()}, web.Documentation{Document: page},
	}
	require.NoError(t, httpapi.Mount(e, "/api/v1", httpapi.Chain{Log: quiet()}, resources...))
	contract.Walk(t, d.Only(e), contract.Target{Handler: e})
}
