package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"apilos/api/config"
	"apilos/api/httpapi/contract"
	"apilos/api/internal/journaux"
	"apilos/api/internal/testdb"
	"apilos/api/sim"
	"apilos/openapi"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
)

// plateforme is the whole product on its own database, with real simulators, behind a real listener. Every
// exchange of its clients is checked against the OpenAPI document.
type plateforme struct {
	*pieces
	e   *echo.Echo
	sim *sim.Server
	srv *httptest.Server
	doc *contract.Document
	// journal holds everything that is logged; a secret in it fails the test.
	journal *journaux.Gardien
}

func reglages(t *testing.T, simulateur *sim.Server, baseURL, adresse string, plus ...string) config.Config {
	t.Helper()
	env := append([]string{
		"ENVIRONMENT=test", "DATABASE_URL=" + baseURL, "DATA_DIR=" + t.TempDir(), "PUBLIC_BASE_URL=" + adresse, "ALLOWED_HOSTS=127.0.0.1,localhost,example.com",
		"SIAP_CLIENT_HOST=" + simulateur.URL(), "SIAP_CLIENT_JWT_SIGN_KEY=" + string(simulateur.Key().Secret), "CERBERE_AUTH=" + simulateur.CASURL(),
		"LOGLEVEL=error",
	}, plus...)
	cfg, err := config.Load(env)
	require.NoError(t, err)
	return cfg
}

func demarrer(t *testing.T, plus ...string) *plateforme {
	t.Helper()
	return demarrerAvec(t, nil, plus...)
}

// demarrerAvec is demarrer with a log that the test reads.
func demarrerAvec(t *testing.T, lu *slog.Logger, plus ...string) *plateforme {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	simulateur, err := sim.Start(ctx, sim.Options{Scenario: "demo", Environment: "test"})
	require.NoError(t, err)
	p := &plateforme{sim: simulateur, journal: journaux.Nouveau(t)}
	p.srv = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.e.ServeHTTP(w, r) }))
	p.srv.Start()
	t.Cleanup(p.srv.Close)
	cfg := reglages(t, simulateur, testdb.New(t).URL, p.srv.URL, plus...)
	log := p.journal.Logger()
	if lu != nil {
		log = slog.New(slog.NewMultiHandler(log.Handler(), lu.Handler()))
	}
	b, err := ouvrirBase(ctx, cfg, log)
	require.NoError(t, err)
	p.pieces, err = assembler(ctx, b)
	require.NoError(t, err)
	t.Cleanup(p.fermer)
	p.debits = nil                                                              // tests ask more in a second than people in a minute; TestDebit has its own platform
	p.e, err = p.routeur(BuildInfo{Version: "essai"}, prometheus.NewRegistry()) // measures that clash stop the program
	require.NoError(t, err)
	asJSON, _ := openapi.Apilos()
	p.doc = contract.Load(t, asJSON)
	p.e.Use(p.doc.Checker(t))
	return p
}

// client is a signed-in browser without its page.
type client struct {
	t       *testing.T
	adresse string
	http    *http.Client
	Jeton   string
	journal *journaux.Gardien // told of the secrets that the client receives
}

