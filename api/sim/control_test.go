package sim_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/siap"
	"apilos/api/sim"
)

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return b
}

// TestProductionRefused: neither simulator starts in production (05 G.14).
func TestProductionRefused(t *testing.T) {
	for _, env := range []string{"production", "Production", "siap-production"} {
		_, err := sim.Start(t.Context(), sim.Options{Environment: env})
		require.ErrorIs(t, err, sim.ErrProduction)
		require.ErrorIs(t, sim.RunSIAP(t.Context(), sim.Options{Environment: env}, io.Discard), sim.ErrProduction)
		require.ErrorIs(t, sim.RunCAS(t.Context(), sim.Options{Environment: env}, io.Discard), sim.ErrProduction)
	}
	for _, env := range []string{"", "development", "test", "staging"} {
		_, err := sim.New(sim.Options{Environment: env})
		require.NoError(t, err, env)
	}
	_, err := sim.New(sim.Options{WithoutCAS: true, WithoutSIAP: true})
	require.Error(t, err)
	_, err = sim.New(sim.Options{Scenario: "absent"})
	require.ErrorContains(t, err, "introuvable")
}

func TestScenarioRoutes(t *testing.T) {
	b := newBench(t, sim.Options{})
	var got map[string]any
	b.send("GET", "/__sim/scenario", nil).decode(t, &got)
	require.Contains(t, got["operations"], "20240100777")
	again := b.send("PUT", "/__sim/scenario", mustJSON2(got))
	require.Equal(t, 200, again.status, "what is read can be written back: %s", again.body)
	yaml := "version: 1\nconfig: {racineUrlAccesWeb: x, urlAccesWeb: /a, urlAccesWebOperation: /b}\nusers: {}\n"
	require.Equal(t, 200, b.send("PUT", "/__sim/scenario", yaml).status)
	require.Empty(t, b.Scenario().Users)
	bad := b.send("PUT", "/__sim/scenario", `{"version":1,"config":{},"users":{}}`)
	require.Equal(t, 400, bad.status)
	require.Contains(t, bad.body, `"chemin":"config"`)
	require.Equal(t, 400, b.send("PUT", "/__sim/scenario", "{").status)
	require.Empty(t, b.Scenario().Users, "a refused scenario changes nothing")
	require.Equal(t, 200, b.send("PUT", "/__sim/scenario?nom=demo", nil).status)
	require.Greater(t, len(b.Scenario().Users), 8)
	require.Equal(t, 404, b.send("PUT", "/__sim/scenario?nom=../demo", nil).status)
	require.JSONEq(t, string(sim.Schema()), b.send("GET", "/__sim/schema", nil).body)
	var health map[string]any
	b.send("GET", "/__sim/healthz", nil).decode(t, &health)
	require.Equal(t, "ok", health["statut"])
	require.Equal(t, 404, b.send("GET", "/__sim/absent", nil).status)
	require.Equal(t, 404, b.send("GET", "/__sim/reset", nil).status)
}

func mustJSON2(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// TestControlIsForThisMachine: no authentication, so nobody else may come in.
func TestControlIsForThisMachine(t *testing.T) {
	s, err := sim.New(sim.Options{Scenario: "minimal"})
	require.NoError(t, err)
	for _, c := range []struct {
		name, remote, host, origin string
		status                     int
	}{
		{"this machine", "127.0.0.1:4000", "localhost:8090", "", 204},
		{"this machine, IPv6", "[::1]:4000", "[::1]:8090", "", 204},
		{"page of the platform here", "127.0.0.1:4000", "localhost:8090", "http://localhost:8080", 204},
		{"another machine", "192.168.1.20:4000", "localhost:8090", "", 403},
		{"foreign name that points here", "127.0.0.1:4000", "mechant.example", "", 403},
		{"page of another site", "127.0.0.1:4000", "localhost:8090", "https://mechant.example", 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "http://"+c.host+"/__sim/reset", nil)
			r.RemoteAddr = c.remote
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, r)
			require.Equal(t, c.status, w.Code)
		})
	}
}

