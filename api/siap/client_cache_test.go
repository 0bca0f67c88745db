package siap_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/siap"
	"apilos/api/sim"
)

// TestCacheLifetimes is the cache column of 05 B.2.
func TestCacheLifetimes(t *testing.T) {
	ctx := t.Context()
	for _, c := range []struct {
		call siap.Call
		ttl  time.Duration
		do   func(*siap.Client) error
	}{
		{siap.CallHabilitations, 60 * time.Second, func(c *siap.Client) error { _, err := c.Habilitations(ctx, login, habID); return err }},
		{siap.CallMenu, 15 * time.Minute, func(c *siap.Client) error { _, err := c.Menu(ctx, login, habID); return err }},
		{siap.CallOperation, 30 * time.Second, func(c *siap.Client) error { _, err := c.Operation(ctx, login, habID, numero); return err }},
		{siap.CallFusion, 60 * time.Minute, func(c *siap.Client) error { _, err := c.Fusions(ctx, login, habID, "900000001"); return err }},
		{siap.CallOperations, 0, func(c *siap.Client) error { _, err := c.Operations(ctx, login, habID); return err }},
		{siap.CallAlertesConvention, 0, func(c *siap.Client) error { _, err := c.ListAlertes(ctx, login, habID, "x"); return err }},
	} {
		t.Run(string(c.call), func(t *testing.T) {
			b := newBench(t, "minimal")
			require.NoError(t, c.do(b.Client))
			b.clock.Advance(c.ttl - time.Second)
			require.NoError(t, c.do(b.Client))
			if c.ttl == 0 {
				require.Equal(t, 2, b.calls(c.call), "never kept")
				return
			}
			require.Equal(t, 1, b.calls(c.call), "still fresh")
			b.clock.Advance(time.Second)
			require.NoError(t, c.do(b.Client))
			require.Equal(t, 2, b.calls(c.call), "asked again")
		})
	}
}

func TestCacheKeysKeepPeopleApart(t *testing.T) {
	b := newBench(t, "demo")
	marie, err := b.Habilitations(t.Context(), "marie.durand@example.org", 101)
	require.NoError(t, err)
	luc, err := b.Habilitations(t.Context(), "luc.martin@example.org", 201)
	require.NoError(t, err)
	require.NotEqual(t, marie[0].ID, luc[0].ID)
	_, err = b.Operation(t.Context(), "marie.durand@example.org", 101, "20240870001")
	require.NoError(t, err)
	_, err = b.Operation(t.Context(), "solene.legoff@example.org", 111, "20240870001")
	require.ErrorIs(t, err, siap.ErrForbidden, "the answer given to one is not given to another")
}

func TestCachedValueIsNotShared(t *testing.T) {
	b := newBench(t, "minimal")
	first, err := b.Operation(t.Context(), login, habID, numero)
	require.NoError(t, err)
	first.DonneesOperation.NomOperation = "changed"
	first.Brut[0] = 'x'
	second, err := b.Operation(t.Context(), login, habID, numero)
	require.NoError(t, err)
	require.Equal(t, "Quai Bleu", second.DonneesOperation.NomOperation)
	require.True(t, json.Valid(second.Brut))
}

func TestRefreshBypassesTheCache(t *testing.T) {
	b := newBench(t, "minimal")
	for range 2 {
		_, err := b.RefreshOperation(t.Context(), login, habID, numero)
		require.NoError(t, err)
		_, err = b.RefreshHabilitations(t.Context(), login, habID)
		require.NoError(t, err)
	}
	require.Equal(t, 2, b.calls(siap.CallOperation))
	require.Equal(t, 2, b.calls(siap.CallHabilitations))
	_, err := b.Operation(t.Context(), login, habID, numero)
	require.NoError(t, err)
	require.Equal(t, 2, b.calls(siap.CallOperation), "and what was refreshed is kept")
}

