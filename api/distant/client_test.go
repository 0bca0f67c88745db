package distant_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"apilos/api/distant"

	"github.com/stretchr/testify/require"
)

// service is a real HTTP server that answers what the test says, and counts.
type service struct {
	*httptest.Server
	appels atomic.Int32
}

func nouveauService(t *testing.T, repondre func(n int32, w http.ResponseWriter, r *http.Request)) *service {
	t.Helper()
	s := &service{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { repondre(s.appels.Add(1), w, r) }))
	t.Cleanup(s.Close)
	return s
}

func statut(codes ...int) func(int32, http.ResponseWriter, *http.Request) {
	return func(n int32, w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(codes[min(int(n), len(codes))-1])
		_, _ = io.WriteString(w, `{"message":"dit non"}`)
	}
}

func client(t *testing.T, c distant.Config) *distant.Client {
	t.Helper()
	c.Nom, c.Journal = "essai", slog.New(slog.DiscardHandler)
	out, err := distant.New(c)
	require.NoError(t, err)
	return out
}

func TestFaireRepriseSelonLaMethodeEtLeStatut(t *testing.T) {
	tests := []struct {
		nom     string
		methode string
		codes   []int
		nature  error
		appels  int32
	}{
		{"one breakdown is repaired", "GET", []int{503, 200}, nil, 2},
		{"two are not", "GET", []int{500, 502, 200}, distant.ErrIndisponible, 2},
		{"busy is a breakdown", "GET", []int{429, 429}, distant.ErrIndisponible, 2},
		{"a refusal is not tried again", "GET", []int{404}, distant.ErrRefuse, 1},
		{"a redirection is a refusal", "GET", []int{302}, distant.ErrRefuse, 1},
		{"a write makes one attempt", "POST", []int{503, 200}, distant.ErrIndisponible, 1},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			s := nouveauService(t, statut(tt.codes...))
			_, err := client(t, distant.Config{Base: s.URL}).Faire(t.Context(), distant.Requete{Methode: tt.methode, Segments: []string{"x"}})
			require.ErrorIs(t, err, tt.nature)
			require.Equal(t, tt.appels, s.appels.Load())
			if err != nil {
				require.NotZero(t, distant.Statut(err))
				require.NotContains(t, err.Error(), s.URL, "no address in an error")
			}
		})
	}
}

func TestAdresseEchappeLesSegments(t *testing.T) {
	c := client(t, distant.Config{Base: "https://ban.example.org/racine/"})
	require.Equal(t, "https://ban.example.org/racine/a%2Fb/c%3Fd?q=%C3%A9", c.Adresse(url.Values{"q": {"é"}}, "a/b", "c?d"))
	require.Equal(t, "https://ban.example.org/racine", c.Adresse(nil))
}

func TestDelaiBorneUnAppel(t *testing.T) {
	fin := make(chan struct{})
	s := nouveauService(t, func(_ int32, _ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-fin:
		}
	})
	defer close(fin)
	c := client(t, distant.Config{Base: s.URL, Delai: 50 * time.Millisecond, Essais: 1})
	_, err := c.Faire(t.Context(), distant.Requete{})
	require.ErrorIs(t, err, distant.ErrIndisponible)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestReponseTropLongueOuIllisible(t *testing.T) {
	s := nouveauService(t, func(_ int32, w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("a", 100))
	})
	_, err := client(t, distant.Config{Base: s.URL, MaxReponse: 99}).Faire(t.Context(), distant.Requete{})
	require.ErrorIs(t, err, distant.ErrIllisible)
	var v struct{}
	require.ErrorIs(t, client(t, distant.Config{Base: s.URL}).Lire(t.Context(), distant.Requete{}, &v), distant.ErrIllisible)
}

func TestDisjoncteurLaisseLeServiceEnRepos(t *testing.T) {
	le := time.Date(2026, 4, 15, 9, 0, 0, 0, time.UTC)
	code := http.StatusServiceUnavailable
	s := nouveauService(t, func(_ int32, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) })
	c := client(t, distant.Config{Base: s.URL, Essais: 1, Horloge: func() time.Time { return le }})
	for range 8 {
		_, err := c.Faire(t.Context(), distant.Requete{})
		require.ErrorIs(t, err, distant.ErrIndisponible)
	}
	require.Equal(t, int32(5), s.appels.Load(), "the last three were not made")
	le = le.Add(30 * time.Second)
	_, err := c.Faire(t.Context(), distant.Requete{})
	require.ErrorIs(t, err, distant.ErrIndisponible)
	require.Equal(t, int32(6), s.appels.Load(), "one attempt decides, and it failed")
	_, err = c.Faire(t.Context(), distant.Requete{})
	require.Error(t, err)
	require.Equal(t, int32(6), s.appels.Load())
	le, code = le.Add(30*time.Second), http.StatusOK
	for range 2 {
		_, err = c.Faire(t.Context(), distant.Requete{})
		require.NoError(t, err)
	}
	require.Equal(t, int32(8), s.appels.Load(), "closed again")
}

func TestDisjoncteurIgnoreLAppelantQuiRenonce(t *testing.T) {
	s := nouveauService(t, statut(200))
	c := client(t, distant.Config{Base: s.URL, Essais: 1})
	abandonne, cancel := context.WithCancel(t.Context())
	cancel()
	for range 10 {
		_, err := c.Faire(abandonne, distant.Requete{})
		require.Error(t, err)
	}
	_, err := c.Faire(t.Context(), distant.Requete{})
	require.NoError(t, err)
}

func TestFluxDistingueLaCoupureDuLecteur(t *testing.T) {
	s := nouveauService(t, func(n int32, w http.ResponseWriter, _ *http.Request) {
		if n == 2 {
			w.Header().Set("Content-Length", "1000")
		}
		_, _ = io.WriteString(w, "ligne\n")
	})
	c := client(t, distant.Config{Base: s.URL})
	refus := errors.New("je n’en veux pas")
	require.ErrorIs(t, c.Flux(t.Context(), distant.Requete{}, func(io.Reader) error { return refus }), refus)
	err := c.Flux(t.Context(), distant.Requete{}, func(r io.Reader) error { _, err := io.ReadAll(r); return err })
	require.ErrorIs(t, err, distant.ErrIndisponible, "cut in the middle")
}

func TestNewRefuseUneAdresseImpossible(t *testing.T) {
	for _, base := range []string{"", "ban.example.org", "ftp://x", "https://a:b@x", "https://x?q=1", "https://x#f", "::"} {
		_, err := distant.New(distant.Config{Nom: "essai", Base: base})
		require.Error(t, err, base)
	}
}
