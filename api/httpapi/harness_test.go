package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"apilos/api/internal/journaux"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

// logs gathers what the server logs, one JSON object per line.
type logs struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logs) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// lines returns the records with this message.
func (l *logs) lines(t *testing.T, msg string) []map[string]any {
	t.Helper()
	var out []map[string]any
	for _, line := range strings.Split(strings.TrimSpace(l.String()), "\n") {
		var m map[string]any
		if line == "" {
			continue
		}
		require.NoError(t, json.Unmarshal([]byte(line), &m))
		if m["msg"] == msg {
			out = append(out, m)
		}
	}
	return out
}

// people is an Authenticator whose tokens are names.
type people map[string]auth.Principal

func (p people) Authenticate(_ context.Context, token string) (auth.Principal, error) {
	if who, ok := p[token]; ok {
		return who, nil
	}
	return auth.Principal{}, fault.New(fault.Unauthenticated, "non_authentifie", "Votre session est fermée.")
}

func everybody() people {
	return people{
		"bailleur":    {UtilisateurID: 1, SessionID: "s1", HabilitationID: 71, Typologie: auth.Bailleur},
		"instructeur": {UtilisateurID: 2, SessionID: "s2", Typologie: auth.Instructeur},
		"lecteur":     {UtilisateurID: 3, SessionID: "s3", Typologie: auth.Instructeur, LectureSeule: true},
		"sans-role":   {UtilisateurID: 4, SessionID: "s4"},
		"staff":       {UtilisateurID: 5, SessionID: "s5", Staff: true},
		"detourne":    {UtilisateurID: 6, SessionID: "s6", Typologie: auth.Instructeur, DetourneParID: 5, Mode: auth.DetournementLecture},
	}
}

// table is a Resource made of routes.
type table []httpapi.Route

func (r table) Routes() []httpapi.Route { return r }

// site is a server under test.
type site struct {
	t    *testing.T
	url  string
	logs *logs
	echo *echo.Echo
}

type setup struct {
	config func(*httpapi.Config)
	chain  func(*httpapi.Chain)
}

// serve starts a real server with these routes below /api/v1.
func serve(t *testing.T, s setup, routes ...httpapi.Route) *site {
	t.Helper()
	l := &logs{}
	t.Cleanup(func() { require.Empty(t, journaux.Reconnus(l.String()), "a secret in the log") })
	cfg := httpapi.Config{Log: slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug})), AllowedHosts: []string{"127.0.0.1"}}
	if s.config != nil {
		s.config(&cfg)
	}
	e, err := httpapi.New(cfg)
	require.NoError(t, err)
	chain := httpapi.Chain{Authenticator: everybody(), Log: cfg.Log}
	if s.chain != nil {
		s.chain(&chain)
	}
	require.NoError(t, httpapi.Mount(e, "/api/v1", chain, table(routes)))
	srv := httptest.NewServer(e)
	t.Cleanup(srv.Close)
	return &site{t: t, url: srv.URL, logs: l, echo: e}
}

// log is the logger of the server.
func (s *site) log() *slog.Logger { return slog.New(slog.NewJSONHandler(s.logs, nil)) }

type reply struct {
	*http.Response
	body string
}

// problem decodes an error body and checks what every one must have.
func (r reply) problem(t *testing.T) map[string]any {
	t.Helper()
	require.Equal(t, httpapi.MIMEProblem, r.Header.Get("Content-Type"), r.body)
	var m map[string]any
	require.NoError(t, json.Unmarshal([]byte(r.body), &m))
	require.EqualValues(t, r.StatusCode, m["status"])
	require.Equal(t, "/problemes/"+m["code"].(string), m["type"])
	require.Equal(t, r.Header.Get("X-Request-Id"), m["request_id"])
	require.NotEmpty(t, m["title"])
	require.NotEmpty(t, m["detail"])
	return m
}

// do sends a request; header pairs follow the body.
func (s *site) do(method, path, body string, headers ...string) reply {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	require.NoError(s.t, err)
	if body == "" {
		req.Body = nil
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			req.Host = headers[i+1]
			continue
		}
		req.Header.Add(headers[i], headers[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: time.Minute}
	res, err := client.Do(req)
	require.NoError(s.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	return reply{res, string(text)}
}

func (s *site) get(path string, headers ...string) reply {
	return s.do(http.MethodGet, path, "", headers...)
}

func (s *site) post(path, body string, headers ...string) reply {
	return s.do(http.MethodPost, path, body, append([]string{"Content-Type", "application/json"}, headers...)...)
}

func as(who string) []string { return []string{"Authorization", "Bearer " + who} }

func ok(c echo.Context) error { return c.JSON(http.StatusOK, map[string]bool{"ok": true}) }

func publicRoute(method string, h echo.HandlerFunc) httpapi.Route {
	return httpapi.Route{Method: method, Path: "/x", Access: httpapi.Public(), Handler: h}
}
