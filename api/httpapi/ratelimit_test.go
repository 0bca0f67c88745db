package httpapi_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"apilos/api/httpapi"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

// clock is a hand-moved clock.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 4, 15, 8, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func TestBucketRefillsAtItsRateUpToItsBurst(t *testing.T) {
	c := newClock()
	m := httpapi.NewMemoryLimits(c.now)
	rate := httpapi.Rate{PerMinute: 60, Burst: 3}
	take := func() httpapi.Decision {
		d, err := m.Take(t.Context(), "k", rate)
		require.NoError(t, err)
		return d
	}
	for want := 2; want >= 0; want-- {
		d := take()
		require.True(t, d.Allowed)
		require.Equal(t, want, d.Remaining)
	}
	d := take()
	require.False(t, d.Allowed)
	require.Equal(t, time.Second, d.RetryAfter)
	require.Equal(t, 3*time.Second, d.Reset)
	c.advance(999 * time.Millisecond)
	require.False(t, take().Allowed)
	c.advance(time.Millisecond)
	require.True(t, take().Allowed)
	c.advance(time.Hour)
	require.Equal(t, 2, take().Remaining, "never more than the burst")
}

func TestBucketsOfLongGoneCallersAreForgotten(t *testing.T) {
	c := newClock()
	m := httpapi.NewMemoryLimits(c.now)
	for i := range 100 {
		_, _ = m.Take(t.Context(), string(rune('a'+i)), httpapi.Rate{PerMinute: 60, Burst: 3})
	}
	require.Equal(t, 100, m.Size())
	c.advance(2 * time.Minute)
	_, _ = m.Take(t.Context(), "z", httpapi.Rate{PerMinute: 60, Burst: 3})
	require.Equal(t, 1, m.Size())
}

func TestTokensGivenBackNeverExceedTheBurst(t *testing.T) {
	m, rate := httpapi.NewMemoryLimits(newClock().now), httpapi.Rate{PerMinute: 60, Burst: 2}
	require.NoError(t, m.Give(t.Context(), "k", rate, 5), "a bucket nobody drew on is full")
	take := func() bool { d, _ := m.Take(t.Context(), "k", rate); return d.Allowed }
	require.True(t, take())
	require.True(t, take())
	require.False(t, take())
	require.NoError(t, m.Give(t.Context(), "k", rate, 5))
	require.True(t, take())
	require.True(t, take())
	require.False(t, take())
}

func TestBucketIsSafeUnderConcurrency(t *testing.T) {
	m := httpapi.NewMemoryLimits(newClock().now)
	var allowed atomic.Int32
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			if d, _ := m.Take(context.Background(), "k", httpapi.Rate{PerMinute: 60, Burst: 50}); d.Allowed {
				allowed.Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 50, allowed.Load())
}

func limited(c *clock, rates map[httpapi.LimitClass]httpapi.Rate) setup {
	return setup{chain: func(ch *httpapi.Chain) {
		ch.Limits = httpapi.NewLimits(rates, httpapi.NewMemoryLimits(c.now))
	}}
}

func TestAnonymousRoutesAreLimitedByAddress(t *testing.T) {
	c := newClock()
	s := serve(t, limited(c, map[httpapi.LimitClass]httpapi.Rate{httpapi.LimitAnonymous: {PerMinute: 60, Burst: 2}}), publicRoute(http.MethodGet, ok))
	first := s.get("/api/v1/x")
	require.Equal(t, "60", first.Header.Get("RateLimit-Limit"))
	require.Equal(t, "1", first.Header.Get("RateLimit-Remaining"))
	require.Equal(t, "1", first.Header.Get("RateLimit-Reset"))
	require.Equal(t, 200, s.get("/api/v1/x").StatusCode)
	refused := s.get("/api/v1/x")
	require.Equal(t, 429, refused.StatusCode)
	require.Equal(t, "limite_atteinte", refused.problem(t)["code"])
	require.Equal(t, "1", refused.Header.Get("Retry-After"))
	require.Equal(t, "0", refused.Header.Get("RateLimit-Remaining"))
	c.advance(time.Second)
	require.Equal(t, 200, s.get("/api/v1/x").StatusCode)
}

