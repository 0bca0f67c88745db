package web_test

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
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/cerbere"
	"apilos/api/compte"
	"apilos/api/httpapi"
	"apilos/api/httpapi/contract"
	"apilos/api/httpapi/web"
	"apilos/api/internal/fixture"
	"apilos/api/siap"
	"apilos/api/sim"
	"apilos/api/store"
	"apilos/openapi"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// People of the scenario demo.
const (
	marie    = "marie.durand@example.org"    // MO personne morale, Porcelaine Habitat
	claire   = "claire.lebreton@example.org" // service gestionnaire, Rennes Métropole
	camille  = "camille.robin@example.org"   // 301 MO, 302 SER_GEST (favourite), 303 DIR_REG reader
	hugo     = "hugo.petit@example.org"      // nothing but a habilitation to validate
	ines     = "ines.garnier@example.org"    // nothing but an expired one
	julien   = "julien.faure@example.org"    // reader
	debutSim = "2026-04-15T08:00:00Z"
)

// journalPartage is a log that goroutines share.
type journalPartage struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (w *journalPartage) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (w *journalPartage) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

// bancConnexion is the whole server of the sign-in: real router, real database, real simulators of SIAP and
// CERBERE. Every exchange of /api/v1 is checked against the OpenAPI document, and every GET of /api/v1 runs
// in a READ ONLY transaction (CC-13).
type bancConnexion struct {
	*fixture.Monde
	t       *testing.T
	heure   *hand
	sim     *sim.Server
	base    string // address of the platform
	journal *journalPartage
	comptes *compte.Service
	jetons  *auth.Tokens

	demandes []string // identifiers for which a link was asked
}

type reglageConnexion struct {
	protocole cerbere.Protocol
	accounts  func(*web.Accounts)
	tls       bool // cookies as in production
	limites   map[httpapi.LimitClass]httpapi.Rate
	local     bool // accounts with a password, and no CERBERE
}

// sansHache compares passwords in clear: the digest has tests of its own.
type sansHache struct{}

func (sansHache) Hacher(_ context.Context, motDePasse string) (string, error) { return motDePasse, nil }

func (sansHache) Verifier(_ context.Context, motDePasse, empreinte string) (bool, bool, error) {
	return motDePasse == empreinte, false, nil
}

func nouveauBancConnexion(t *testing.T, r reglageConnexion) *bancConnexion {
	t.Helper()
	t.Parallel()
	depart, err := time.Parse(time.RFC3339, debutSim)
	require.NoError(t, err)
	b := &bancConnexion{Monde: fixture.Nouveau(t), t: t, heure: &hand{t: depart}, journal: &journalPartage{}}
	b.sim, err = sim.Start(t.Context(), sim.Options{Scenario: "demo", Now: b.heure.now})
	require.NoError(t, err)
	t.Cleanup(b.sim.Close)
	srv := httptest.NewUnstartedServer(nil)
	b.base = "http://" + srv.Listener.Addr().String()
	srv.Config.Handler = b.serveur(r)
	srv.Start()
	t.Cleanup(srv.Close)
	return b
}

func (b *bancConnexion) serveur(r reglageConnexion) http.Handler {
	log := slog.New(slog.NewJSONHandler(b.journal, &slog.HandlerOptions{Level: slog.LevelDebug}))
	client, err := siap.New(siap.Config{Host: b.sim.URL(), Key: b.sim.Key(), LogCalls: true}, siap.WithClock(b.heure.now), siap.WithLogger(log),
		siap.WithPause(func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, func() float64 { return 0 }))
	require.NoError(b.t, err)
	b.t.Cleanup(client.Close)
	b.jetons, err = auth.NewTokens([]auth.Key{{ID: "a", Secret: []byte(strings.Repeat("k", 32))}}, b.base, b.heure.now, uuid.NewString)
	require.NoError(b.t, err)
	b.comptes, err = compte.New(compte.Config{
		Store: store.NewComptes(b.Store), Bailleurs: store.NewBailleurs(b.Store), Administrations: store.NewAdministrations(b.Store),
		SIAP: client, Jetons: b.jetons, Horloge: b.heure.now, NouvelID: uuid.New, Journal: log,
		ComptesLocaux: r.local, Hacheur: sansHache{},
		Reinitialisation: func(_ context.Context, identifiant string) error {
			b.demandes = append(b.demandes, identifiant)
			return nil
		},
	})
	require.NoError(b.t, err)
	cas, err := cerbere.New(cerbere.Config{Base: b.sim.CASURL(), Protocol: r.protocole, Now: b.heure.now, NewID: uuid.NewString})
	require.NoError(b.t, err)

	accounts := web.Accounts{
		Service: b.comptes, Cerbere: cas, Cookies: web.Cookies{SansTLS: !r.tls}, Log: log, Now: b.heure.now, BaseURL: b.base,
		Pages: web.PagesConnexion{Politique: httpapi.PagePolicy{FormAction: []string{cas.Origin()}}, URLAssistance: "https://assistance.example.org/"},
	}
	if r.local {
		accounts.Cerbere = nil
	}
	if r.accounts != nil {
		r.accounts(&accounts)
	}
	e, err := httpapi.New(httpapi.Config{Log: log, AllowedHosts: []string{"*"}, Now: b.heure.now,
		ProblemWriters: map[string]httpapi.ProblemWriter{"/accounts": accounts.Pages.EcrireProbleme}})
	require.NoError(b.t, err)
	doc, _ := openapi.Apilos()
	e.Use(contract.Load(b.t, doc).Checker(b.t))
	chain := httpapi.Chain{Authenticator: b.comptes, Origins: []string{b.base}, Log: log, Now: b.heure.now}
	if r.limites != nil {
		chain.Limits = httpapi.NewLimits(r.limites, httpapi.NewMemoryLimits(b.heure.now))
	}
	require.NoError(b.t, httpapi.Mount(e, "", chain, accounts))
	chain.ReadGuard = b.enLectureSeule
	require.NoError(b.t, httpapi.Mount(e, "/api/v1", chain,
		web.Sessions{Service: b.comptes, Cookies: accounts.Cookies, Sortie: accounts.Sortie, Now: b.heure.now},
		web.ComptesLocaux{Service: b.comptes, Cookies: accounts.Cookies, Now: b.heure.now},
		web.Detournements{Service: b.comptes, Cookies: accounts.Cookies, Now: b.heure.now},
		web.Bailleurs{Liste: store.NewBailleurs(b.Store)}, web.Administrations{Liste: store.NewAdministrations(b.Store)}))
	return e
}

