package siap_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/fault"
	"apilos/api/siap"
	"apilos/api/sim"
)

// TestErrorMapping is the table of 05 B.2, with the attempts each outcome allows.
func TestErrorMapping(t *testing.T) {
	html := json.RawMessage(`"<html>maintenance</html>"`)
	for _, c := range []struct {
		name     string
		fault    sim.Fault
		want     error
		attempts int
		kind     fault.Kind
	}{
		{"400", sim.Fault{Status: 400}, siap.ErrRejected, 1, fault.Invalid},
		{"401", sim.Fault{Status: 401}, siap.ErrUnauthorized, 1, fault.BadGateway},
		{"403", sim.Fault{Status: 403}, siap.ErrForbidden, 1, fault.Forbidden},
		{"404", sim.Fault{Status: 404}, siap.ErrNotFound, 1, fault.NotFound},
		{"409", sim.Fault{Status: 409}, siap.ErrRejected, 1, fault.Invalid},
		{"422", sim.Fault{Status: 422}, siap.ErrRejected, 1, fault.Invalid},
		{"429", sim.Fault{Status: 429}, siap.ErrUnavailable, 3, fault.Unavailable},
		{"500", sim.Fault{Status: 500}, siap.ErrBadGateway, 1, fault.BadGateway},
		{"501", sim.Fault{Status: 501}, siap.ErrBadGateway, 1, fault.BadGateway},
		{"502", sim.Fault{Status: 502}, siap.ErrBadGateway, 3, fault.BadGateway},
		{"503", sim.Fault{Status: 503}, siap.ErrUnavailable, 3, fault.Unavailable},
		{"504", sim.Fault{Status: 504}, siap.ErrUnavailable, 3, fault.Unavailable},
		{"redirect", sim.Fault{Status: 302}, siap.ErrBadGateway, 1, fault.BadGateway},
		{"HTML instead of JSON", sim.Fault{Status: 200, Body: html}, siap.ErrBadGateway, 1, fault.BadGateway},
		{"wrong shape", sim.Fault{Body: json.RawMessage(`[]`)}, siap.ErrBadGateway, 1, fault.BadGateway},
		{"null", sim.Fault{Body: json.RawMessage(`null`)}, siap.ErrBadGateway, 1, fault.BadGateway},
		{"wrong type", sim.Fault{Body: json.RawMessage(`{"donneesOperation":{"sansTravaux":"oui"}}`)}, siap.ErrBadGateway, 1, fault.BadGateway},
		{"JSON followed by something", sim.Fault{Body: json.RawMessage(`"{\"donneesOperation\":{}} x"`)}, siap.ErrBadGateway, 1, fault.BadGateway},
		{"empty body", sim.Fault{Status: 200, Body: json.RawMessage(`""`)}, siap.ErrBadGateway, 1, fault.BadGateway},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, "minimal")
			c.fault.Times, c.fault.Match.Route = sim.Times(-1), "operation"
			b.fault(t, c.fault)
			_, err := b.Operation(t.Context(), login, habID, numero)
			require.ErrorIs(t, err, c.want)
			require.Equal(t, c.attempts, b.calls(siap.CallOperation))
			e := siap.AsError(err)
			require.NotNil(t, e)
			require.Equal(t, c.kind, e.Fault().Kind)
			require.Equal(t, c.want.Error(), e.Fault().Message)
			require.NotContains(t, e.Message(), "HTTP")
			for _, other := range []error{siap.ErrUnavailable, siap.ErrUnauthorized, siap.ErrForbidden, siap.ErrNotFound, siap.ErrRejected, siap.ErrBadGateway} {
				require.Equal(t, errors.Is(c.want, other), errors.Is(err, other))
			}
		})
	}
}

