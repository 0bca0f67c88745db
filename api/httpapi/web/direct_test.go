package web_test

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/direct"
	"apilos/api/httpapi"
	"apilos/api/httpapi/contract"
	"apilos/api/httpapi/web"
	"apilos/api/internal/fixture"
	"apilos/api/store"
	"apilos/openapi"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// jetonsDirect says until when every token is good.
type jetonsDirect struct{ fin time.Time }

func (j jetonsDirect) Verify(string) (auth.Claims, error) { return auth.Claims{ExpiresAt: j.fin}, nil }

// servirDirect serves the stream of a database that is listened to; answers are checked against the document.
func servirDirect(t testing.TB, battement time.Duration, l direct.Limites, gens gens) (string, *fixture.Monde, *direct.Diffuseur) {
	t.Helper()
	m := fixture.Nouveau(t)
	lecteur := store.NewDirect(m.Store)
	d := direct.New(lecteur, lecteur, l, time.Now, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(context.Background())
	fini := make(chan struct{})
	go func() { _ = d.Diffuser(ctx); close(fini) }()
	require.Eventually(t, func() bool { return d.Etat().Ecoute }, 30*time.Second, time.Millisecond)
	raw, _ := openapi.Apilos()
	e := contract.Echo(t)
	e.Use(contract.Load(t, raw).Checker(t))
	require.NoError(t, httpapi.Mount(e, "/api/v1", httpapi.Chain{Authenticator: gens, Log: slog.New(slog.DiscardHandler)},
		web.Direct{Abonnements: d, Jetons: jetonsDirect{time.Now().Add(time.Hour)}, Horloge: time.Now, Battement: battement}))
	srv := httptest.NewServer(e)
	t.Cleanup(func() { cancel(); <-fini; srv.Close() })
	return srv.URL, m, d
}

func suivreDirect(t testing.TB, adresse, jeton string) (*http.Response, *bufio.Reader) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, adresse+"/api/v1/direct", nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+jeton)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	return res, bufio.NewReader(res.Body)
}

func lireJusqua(t testing.TB, r *bufio.Reader, voulu string) {
	t.Helper()
	for {
		ligne, err := r.ReadString('\n')
		require.NoError(t, err, "%q never came", voulu)
		if strings.Contains(ligne, voulu) {
			return
		}
	}
}

// TestDirect_theServerSaysThatItIsThere: a line passes from time to time, each event leaves at once, and a page that goes
// away frees its place.
func TestDirect_theServerSaysThatItIsThere(t *testing.T) {
	t.Parallel()
	adresse, m, d := servirDirect(t, 10*time.Millisecond, direct.Limites{}, gens{"siege": {UtilisateurID: 1, Superuser: true}, "personne": {UtilisateurID: 2}})
	res, flux := suivreDirect(t, adresse, "siege")
	require.Equal(t, []any{200, "text/event-stream", "no-store", "no"},
		[]any{res.StatusCode, res.Header.Get("Content-Type"), res.Header.Get("Cache-Control"), res.Header.Get("X-Accel-Buffering")})
	lireJusqua(t, flux, "event: pret")
	lireJusqua(t, flux, ": ")
	lireJusqua(t, flux, ": ")
	id := m.Convention(fixture.Conv{})
	lireJusqua(t, flux, id.String())
	require.Equal(t, 1, d.Etat().Abonnes)
	require.NoError(t, res.Body.Close())
	require.Eventually(t, func() bool { return d.Etat().Abonnes == 0 }, 30*time.Second, time.Millisecond)

	res, _ = suivreDirect(t, adresse, "personne")
	defer res.Body.Close()
	require.Equal(t, http.StatusForbidden, res.StatusCode, "without a role nothing is followed")
	res, _ = suivreDirect(t, adresse, "inconnu")
	defer res.Body.Close()
	require.Equal(t, http.StatusUnauthorized, res.StatusCode)
}

func TestDirect_aFullProcessSaysSo(t *testing.T) {
	t.Parallel()
	adresse, _, _ := servirDirect(t, time.Second, direct.Limites{ParProcessus: 1}, gens{"a": {UtilisateurID: 1, Superuser: true}, "b": {UtilisateurID: 2, Superuser: true}})
	res, flux := suivreDirect(t, adresse, "a")
	defer res.Body.Close()
	lireJusqua(t, flux, "event: pret")
	refuse, corps := suivreDirect(t, adresse, "b")
	defer refuse.Body.Close()
	texte, err := io.ReadAll(corps)
	require.NoError(t, err)
	require.Equal(t, http.StatusServiceUnavailable, refuse.StatusCode)
	require.Contains(t, string(texte), "DIRECT_SATURE")
}

// BenchmarkDirectCinqCentsPages measures 500 pages that follow one process over HTTP and hear nothing: memory of each, and
// what their heartbeats cost in a second. Both ends of the connections are in the process.
func BenchmarkDirectCinqCentsPages(b *testing.B) {
	const pages = 500
	adresse, _, d := servirDirect(b, 20*time.Second, direct.Limites{ParPersonne: pages}, gens{"siege": {UtilisateurID: 1, Superuser: true, SessionID: uuid.NewString()}})
	var avant, apres runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&avant)
	for range pages {
		res, flux := suivreDirect(b, adresse, "siege")
		defer res.Body.Close()
		lireJusqua(b, flux, "event: pret")
	}
	require.Equal(b, pages, d.Etat().Abonnes)
	runtime.GC()
	runtime.ReadMemStats(&apres)
	for b.Loop() { // one second of silence each
		<-time.After(time.Second)
	}
	b.ReportMetric(float64(apres.HeapInuse+apres.StackInuse-avant.HeapInuse-avant.StackInuse)/pages/1024, "KiB/page")
	b.ReportMetric(float64(runtime.NumGoroutine())/pages, "goroutines/page")
}