func TestAuthenticatedRoutesAreLimitedBySessionAndClass(t *testing.T) {
	rates := map[httpapi.LimitClass]httpapi.Rate{httpapi.LimitSession: {PerMinute: 60, Burst: 3}, httpapi.LimitExport: {PerMinute: 10, Burst: 1}}
	s := serve(t, limited(newClock(), rates),
		httpapi.Route{Method: http.MethodGet, Path: "/x", Access: httpapi.Authenticated(), Handler: ok},
		httpapi.Route{Method: http.MethodGet, Path: "/export", Access: httpapi.Authenticated(), Limit: httpapi.LimitExport, Handler: ok},
		httpapi.Route{Method: http.MethodGet, Path: "/libre", Access: httpapi.Authenticated(), Limit: httpapi.LimitNone, Handler: ok})
	require.Equal(t, 200, s.get("/api/v1/export", as("bailleur")...).StatusCode)
	second := s.get("/api/v1/export", as("bailleur")...)
	require.Equal(t, 429, second.StatusCode, "the class of the route is exhausted")
	require.Equal(t, "10", second.Header.Get("RateLimit-Limit"))
	require.Equal(t, "6", second.Header.Get("Retry-After"))
	require.Equal(t, 200, s.get("/api/v1/x", as("bailleur")...).StatusCode)
	require.Equal(t, 429, s.get("/api/v1/x", as("bailleur")...).StatusCode, "exports draw on the session too")
	require.Equal(t, 200, s.get("/api/v1/x", as("lecteur")...).StatusCode, "another session is not touched")
	require.Equal(t, 200, s.get("/api/v1/libre", as("bailleur")...).StatusCode)
}

func TestGuessingTokensIsLimitedByAddress(t *testing.T) {
	s := serve(t, limited(newClock(), map[httpapi.LimitClass]httpapi.Rate{httpapi.LimitAnonymous: {PerMinute: 60, Burst: 2}}),
		httpapi.Route{Method: http.MethodGet, Path: "/x", Access: httpapi.Authenticated(), Handler: ok})
	require.Equal(t, 401, s.get("/api/v1/x", as("un")...).StatusCode)
	require.Equal(t, 401, s.get("/api/v1/x", as("deux")...).StatusCode)
	require.Equal(t, 429, s.get("/api/v1/x", as("trois")...).StatusCode)
	require.Equal(t, 200, s.get("/api/v1/x", as("bailleur")...).StatusCode, "a good token is not held back")
}

type brokenLimits struct{}

func (brokenLimits) Take(context.Context, string, httpapi.Rate) (httpapi.Decision, error) {
	return httpapi.Decision{}, errors.New("store down")
}

func (brokenLimits) Give(context.Context, string, httpapi.Rate, int) error {
	return errors.New("store down")
}

func TestALimitStoreThatIsDownLetsRequestsPass(t *testing.T) {
	s := serve(t, setup{chain: func(c *httpapi.Chain) { c.Limits = httpapi.NewLimits(httpapi.DefaultRates(), brokenLimits{}) }}, publicRoute(http.MethodGet, ok))
	require.Equal(t, 200, s.get("/api/v1/x").StatusCode)
	require.Len(t, s.logs.lines(t, "rate limit not applied"), 1)
}

func TestDefaultRatesAreThoseOf05D(t *testing.T) {
	require.Equal(t, map[httpapi.LimitClass]httpapi.Rate{
		httpapi.LimitSession: {PerMinute: 600, Burst: 120}, httpapi.LimitAnonymous: {PerMinute: 120, Burst: 120},
		httpapi.LimitLogin: {PerMinute: 20, Burst: 20}, httpapi.LimitExport: {PerMinute: 10, Burst: 10}, httpapi.LimitUpload: {PerMinute: 60, Burst: 60},
	}, httpapi.DefaultRates())
}

func TestIPv6CallersAreLimitedByNetwork(t *testing.T) {
	s := serve(t, setup{chain: limited(newClock(), map[httpapi.LimitClass]httpapi.Rate{httpapi.LimitAnonymous: {PerMinute: 60, Burst: 1}}).chain,
		config: func(c *httpapi.Config) { c.TrustedProxies = prefixes("127.0.0.0/8") }}, publicRoute(http.MethodGet, func(c echo.Context) error { return ok(c) }))
	require.Equal(t, 200, s.get("/api/v1/x", "X-Forwarded-For", "2001:db8:0:1::1").StatusCode)
	require.Equal(t, 429, s.get("/api/v1/x", "X-Forwarded-For", "2001:db8:0:1::2").StatusCode)
	require.Equal(t, 200, s.get("/api/v1/x", "X-Forwarded-For", "2001:db8:0:2::1").StatusCode)
}