func TestRetrySucceedsAndWaitsMore(t *testing.T) {
	b := newBench(t, "minimal")
	b.fault(t, sim.Fault{Match: sim.Match{Route: "operation"}, Times: sim.Times(2), Status: 503})
	o, err := b.Operation(t.Context(), login, habID, numero)
	require.NoError(t, err)
	require.Equal(t, "Quai Bleu", o.DonneesOperation.NomOperation)
	require.Equal(t, 3, b.calls(siap.CallOperation))
	require.Equal(t, []time.Duration{100 * time.Millisecond, 400 * time.Millisecond}, b.pauses.list)
}

func TestJitterStaysWithinAQuarter(t *testing.T) {
	for _, random := range []float64{0, 0.999} {
		p := &pauses{}
		b := newBench(t, "minimal", siap.WithPause(p.sleep, func() float64 { return random }))
		b.fault(t, always(siap.CallOperation, 503))
		_, err := b.Operation(t.Context(), login, habID, numero)
		require.Error(t, err)
		for i, base := range []time.Duration{100 * time.Millisecond, 400 * time.Millisecond} {
			require.InDelta(t, float64(base), float64(p.list[i]), float64(base)/4)
		}
	}
}

// TestAttemptsPerCall counts, for each call of 05 B.2, the attempts made against a SIAP that is down.
func TestAttemptsPerCall(t *testing.T) {
	ctx := t.Context()
	for _, c := range []struct {
		call siap.Call
		want int
		do   func(*siap.Client) error
	}{
		{siap.CallConfig, 3, func(c *siap.Client) error { _, err := c.Config(ctx); return err }},
		{siap.CallHabilitations, 3, func(c *siap.Client) error { _, err := c.Habilitations(ctx, login, habID); return err }},
		{siap.CallMenu, 2, func(c *siap.Client) error { _, err := c.Menu(ctx, login, habID); return err }},
		{siap.CallOperation, 3, func(c *siap.Client) error { _, err := c.RefreshOperation(ctx, login, habID, numero); return err }},
		{siap.CallFusion, 2, func(c *siap.Client) error { _, err := c.Fusions(ctx, login, habID, "900000001"); return err }},
		{siap.CallOperations, 2, func(c *siap.Client) error { _, err := c.Operations(ctx, login, habID); return err }},
		{siap.CallUsersAdministration, 2, func(c *siap.Client) error { _, err := c.UsersAdministration(ctx, login, habID, "35047"); return err }},
		{siap.CallUsersMO, 2, func(c *siap.Client) error { _, err := c.UsersMO(ctx, login, habID, "900000001", "53"); return err }},
		{siap.CallAlertesConvention, 1, func(c *siap.Client) error { _, err := c.ListAlertes(ctx, login, habID, "x"); return err }},
		{siap.CallAlertes, 1, func(c *siap.Client) error { _, err := c.AllAlertes(ctx, login, habID); return err }},
		{siap.CallAlerteCreate, 1, func(c *siap.Client) error { _, err := c.CreateAlerte(ctx, login, habID, validAlerte()); return err }},
		{siap.CallAlerteDelete, 1, func(c *siap.Client) error { return c.DeleteAlerte(ctx, login, habID, 1) }},
	} {
		t.Run(string(c.call), func(t *testing.T) {
			b := newBench(t, "minimal")
			b.fault(t, always(c.call, 503))
			require.ErrorIs(t, c.do(b.Client), siap.ErrUnavailable)
			require.Equal(t, c.want, b.calls(c.call))
			require.Len(t, b.server.Requests(""), c.want, "and nothing else was called")
		})
	}
}

func TestTimeout(t *testing.T) {
	b := newBench(t, "minimal", siap.WithAttemptTimeout(400*time.Millisecond))
	b.fault(t, sim.Fault{Match: sim.Match{Route: "operation"}, Times: sim.Times(-1), DelayMS: 60_000})
	_, err := b.Operation(t.Context(), login, habID, numero)
	require.ErrorIs(t, err, siap.ErrUnavailable)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.True(t, siap.AsError(err).MayHaveReached)
	require.Equal(t, 3, b.calls(siap.CallOperation))
}

