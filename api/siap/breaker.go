package siap

import (
	"sync"
	"time"
)

const (
	failuresToOpen = 5
	openFor        = 60 * time.Second
)

// verdict is what an attempt says of the host.
type verdict int

const (
	reached verdict = iota // the host answered, whatever it said
	failed                 // connection error, timeout, 429, 502, 503, 504
	neutral                // the caller gave up: it says nothing of the host
)

// breaker is the circuit breaker of the host: closed, then open for 60 s after 5 failed attempts
// in a row, then half-open, when one attempt decides. Attempts are counted, not calls: a host that
// hangs is left alone after 5 timeouts, even within two calls.
type breaker struct {
	mu       sync.Mutex
	failures int
	openedAt time.Time // zero when closed
	probing  bool      // half-open, an attempt is in flight
}

// allow tells whether an attempt may be made at the instant now.
func (d *breaker) allow(now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.openedAt.IsZero() {
		return true
	}
	if d.probing || now.Sub(d.openedAt) < openFor {
		return false
	}
	d.probing = true
	return true
}

// record notes the outcome of an attempt that was allowed, and tells whether the breaker opened or
// closed because of it.
func (d *breaker) record(now time.Time, i verdict) (opened, closed bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch i {
	case neutral:
		d.probing = false
	case reached:
		closed = !d.openedAt.IsZero()
		d.failures, d.openedAt, d.probing = 0, time.Time{}, false
	case failed:
		d.failures++
		if d.probing || (d.openedAt.IsZero() && d.failures >= failuresToOpen) {
			opened = d.openedAt.IsZero()
			d.openedAt, d.probing = now, false
		}
	}
	return opened, closed
}

// BreakerState is the position of the circuit breaker.
type BreakerState string

// Positions of the circuit breaker.
const (
	Closed   BreakerState = "ferme"
	Open     BreakerState = "ouvert"
	HalfOpen BreakerState = "demi_ouvert"
)

// State is what the health page shows of the SIAP.
type State struct {
	Breaker             BreakerState
	ConsecutiveFailures int
	OpenedAt            time.Time // zero when closed
}

func (d *breaker) state(now time.Time) State {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := State{Breaker: Closed, ConsecutiveFailures: d.failures, OpenedAt: d.openedAt}
	if !d.openedAt.IsZero() {
		e.Breaker = Open
		if now.Sub(d.openedAt) >= openFor {
			e.Breaker = HalfOpen
		}
	}
	return e
}
