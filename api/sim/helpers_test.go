package sim_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/siap"
	"apilos/api/sim"
)

const (
	loginUne = "une@example.org"
	habUne   = int64(71)
	service  = "http://localhost:8080/accounts/cerbere-login?next=%2F"
)

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// bench is a running simulator and a browser that does not follow redirections.
type bench struct {
	*sim.Server
	t       *testing.T
	clock   *clock
	browser *http.Client
}

func newBench(t *testing.T, o sim.Options) *bench {
	t.Helper()
	c := newClock()
	if o.Scenario == "" {
		o.Scenario = "minimal"
	}
	o.Now, o.Logger = c.Now, slog.New(slog.NewTextHandler(io.Discard, nil))
	server, err := sim.Start(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(server.Close)
	b := &bench{Server: server, t: t, clock: c}
	b.newBrowser()
	return b
}

// newBrowser forgets the cookies.
func (b *bench) newBrowser() {
	jar, err := cookiejar.New(nil)
	require.NoError(b.t, err)
	b.browser = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// answer is a response already read.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) decode(t *testing.T, v any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(a.body), v), a.body)
}

func (b *bench) send(method, path string, body any, change ...func(*http.Request)) answer {
	b.t.Helper()
	var r io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(body)
	default:
		raw, err := json.Marshal(body)
		require.NoError(b.t, err)
		r = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.URL()+path, r)
	require.NoError(b.t, err)
	for _, f := range change {
		f(req)
	}
	res, err := b.browser.Do(req)
	require.NoError(b.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	require.NoError(b.t, err)
	return answer{res.StatusCode, res.Header, string(raw)}
}

// token signs a token of the platform.
func (b *bench) token(login string, habilitation int64) string {
	b.t.Helper()
	s, err := b.Key().Sign(siap.Token{Login: login, HabilitationID: habilitation, JTI: "j", IssuedAt: b.clock.Now()})
	require.NoError(b.t, err)
	return s
}

// siap makes a call of the platform.
func (b *bench) siap(method, path string, body any, login string, habilitation int64) answer {
	b.t.Helper()
	return b.send(method, path, body, bearer(b.token(login, habilitation)))
}

func bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("siap-Authorization", "Bearer "+token) }
}

func asForm(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }

// signIn gets a ticket for a service.
func (b *bench) signIn(login, service string) string {
	b.t.Helper()
	a := b.send("GET", "/cas/login?as="+url.QueryEscape(login)+"&service="+url.QueryEscape(service), nil)
	require.Equal(b.t, http.StatusFound, a.status, a.body)
	return ticketOf(b.t, a, service)
}

// ticketOf reads the ticket of a redirection to service.
func ticketOf(t *testing.T, a answer, service string) string {
	t.Helper()
	to, err := url.Parse(a.header.Get("Location"))
	require.NoError(t, err)
	ticket := to.Query().Get("ticket")
	separator := "?"
	if strings.Contains(service, "?") {
		separator = "&"
	}
	require.Equal(t, service+separator+"ticket="+ticket, a.header.Get("Location"))
	return ticket
}