func TestConnectionCut(t *testing.T) {
	b := newBench(t, "minimal")
	b.fault(t, sim.Fault{Match: sim.Match{Route: "alerte_create"}, Drop: true})
	_, err := b.CreateAlerte(t.Context(), login, habID, validAlerte())
	require.ErrorIs(t, err, siap.ErrUnavailable)
	require.True(t, siap.AsError(err).MayHaveReached)
	require.Equal(t, 1, b.calls(siap.CallAlerteCreate))
}

func TestConnectionRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := l.Addr().String()
	require.NoError(t, l.Close())
	p := &pauses{}
	c, err := siap.New(siap.Config{Host: "http://" + address, Key: siap.Key{Secret: []byte("k")}}, siap.WithPause(p.sleep, func() float64 { return 0 }))
	require.NoError(t, err)
	defer c.Close()
	_, err = c.CreateAlerte(t.Context(), login, habID, validAlerte())
	require.ErrorIs(t, err, siap.ErrUnavailable)
	require.False(t, siap.AsError(err).MayHaveReached, "nothing was sent: it may be sent again without looking")
	_, err = c.Operation(t.Context(), login, habID, numero)
	require.ErrorIs(t, err, siap.ErrUnavailable)
	require.Len(t, p.list, 2)
}

func TestCallerGivesUp(t *testing.T) {
	b := newBench(t, "minimal")
	b.fault(t, sim.Fault{Match: sim.Match{Route: "alertes_convention"}, Times: sim.Times(-1), DelayMS: 60_000})
	for range 6 { // more than the breaker stands: a caller that leaves says nothing of the SIAP
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		_, err := b.ListAlertes(ctx, login, habID, "x")
		cancel()
		require.ErrorIs(t, err, siap.ErrUnavailable)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := b.ListAlertes(ctx, login, habID, "x")
	require.ErrorIs(t, err, context.Canceled)
	require.Nil(t, siap.AsError(err))
	require.Equal(t, siap.Closed, b.State().Breaker)
}

func TestAnswerTooLarge(t *testing.T) {
	p := &pauses{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"menuItems":[],"x":"`))
		for range 11 {
			_, _ = w.Write(bytes.Repeat([]byte("a"), 1<<20))
		}
		_, _ = w.Write([]byte(`"}`))
	}))
	defer server.Close()
	c, err := siap.New(siap.Config{Host: server.URL, Key: siap.Key{Secret: []byte("k")}}, siap.WithPause(p.sleep, func() float64 { return 0 }))
	require.NoError(t, err)
	defer c.Close()
	_, err = c.Menu(t.Context(), login, habID)
	require.ErrorIs(t, err, siap.ErrBadGateway)
	require.Empty(t, p.list)
}

// TestRejectedExcerpt: at most 500 characters, without e-mail nor token.
func TestRejectedExcerpt(t *testing.T) {
	b := newBench(t, "minimal")
	body, err := json.Marshal("le champ de paul.lagrange@example.org est faux, jeton eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.abc " + strings.Repeat("é", 900))
	require.NoError(t, err)
	b.fault(t, sim.Fault{Match: sim.Match{Route: "alerte_create"}, Status: 400, Body: body})
	_, err = b.CreateAlerte(t.Context(), login, habID, validAlerte())
	require.ErrorIs(t, err, siap.ErrRejected)
	e := siap.AsError(err)
	require.Equal(t, 400, e.Status)
	require.Len(t, []rune(e.Excerpt), 500)
	require.True(t, strings.HasPrefix(e.Excerpt, "le champ de [courriel] est faux, jeton [jeton] é"), e.Excerpt)
	require.Contains(t, err.Error(), "le champ de [courriel]")
	require.False(t, e.MayHaveReached)
}

