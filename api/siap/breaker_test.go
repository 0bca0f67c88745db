package siap_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/siap"
	"apilos/api/sim"
)

// TestBreakerAL26: five failures in a row open it, calls then fail at once, one call tries after 60 s.
func TestBreakerAL26(t *testing.T) {
	metrics := &counts{}
	b := newBench(t, "minimal", siap.WithMetrics(metrics))
	list := func() error { _, err := b.ListAlertes(t.Context(), login, habID, "x"); return err }
	down := always(siap.CallAlertesConvention, 503)
	down.Times = sim.Times(6)
	b.fault(t, down)
	for range 4 {
		require.ErrorIs(t, list(), siap.ErrUnavailable)
	}
	require.Equal(t, siap.State{Breaker: siap.Closed, ConsecutiveFailures: 4}, b.State())
	require.ErrorIs(t, list(), siap.ErrUnavailable)
	require.Equal(t, siap.Open, b.State().Breaker)
	require.Equal(t, b.clock.Now(), b.State().OpenedAt)

	for range 3 {
		err := list()
		require.ErrorIs(t, err, siap.ErrUnavailable)
		require.False(t, siap.AsError(err).MayHaveReached)
	}
	_, err := b.Operation(t.Context(), login, habID, numero)
	require.ErrorIs(t, err, siap.ErrUnavailable, "one breaker for the whole host")
	require.Len(t, b.server.Requests(""), 5, "nothing left while open")

	b.clock.Advance(59 * time.Second)
	require.Error(t, list())
	require.Len(t, b.server.Requests(""), 5)
	b.clock.Advance(time.Second)
	require.Equal(t, siap.HalfOpen, b.State().Breaker)
	require.ErrorIs(t, list(), siap.ErrUnavailable)
	require.Len(t, b.server.Requests(""), 6, "the probe failed")
	require.Equal(t, siap.Open, b.State().Breaker)
	b.clock.Advance(59 * time.Second)
	require.Error(t, list())
	require.Len(t, b.server.Requests(""), 6, "and the minute starts again")
	b.clock.Advance(time.Second)
	require.NoError(t, list())
	require.Equal(t, siap.State{Breaker: siap.Closed}, b.State())
	require.NoError(t, list())

	require.Equal(t, 6, metrics.of(siap.CallAlertesConvention, "unavailable"))
	require.Equal(t, 5, metrics.of(siap.CallAlertesConvention, "breaker_open"))
	require.Equal(t, 1, metrics.of(siap.CallOperation, "breaker_open"))
	require.Equal(t, 2, metrics.of(siap.CallAlertesConvention, "ok"))
	require.Equal(t, []bool{true, false}, metrics.open)
}

// TestBreakerCountsAttempts: retries of one call count too, and stop when it opens.
func TestBreakerCountsAttempts(t *testing.T) {
	b := newBench(t, "minimal")
	b.fault(t, always(siap.CallOperation, 504))
	for range 2 {
		_, err := b.Operation(t.Context(), login, habID, numero)
		require.ErrorIs(t, err, siap.ErrUnavailable)
	}
	require.Equal(t, 5, b.calls(siap.CallOperation))
	require.Equal(t, siap.Open, b.State().Breaker)
}

// TestBreakerNeedsFailuresInARow: an answer, even an error, proves the host is there.
func TestBreakerNeedsFailuresInARow(t *testing.T) {
	for _, status := range []int{200, 400, 401, 403, 404, 500} {
		b := newBench(t, "minimal")
		for range 3 {
			down := always(siap.CallAlertesConvention, 503)
			down.Times = sim.Times(4)
			b.fault(t, down)
			for range 4 {
				_, err := b.ListAlertes(t.Context(), login, habID, "x")
				require.ErrorIs(t, err, siap.ErrUnavailable)
			}
			if status != 200 {
				b.fault(t, sim.Fault{Match: sim.Match{Route: "alertes_convention"}, Status: status})
			}
			_, _ = b.ListAlertes(t.Context(), login, habID, "x")
			require.Equal(t, siap.State{Breaker: siap.Closed}, b.State(), "status %d", status)
		}
	}
}

// TestBreakerLetsOneProbeThrough: half-open, only one of many concurrent calls goes out.
func TestBreakerLetsOneProbeThrough(t *testing.T) {
	clk := newClock()
	var mu sync.Mutex
	sent, failing := 0, true
	release := make(chan struct{})
	c, err := siap.New(siap.Config{Host: "http://siap.example", Key: siap.Key{Secret: []byte("k")}}, siap.WithClock(clk.Now),
		siap.WithTransport(transportFunc(func(*http.Request) (*http.Response, error) {
			mu.Lock()
			sent++
			wait := !failing
			mu.Unlock()
			if wait {
				<-release
			}
			return nil, errRefused
		})))
	require.NoError(t, err)
	defer c.Close()
	for range 5 {
		_, err := c.ListAlertes(t.Context(), login, habID, "x")
		require.ErrorIs(t, err, siap.ErrUnavailable)
	}
	mu.Lock()
	sent, failing = 0, false
	mu.Unlock()
	clk.Advance(time.Minute)
	var wg sync.WaitGroup
	errs := make(chan error, 20)
	for range 20 {
		wg.Go(func() { _, err := c.ListAlertes(t.Context(), login, habID, "x"); errs <- err })
	}
	for range 19 { // all but the probe come back at once
		require.ErrorIs(t, <-errs, siap.ErrUnavailable)
	}
	close(release)
	wg.Wait()
	require.Equal(t, 1, sent)
}
