package siap_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/siap"
	"apilos/api/sim"
)

const (
	login  = "une@example.org"
	habID  = int64(71)
	numero = "20240100777"
)

// clock is a clock that only moves when told.
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

// pauses records the waits between attempts instead of making them.
type pauses struct {
	mu   sync.Mutex
	list []time.Duration
}

func (p *pauses) sleep(_ context.Context, d time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.list = append(p.list, d)
	return nil
}

// bench is a client in front of a simulator, both on the same clock.
type bench struct {
	*siap.Client
	server *sim.Server
	clock  *clock
	pauses *pauses
}

func newBench(t *testing.T, scenario string, opts ...siap.Option) *bench {
	t.Helper()
	b := &bench{clock: newClock(), pauses: &pauses{}}
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	var err error
	b.server, err = sim.Start(t.Context(), sim.Options{Scenario: scenario, Now: b.clock.Now, Logger: quiet})
	require.NoError(t, err)
	b.Client, err = siap.New(siap.Config{Host: b.server.URL(), Key: b.server.Key()}, append([]siap.Option{
		siap.WithClock(b.clock.Now), siap.WithLogger(quiet),
		siap.WithPause(b.pauses.sleep, func() float64 { return 0.5 }),
	}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(func() { b.Client.Close(); b.server.Close() })
	return b
}

// fault plans faults.
func (b *bench) fault(t *testing.T, faults ...sim.Fault) {
	t.Helper()
	require.NoError(t, b.server.AddFaults(faults...))
}

// calls counts the attempts that reached the simulator for a call.
func (b *bench) calls(c siap.Call) int { return len(b.server.Requests(string(c))) }

// always is a fault that answers status to every call of route.
func always(c siap.Call, status int) sim.Fault {
	return sim.Fault{Match: sim.Match{Route: string(c)}, Times: sim.Times(-1), Status: status}
}

// memoryStore is a CacheStore that survives the clients that use it.
type memoryStore struct {
	mu   sync.Mutex
	m    map[string]stored
	puts int
}

type stored struct {
	value []byte
	at    time.Time
}

func (s *memoryStore) Get(_ context.Context, key string) ([]byte, time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.m[key]
	return e.value, e.at, nil
}

func (s *memoryStore) Put(_ context.Context, key string, value []byte, at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m == nil {
		s.m = map[string]stored{}
	}
	s.m[key] = stored{value, at}
	s.puts++
	return nil
}

// transportFunc is a RoundTripper made of a function.
type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// counts is a Metrics that counts outcomes.
type counts struct {
	mu   sync.Mutex
	m    map[string]int
	open []bool
}

func (c *counts) ObserveSIAPCall(call, outcome string, _ time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.m == nil {
		c.m = map[string]int{}
	}
	c.m[call+" "+outcome]++
}

func (c *counts) SetSIAPBreaker(open bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = append(c.open, open)
}

func (c *counts) of(call siap.Call, outcome string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.m[fmt.Sprintf("%s %s", call, outcome)]
}

var errRefused = errors.New("connection refused")