func TestNewNeverCallsAndRefusesNonsense(t *testing.T) {
	fail := transportFunc(func(*http.Request) (*http.Response, error) { t.Error("New must call nothing"); return nil, errRefused })
	c, err := siap.New(siap.Config{Host: "https://siap.invalid", Key: siap.Key{Secret: []byte("k")}}, siap.WithTransport(fail))
	require.NoError(t, err)
	c.Close()
	for name, cfg := range map[string]siap.Config{
		"no host":           {Key: siap.Key{Secret: []byte("k")}},
		"no scheme":         {Host: "siap.example", Key: siap.Key{Secret: []byte("k")}},
		"other scheme":      {Host: "ftp://siap.example", Key: siap.Key{Secret: []byte("k")}},
		"no key":            {Host: "https://siap.example"},
		"unknown algorithm": {Host: "https://siap.example", Key: siap.Key{Secret: []byte("k"), Algorithm: "none"}},
	} {
		_, err := siap.New(cfg)
		require.Error(t, err, name)
	}
}

// TestTransportB1 checks the address, the headers and the token of a call.
func TestTransportB1(t *testing.T) {
	var got *http.Request
	var body []byte
	c, err := siap.New(siap.Config{Host: "https://siap.example/", Path: "api-int/v9/", UserAgent: "apilos/1.2.3", Key: siap.Key{Secret: []byte("k"), Kid: "n1"}},
		siap.WithClock(newClock().Now), siap.WithRequestID(func(context.Context) string { return "req-1" }),
		siap.WithTransport(transportFunc(func(r *http.Request) (*http.Response, error) {
			got = r
			body, _ = io.ReadAll(r.Body)
			return &http.Response{StatusCode: 201, Body: io.NopCloser(strings.NewReader("")), Header: http.Header{}}, nil
		})))
	require.NoError(t, err)
	defer c.Close()
	id, err := c.CreateAlerte(t.Context(), login, habID, validAlerte())
	require.NoError(t, err)
	require.Zero(t, id, "the body of the answer may be empty")
	require.Equal(t, "https://siap.example/services/tableaubord/api-int/v9/alertes", got.URL.String())
	require.Equal(t, "POST", got.Method)
	require.Empty(t, got.Header.Get("Authorization"))
	require.Equal(t, "application/json", got.Header.Get("Content-Type"))
	require.Equal(t, "application/json", got.Header.Get("Accept"))
	require.Equal(t, "req-1", got.Header.Get("X-Request-Id"))
	require.Equal(t, "apilos/1.2.3", got.Header.Get("User-Agent"))
	require.JSONEq(t, string(mustJSON(t, validAlerte())), string(body))
	header, claims := openToken(t, got.Header.Get("siap-Authorization"))
	require.Equal(t, map[string]any{"alg": "HS256", "typ": "JWT", "kid": "n1"}, header)
	iat := float64(newClock().Now().Unix())
	require.NotEmpty(t, claims["jti"])
	delete(claims, "jti")
	require.Equal(t, map[string]any{"token_type": "access", "iat": iat, "exp": iat + 300, "user-login": login, "habilitation-id": float64(habID)}, claims)
}

func TestTokenWithoutHabilitation(t *testing.T) {
	b := newBench(t, "minimal")
	_, err := b.Config(t.Context())
	require.NoError(t, err)
	claims := b.server.Requests("config")[0].Claims
	require.Equal(t, "", claims["user-login"])
	require.NotContains(t, claims, "habilitation-id")
	_, err = b.Habilitations(t.Context(), login, 0)
	require.NoError(t, err)
	require.NotContains(t, b.server.Requests("habilitations")[0].Claims, "habilitation-id")
}

func TestEachCallHasItsOwnToken(t *testing.T) {
	b := newBench(t, "minimal")
	for range 3 {
		_, err := b.Operations(t.Context(), login, habID)
		require.NoError(t, err)
	}
	seen := map[any]bool{}
	for _, r := range b.server.Requests("operations") {
		seen[r.Claims["jti"]] = true
	}
	require.Len(t, seen, 3)
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return b
}