func (b *bancConnexion) enLectureSeule(ctx context.Context, fn func(ctx context.Context) error) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		tx, _ := store.Tx(ctx)
		if _, err := tx.Exec(ctx, `SET TRANSACTION READ ONLY`); err != nil {
			return err
		}
		return fn(ctx)
	})
}

func (b *bancConnexion) panne(route string, f sim.Fault) {
	b.t.Helper()
	toujours := -1
	f.Match, f.Times = sim.Match{Route: route}, &toujours
	require.NoError(b.t, b.sim.AddFaults(f))
}

// navigateur is a browser: cookies, and redirections followed one by one.
type navigateur struct {
	b      *bancConnexion
	client *http.Client
	jeton  string // access token of the page
}

func (b *bancConnexion) navigateur() *navigateur {
	b.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(b.t, err)
	return &navigateur{b: b, client: &http.Client{Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

type reponseWeb struct {
	*http.Response
	corps string
}

func (n *navigateur) envoyer(methode, adresse, corps string, entetes ...string) reponseWeb {
	n.b.t.Helper()
	if strings.HasPrefix(adresse, "/") {
		adresse = n.b.base + adresse
	}
	r, err := http.NewRequest(methode, adresse, strings.NewReader(corps))
	require.NoError(n.b.t, err)
	for i := 0; i+1 < len(entetes); i += 2 {
		r.Header.Set(entetes[i], entetes[i+1])
	}
	res, err := n.client.Do(r)
	require.NoError(n.b.t, err)
	defer res.Body.Close()
	texte, err := io.ReadAll(res.Body)
	require.NoError(n.b.t, err)
	return reponseWeb{res, string(texte)}
}

func (n *navigateur) visiter(adresse string) reponseWeb { return n.envoyer("GET", adresse, "") }

// retour starts a sign-in and returns the address CERBERE sends back to, ticket included.
func (n *navigateur) retour(login, suite string) string {
	n.b.t.Helper()
	res := n.visiter("/accounts/cerbere-login?next=" + url.QueryEscape(suite))
	require.Equal(n.b.t, http.StatusFound, res.StatusCode, res.corps)
	versCAS := res.Header.Get("Location")
	require.True(n.b.t, strings.HasPrefix(versCAS, n.b.sim.CASURL()+"login?service="), versCAS)
	res = n.visiter(versCAS + "&as=" + url.QueryEscape(login))
	require.Equal(n.b.t, http.StatusFound, res.StatusCode, res.corps)
	return res.Header.Get("Location")
}

// entrer signs in and returns the last answer of the platform.
func (n *navigateur) entrer(login, suite string) reponseWeb {
	n.b.t.Helper()
	return n.visiter(n.retour(login, suite))
}

// api calls /api/v1 as the page does.
func (n *navigateur) api(methode, chemin, corps string, entetes ...string) reponseWeb {
	n.b.t.Helper()
	if corps != "" {
		entetes = append([]string{"Content-Type", "application/json"}, entetes...)
	}
	if n.jeton != "" {
		entetes = append([]string{"Authorization", "Bearer " + n.jeton}, entetes...)
	}
	return n.envoyer(methode, "/api/v1"+chemin, corps, entetes...)
}

// deLaPage are the headers that only our own page can send.
func (b *bancConnexion) deLaPage() []string {
	return []string{"Origin", b.base, "X-Requested-With", "fetch"}
}

// rafraichir renews the token of the page.
func (n *navigateur) rafraichir(corps string) reponseWeb {
	n.b.t.Helper()
	res := n.api("POST", "/auth/refresh", corps, n.b.deLaPage()...)
	if res.StatusCode == http.StatusOK {
		n.jeton, _ = res.json(n.b.t)["access_token"].(string)
	}
	return res
}

// connecte is a browser signed in, with its token.
func (b *bancConnexion) connecte(login string) *navigateur {
	b.t.Helper()
	n := b.navigateur()
	res := n.entrer(login, "/conventions")
	require.Equal(b.t, http.StatusFound, res.StatusCode, res.corps)
	require.Equal(b.t, http.StatusOK, n.rafraichir("").StatusCode)
	return n
}

func (r reponseWeb) json(t *testing.T) map[string]any {
	t.Helper()
	var v map[string]any
	require.NoError(t, json.Unmarshal([]byte(r.corps), &v), r.corps)
	return v
}

func (n *navigateur) cookie(nom string) string {
	u, err := url.Parse(n.b.base)
	require.NoError(n.b.t, err)
	for _, c := range n.client.Jar.Cookies(u) {
		if c.Name == nom {
			return c.Value
		}
	}
	return ""
}