func TestFailureIsNotKept(t *testing.T) {
	b := newBench(t, "minimal")
	b.fault(t, sim.Fault{Match: sim.Match{Route: "operation"}, Status: 500})
	_, err := b.Operation(t.Context(), login, habID, numero)
	require.ErrorIs(t, err, siap.ErrBadGateway)
	_, err = b.Operation(t.Context(), login, habID, numero)
	require.NoError(t, err)
}

// TestConfigSurvivesOutage: the last good value is served while the SIAP is down, without waiting.
func TestConfigSurvivesOutage(t *testing.T) {
	store := &memoryStore{}
	b := newBench(t, "minimal", siap.WithCacheStore(store))
	want, err := b.Config(t.Context())
	require.NoError(t, err)
	require.Equal(t, b.server.URL(), want.RacineURLAccesWeb)
	require.Equal(t, 1, store.puts)
	b.fault(t, always(siap.CallConfig, 500))
	b.clock.Advance(2 * time.Hour)
	for i := range 5 {
		got, err := b.Config(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, got)
		if i == 0 {
			require.Eventually(t, func() bool { return b.calls(siap.CallConfig) == 2 }, 30*time.Second, time.Millisecond)
		}
	}
	b.Client.Close() // waits for what is under way
	require.Equal(t, 2, b.calls(siap.CallConfig), "one refresh behind, then a pause after its failure")
	require.Equal(t, 1, store.puts)
}

func TestConfigRefreshesBehind(t *testing.T) {
	b := newBench(t, "minimal")
	_, err := b.Config(t.Context())
	require.NoError(t, err)
	s, err := sim.Parse([]byte(`{"version":1,"users":{},"config":{"racineUrlAccesWeb":"https://nouveau.example/","urlAccesWeb":"/a","urlAccesWebOperation":"/b"}}`))
	require.NoError(t, err)
	b.server.SetScenario(s)
	b.clock.Advance(time.Hour)
	require.Eventually(t, func() bool {
		got, err := b.Config(t.Context())
		return err == nil && got.RacineURLAccesWeb == "https://nouveau.example"
	}, 30*time.Second, time.Millisecond)
}

func TestConfigSurvivesRestart(t *testing.T) {
	store := &memoryStore{}
	b := newBench(t, "minimal", siap.WithCacheStore(store))
	want, err := b.Config(t.Context())
	require.NoError(t, err)
	b.clock.Advance(48 * time.Hour)
	b.server.Close()
	again, err := siap.New(siap.Config{Host: b.server.URL(), Key: b.server.Key()}, siap.WithClock(b.clock.Now),
		siap.WithCacheStore(store), siap.WithPause(b.pauses.sleep, func() float64 { return 0 }))
	require.NoError(t, err)
	defer again.Close()
	got, err := again.Config(t.Context())
	require.NoError(t, err)
	require.Equal(t, want, got)
}

func TestConfigNeverReceived(t *testing.T) {
	b := newBench(t, "minimal", siap.WithCacheStore(&memoryStore{m: map[string]stored{"config": {value: []byte(`{"broken":`)}}}))
	b.fault(t, always(siap.CallConfig, 503))
	_, err := b.Config(t.Context())
	require.ErrorIs(t, err, siap.ErrUnavailable)
}

// TestConfigRequiredKeys: an incomplete answer is refused and does not replace the good one.
func TestConfigRequiredKeys(t *testing.T) {
	b := newBench(t, "minimal")
	for _, body := range []string{`{}`, `{"racineUrlAccesWeb":"https://x"}`, `{"racineUrlAccesWeb":"/","urlAccesWeb":"/a","urlAccesWebOperation":"/b"}`} {
		b.fault(t, sim.Fault{Match: sim.Match{Route: "config"}, Body: json.RawMessage(body)})
		_, err := b.Config(t.Context())
		require.ErrorIs(t, err, siap.ErrBadGateway, body)
	}
	b.fault(t, sim.Fault{Match: sim.Match{Route: "config"}, Body: json.RawMessage(`{"version":"v2.1","urlAccesWebOperation":"/b","urlAccesWeb":"/a","racineUrlAccesWeb":"https://x/"}`)})
	c, err := b.Config(t.Context())
	require.NoError(t, err, "the order of the keys means nothing")
	require.Equal(t, "https://x", c.RacineURLAccesWeb)
}