func nouveauClient(t *testing.T, adresse string) *client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &client{t: t, adresse: adresse, http: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// connecter signs someone of the scenario in through CERBERE.
func (p *plateforme) connecter(t *testing.T, login string) *client {
	t.Helper()
	c := nouveauClient(t, p.srv.URL)
	c.journal = p.journal
	c.entrer(login)
	return c
}

// retenir registers what only the client may know: cookies, tokens, tickets, one-time addresses.
func (c *client) retenir(entetes http.Header, corps string) {
	if c.journal == nil {
		return
	}
	for _, cookie := range (&http.Response{Header: entetes}).Cookies() {
		c.journal.Interdire(cookie.Value)
	}
	if u, err := url.Parse(entetes.Get("Location")); err == nil {
		c.journal.Interdire(u.Query().Get("ticket"))
	}
	var v map[string]any
	if json.Unmarshal([]byte(corps), &v) != nil {
		return
	}
	for _, cle := range []string{"access_token", "jeton", "token", "secret"} {
		secret, _ := v[cle].(string)
		c.journal.Interdire(secret)
	}
	if adresse, _ := v["url"].(string); strings.Contains(adresse, "/telechargements/") {
		c.journal.Interdire(adresse[strings.LastIndexByte(adresse, '/')+1:])
	}
}

func (c *client) entrer(login string) {
	c.t.Helper()
	depart := c.suivre(c.adresse + "/accounts/cerbere-login?next=/conventions")
	retour := c.suivre(depart + "&as=" + url.QueryEscape(login))
	require.Contains(c.t, retour, c.adresse)
	require.Equal(c.t, "/conventions", c.suivre(retour))
	c.rafraichir(0)
}

func (c *client) suivre(adresse string) string {
	c.t.Helper()
	res, err := c.http.Get(adresse)
	require.NoError(c.t, err)
	defer res.Body.Close()
	corps, _ := io.ReadAll(res.Body)
	c.retenir(res.Header, "")
	require.Equal(c.t, http.StatusFound, res.StatusCode, "%s: %s", adresse, corps)
	return res.Header.Get("Location")
}

func (c *client) rafraichir(habilitation int) {
	c.t.Helper()
	corps := "{}"
	if habilitation > 0 {
		corps = `{"habilitation_id":` + strconv.Itoa(habilitation) + `}`
	}
	r := c.envoyer(http.MethodPost, "/api/v1/auth/refresh", corps, map[string]string{"X-Requested-With": "fetch", "Origin": c.adresse})
	require.Equal(c.t, http.StatusOK, r.Code, r.Corps)
	c.Jeton = r.JSON()["access_token"].(string)
}

// reponse is an answer read whole.
type reponse struct {
	t      *testing.T
	Code   int
	Corps  string
	Entete http.Header
}

func (r reponse) JSON() map[string]any {
	r.t.Helper()
	var v map[string]any
	require.NoError(r.t, json.Unmarshal([]byte(r.Corps), &v), r.Corps)
	return v
}

// Codes lists the codes of the errors of a problem.
func (r reponse) Codes() []string {
	var out []string
	liste, _ := r.JSON()["errors"].([]any)
	for _, x := range liste {
		out = append(out, x.(map[string]any)["code"].(string))
	}
	return out
}

func (c *client) envoyer(methode, chemin, corps string, entetes map[string]string) reponse {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), methode, c.adresse+chemin, strings.NewReader(corps))
	require.NoError(c.t, err)
	if corps != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.Jeton != "" {
		req.Header.Set("Authorization", "Bearer "+c.Jeton)
	}
	for k, v := range entetes {
		req.Header.Set(k, v)
	}
	res, err := c.http.Do(req)
	require.NoError(c.t, err)
	defer res.Body.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(res.Body)
	require.NoError(c.t, err)
	c.retenir(res.Header, b.String())
	return reponse{c.t, res.StatusCode, b.String(), res.Header}
}

func (c *client) lire(chemin string) reponse {
	c.t.Helper()
	return c.envoyer(http.MethodGet, "/api/v1"+chemin, "", nil)
}

// version reads the current version of a convention.
func (c *client) version(id string) string {
	c.t.Helper()
	r := c.lire("/conventions/" + id)
	require.Equal(c.t, http.StatusOK, r.Code, r.Corps)
	return r.Entete.Get("ETag")
}

func (c *client) ecrire(methode, chemin, corps, version string) reponse {
	c.t.Helper()
	return c.envoyer(methode, "/api/v1"+chemin, corps, map[string]string{"If-Match": version})
}

// agir carries out a transition at the current version.
func (c *client) agir(id, code, corps string) reponse {
	c.t.Helper()
	return c.ecrire(http.MethodPost, "/conventions/"+id+"/actions/"+code, corps, c.version(id))
}