// TestDriveMode: the simulator calls our inbound API with a token of its own, and passes the answer on.
func TestDriveMode(t *testing.T) {
	key := siap.Key{Kid: "entrant", Secret: []byte("inbound-key")}
	var got *http.Request
	platform := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(418)
		_, _ = io.WriteString(w, `{"status":"SUCCESS"}`)
	}))
	defer platform.Close()
	b := newBench(t, sim.Options{InboundKey: key})
	call := func(body string) answer { return b.send("POST", "/__sim/call", body) }
	require.Equal(t, 409, call(`{"route":"config","login":"x","habilitation_id":1}`).status, "the platform is unknown")
	b.SetPlatform(platform.URL + "/")
	for _, c := range []struct{ body, method, uri string }{
		{`{"route":"config","login":"a@b.c","habilitation_id":7}`, "GET", "/api-siap/v0/config/"},
		{`{"route":"convention_kpi","login":"a@b.c","habilitation_id":7}`, "GET", "/api-siap/v0/convention_kpi/"},
		{`{"route":"operation","numero":"A/1","login":"a@b.c","habilitation_id":7}`, "GET", "/api-siap/v0/operation/A%2F1/"},
		{`{"route":"operation","numero":"1","method":"POST","login":"a@b.c","habilitation_id":7}`, "POST", "/api-siap/v0/operation/1/"},
		{`{"route":"close_operation","numero":"1","login":"a@b.c","habilitation_id":7}`, "GET", "/api-siap/v0/close_operation/1/"},
		{`{"route":"cancel_operation","numero":"1","login":"a@b.c","habilitation_id":7}`, "POST", "/api-siap/v0/cancel_operation/1/"},
		{`{"route":"/api-siap/v0/operation/1","login":"a@b.c","habilitation_id":7}`, "GET", "/api-siap/v0/operation/1"},
	} {
		a := call(c.body)
		require.Equal(t, 418, a.status, a.body)
		require.JSONEq(t, `{"status":"SUCCESS"}`, a.body)
		require.Equal(t, c.method, got.Method)
		require.Equal(t, c.uri, got.RequestURI)
		token, ok := strings.CutPrefix(got.Header.Get("Authorization"), "Bearer ")
		require.True(t, ok)
		twin := newBench(t, sim.Options{Keys: []siap.Key{key}})
		require.Equal(t, 200, twin.send("GET", menuPath, nil, bearer(token)).status, "a good token, by the rules of A.2")
		require.Equal(t, "a@b.c", twin.Requests("menu")[0].Login())
	}
	for _, bad := range []string{`{`, `{"route":"x"}`, `{"route":"operation"}`, `{"route":"//evil.example/"}`, `{"route":"/api/v1/session"}`, `{"route":"config","inconnu":1}`} {
		require.Equal(t, 400, call(bad).status, bad)
	}
	platform.Close()
	require.Equal(t, 502, call(`{"route":"config","login":"x","habilitation_id":1}`).status)
}

func TestStartAndClose(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, err := sim.Start(ctx, sim.Options{Scenario: "minimal"})
	require.NoError(t, err)
	require.Equal(t, s.URL()+"/cas/", s.CASURL())
	cancel()
	require.Eventually(t, func() bool { _, err := http.Get(s.URL() + "/__sim/healthz"); return err != nil }, 30*time.Second, time.Millisecond)
	s.Close()
	s.Close()
	_, err = sim.Start(t.Context(), sim.Options{Listen: "256.0.0.1:0"})
	require.ErrorContains(t, err, "écoute")
}

// lockedBuffer is a writer that can be read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestRunCommands(t *testing.T) {
	for name, c := range map[string]struct {
		run          func(context.Context, sim.Options, io.Writer) error
		siap, absent string
	}{
		"siap-sim": {sim.RunSIAP, "SIAP_CLIENT_HOST=", "-"},
		"cas-sim":  {sim.RunCAS, "CERBERE_AUTH=", "SIAP_CLIENT_HOST="},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			out, done := &lockedBuffer{}, make(chan error, 1)
			go func() { done <- c.run(ctx, sim.Options{Scenario: "minimal"}, out) }()
			require.Eventually(t, func() bool { return strings.Contains(out.String(), "/__sim/") }, 30*time.Second, time.Millisecond)
			cancel()
			require.NoError(t, <-done)
			require.Contains(t, out.String(), c.siap)
			require.Contains(t, out.String(), "CERBERE_AUTH=http://127.0.0.1:")
			require.NotContains(t, out.String(), c.absent+"http")
		})
	}
}

func TestPartsAlone(t *testing.T) {
	cas := newBench(t, sim.Options{WithoutSIAP: true})
	require.Equal(t, 404, cas.menu().status)
	require.Equal(t, 404, cas.send("GET", "/tableau-bord", nil).status)
	require.Equal(t, 200, cas.send("GET", "/cas/login", nil).status)
	alone := newBench(t, sim.Options{WithoutCAS: true})
	require.Equal(t, 200, alone.menu().status)
	require.Equal(t, 404, alone.send("GET", "/cas/login", nil).status)
	require.Equal(t, 200, alone.send("GET", "/__sim/", nil).status)
}

// TestConcurrentUse: calls, faults, resets and reads at the same time; run with -race.
func TestConcurrentUse(t *testing.T) {
	b := newBench(t, sim.Options{})
	handler := b.Handler()
	token := b.token(loginUne, habUne)
	var wg sync.WaitGroup
	for i := range 24 {
		wg.Go(func() {
			for range 10 {
				r := httptest.NewRequest("POST", alertesPath, strings.NewReader(mustJSON2(alerte())))
				bearer(token)(r)
				handler.ServeHTTP(httptest.NewRecorder(), r)
				switch i % 6 {
				case 0:
					_ = b.AddFaults(sim.Fault{Status: 503})
				case 1:
					b.Alertes("")
				case 2:
					b.Requests("alerte_create")
				case 3:
					b.Reset()
				case 4:
					b.SetPlatform("http://localhost:8080")
				case 5:
					handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/cas/login?as="+loginUne+"&service=http://localhost:1/", nil))
				}
			}
		})
	}
	wg.Wait()
}