func TestMenuFallsBackOnTheLastKnown(t *testing.T) {
	store := &memoryStore{}
	b := newBench(t, "minimal", siap.WithCacheStore(store))
	want, err := b.Menu(t.Context(), login, habID)
	require.NoError(t, err)
	require.Len(t, want, 1)
	b.fault(t, always(siap.CallMenu, 500))
	b.clock.Advance(23 * time.Hour)
	got, err := b.Menu(t.Context(), login, habID)
	require.NoError(t, err)
	require.Equal(t, want, got)
	fresh := newBench(t, "minimal", siap.WithCacheStore(store))
	fresh.clock.Advance(23 * time.Hour)
	fresh.fault(t, always(siap.CallMenu, 500))
	got, err = fresh.Menu(t.Context(), login, habID)
	require.NoError(t, err, "after a restart too")
	require.Equal(t, want, got)
	other, err := fresh.Menu(t.Context(), "autre@example.org", habID)
	require.ErrorIs(t, err, siap.ErrBadGateway)
	require.Empty(t, other)
	b.clock.Advance(2 * time.Hour)
	_, err = b.Menu(t.Context(), login, habID)
	require.ErrorIs(t, err, siap.ErrBadGateway, "older than 24 h")
	for key := range store.m {
		require.NotContains(t, key, login)
	}
}

// TestSingleFlight: callers that come together make one call (05 A.2).
func TestSingleFlight(t *testing.T) {
	b := newBench(t, "minimal")
	b.fault(t, sim.Fault{Match: sim.Match{Route: "habilitations"}, Times: sim.Times(-1), DelayMS: 300})
	var wg sync.WaitGroup
	start := make(chan struct{})
	for range 20 {
		wg.Go(func() {
			<-start
			_, err := b.Habilitations(t.Context(), login, habID)
			if err != nil {
				t.Error(err)
			}
		})
	}
	close(start)
	wg.Wait()
	require.Equal(t, 1, b.calls(siap.CallHabilitations))
}

// TestSharedCallOutlivesItsStarter: the one who asked first leaves, the others still get the answer.
func TestSharedCallOutlivesItsStarter(t *testing.T) {
	b := newBench(t, "minimal")
	b.fault(t, sim.Fault{Match: sim.Match{Route: "habilitations"}, Times: sim.Times(-1), DelayMS: 1500})
	first, leave := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() { _, err := b.Habilitations(first, login, habID); gone <- err }()
	require.Eventually(t, func() bool { return b.calls(siap.CallHabilitations) == 1 }, 30*time.Second, time.Millisecond)
	stays := make(chan error, 1)
	go func() { _, err := b.Habilitations(t.Context(), login, habID); stays <- err }()
	leave()
	require.ErrorIs(t, <-gone, context.Canceled)
	require.NoError(t, <-stays)
	require.Equal(t, 1, b.calls(siap.CallHabilitations))
}

// TestConcurrentPeople: 50 requests of two people never mix their habilitations (05 G.13); run with -race.
func TestConcurrentPeople(t *testing.T) {
	b := newBench(t, "demo")
	people := []struct {
		login string
		id    int64
		siren string
	}{{"marie.durand@example.org", 101, "999087018"}, {"solene.legoff@example.org", 111, "999035017"}}
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			p := people[i%2]
			list, err := b.Habilitations(t.Context(), p.login, p.id)
			if err != nil || len(list) != 1 || list[0].ID != p.id || list[0].EntiteMorale.Siren.String() != p.siren {
				t.Errorf("%s: %v %v", p.login, list, err)
				return
			}
			list[0].EntiteMorale.Siren = "000000000" // must stay between us
			if _, err := b.Menu(t.Context(), p.login, p.id); err != nil {
				t.Error(err)
			}
			if _, err := b.Config(t.Context()); err != nil {
				t.Error(err)
			}
			if i%5 == 0 {
				b.clock.Advance(time.Minute)
			}
		})
	}
	wg.Wait()
}
