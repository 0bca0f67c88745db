package httpapi

import (
	"context"
	"math"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"apilos/api/fault"
	"github.com/labstack/echo/v4"
)

// LimitClass names a rate limit of 05 D.
type LimitClass string

// Classes of limits. A route that declares none draws on the session of its caller, or on the address
// when it is anonymous; a class declared by the route comes in addition to that of the session.
const (
	LimitSession   LimitClass = "session"   // /api/v1 per session
	LimitAnonymous LimitClass = "anonyme"   // anonymous routes, per address
	LimitLogin     LimitClass = "connexion" // login, refresh, password reset that do not succeed, per address
	LimitExport    LimitClass = "export"    // exports and document generation, per user
	LimitUpload    LimitClass = "depot"     // uploads, per user
	LimitNone      LimitClass = "aucune"    // probes
)

// Rate is a token bucket: it refills at PerMinute and holds Burst at most.
type Rate struct{ PerMinute, Burst int }

// PerSecond is how fast the bucket refills.
func (r Rate) PerSecond() float64 { return float64(r.PerMinute) / 60 }

// DefaultRates are the figures of 05 D. Password resets, 5 an hour per account, are counted with the accounts
// (package compte).
func DefaultRates() map[LimitClass]Rate {
	return map[LimitClass]Rate{
		LimitSession:   {PerMinute: 600, Burst: 120},
		LimitAnonymous: {PerMinute: 120, Burst: 120},
		LimitLogin:     {PerMinute: 20, Burst: 20},
		LimitExport:    {PerMinute: 10, Burst: 10},
		LimitUpload:    {PerMinute: 60, Burst: 60},
	}
}

// Decision is the answer of a bucket.
type Decision struct {
	Allowed    bool
	Remaining  int           // whole tokens left
	Reset      time.Duration // until the bucket is full again
	RetryAfter time.Duration // until one token is back, when refused
}

// Decide makes the decision of a bucket that holds this many tokens, after one was drawn when allowed.
func (r Rate) Decide(tokens float64, allowed bool) Decision {
	after := func(tokens float64) time.Duration {
		return time.Duration(tokens / r.PerSecond() * float64(time.Second))
	}
	d := Decision{Allowed: allowed, Remaining: int(tokens), Reset: after(float64(r.Burst) - tokens)}
	if !allowed {
		d.RetryAfter = after(1 - tokens)
	}
	return d
}

// LimitStore keeps the buckets: in memory per process, or shared between processes.
type LimitStore interface {
	// Take draws one token, when there is one.
	Take(ctx context.Context, key string, rate Rate) (Decision, error)
	// Give puts n tokens back, never above the burst.
	Give(ctx context.Context, key string, rate Rate, n int) error
}

// Limits applies rates with the buckets of a store.
type Limits struct {
	rates map[LimitClass]Rate
	store LimitStore
}

// NewLimits returns limits with these rates; a class without a rate is not limited.
func NewLimits(rates map[LimitClass]Rate, store LimitStore) *Limits {
	return &Limits{rates: rates, store: store}
}

func (m Chain) limitByAddress(r Route) echo.MiddlewareFunc {
	class := r.Limit
	if class == "" {
		class = LimitAnonymous
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := m.take(c, class, addressKey(c)); err != nil {
				return err
			}
			if m.Limits != nil {
				c.Set(limitsKey, m.Limits)
			}
			return next(c)
		}
	}
}

func (m Chain) limitByPerson(r Route) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			p := Principal(c)
			if r.Limit != LimitNone {
				if err := m.takeOwn(c, p); err != nil {
					return err
				}
			}
			if r.Limit != "" && r.Limit != LimitNone && r.Limit != LimitSession {
				if err := m.take(c, r.Limit, "u"+strconv.FormatInt(p.UtilisateurID, 10)); err != nil {
					return err
				}
			}
			return next(c)
		}
	}
}

// take draws one token and writes the RateLimit headers; it returns 429 when there is none left. A
// store that does not answer lets the request pass: a limit must not be a new way to be down.
func (m Chain) take(c echo.Context, class LimitClass, who string) error {
	if m.Limits == nil {
		return nil
	}
	return m.applied(c)(m.Limits.draw(c, class, who))
}

// applied logs the failure of a draw and keeps its refusal.
func (m Chain) applied(c echo.Context) func(limited, broken error) error {
	return func(limited, broken error) error {
		if broken != nil {
			m.Log.WarnContext(c.Request().Context(), "rate limit not applied", "request_id", RequestID(c), "error", broken.Error())
		}
		return limited
	}
}

// draw takes one token and writes the RateLimit headers. limited is the 429 when there is none left, broken the
// failure of the store, which lets the request pass.
func (l *Limits) draw(c echo.Context, class LimitClass, who string) (limited, broken error) {
	rate, ok := l.rates[class]
	if !ok {
		return nil, nil
	}
	return l.drawAt(c, bucketKey(class, who), rate)
}

// drawAt is draw at a rate that is not that of a class.
func (l *Limits) drawAt(c echo.Context, key string, rate Rate) (limited, broken error) {
	d, err := l.store.Take(c.Request().Context(), key, rate)
	if err != nil {
		return nil, err
	}
	h := c.Response().Header()
	h.Set("RateLimit-Limit", strconv.Itoa(rate.PerMinute))
	h.Set("RateLimit-Remaining", strconv.Itoa(d.Remaining))
	h.Set("RateLimit-Reset", strconv.Itoa(seconds(d.Reset)))
	if d.Allowed {
		return nil, nil
	}
	wait := max(1, seconds(d.RetryAfter))
	return fault.Newf(fault.RateLimited, "limite_atteinte",
		"Vous avez envoyé trop de requêtes en peu de temps. Réessayez dans %d s.", wait).With("retry_after", wait), nil
}

const limitsKey = "apilos.limits"

// GiveBack returns to the caller's address n draws on LimitLogin, once what they were for proved legitimate: a
// ministry leaves by a few addresses, and people who sign in must not hold each other back. Attempts that
// fail stay counted, which is what the limit is for (05 D).
func GiveBack(c echo.Context, n int) {
	limits, ok := c.Get(limitsKey).(*Limits)
	if !ok {
		return
	}
	if rate, ok := limits.rates[LimitLogin]; ok {
		// An allowance that stays short for a minute is the only consequence of a failure.
		_ = limits.store.Give(c.Request().Context(), bucketKey(LimitLogin, addressKey(c)), rate, n)
	}
}

func bucketKey(class LimitClass, who string) string { return string(class) + ":" + who }

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// addressKey is the caller's address; an IPv6 network of 64 bits counts as one caller.
func addressKey(c echo.Context) string {
	addr, err := netip.ParseAddr(c.RealIP())
	if err != nil {
		return "?"
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}

// MemoryLimits keeps buckets in this process. Full buckets are forgotten, so that memory follows the
// callers of the last minutes and not those of all time.
type MemoryLimits struct {
	now func() time.Time

	mu      sync.Mutex
	buckets map[string]*bucket
	swept   time.Time
}

type bucket struct {
	tokens float64
	at     time.Time
	full   time.Time // when the bucket will be full again
}

// NewMemoryLimits returns an empty store; nil means time.Now.
func NewMemoryLimits(now func() time.Time) *MemoryLimits {
	if now == nil {
		now = time.Now
	}
	return &MemoryLimits{now: now, buckets: map[string]*bucket{}, swept: now()}
}

// Take implements LimitStore; it never fails.
func (s *MemoryLimits) Take(_ context.Context, key string, rate Rate) (Decision, error) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep(now)
	perSecond := rate.PerSecond()
	b, ok := s.buckets[key]
	if !ok {
		b = &bucket{tokens: float64(rate.Burst), at: now}
		s.buckets[key] = b
	}
	if elapsed := now.Sub(b.at).Seconds(); elapsed > 0 {
		b.tokens = min(float64(rate.Burst), b.tokens+elapsed*perSecond)
		b.at = now
	}
	allowed := b.tokens >= 1
	if allowed {
		b.tokens--
	}
	d := rate.Decide(b.tokens, allowed)
	b.full = now.Add(d.Reset)
	return d, nil
}

// Give implements LimitStore; it never fails. A bucket that was forgotten is full already.
func (s *MemoryLimits) Give(_ context.Context, key string, rate Rate, n int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b, ok := s.buckets[key]; ok {
		b.tokens = min(float64(rate.Burst), b.tokens+float64(n))
	}
	return nil
}

func (s *MemoryLimits) sweep(now time.Time) {
	if now.Sub(s.swept) < time.Minute {
		return
	}
	s.swept = now
	for k, b := range s.buckets {
		if !now.Before(b.full) {
			delete(s.buckets, k)
		}
	}
}

// Size returns the number of buckets in memory, for the metrics.
func (s *MemoryLimits) Size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.buckets)
}

var _ LimitStore = (*MemoryLimits)(nil)
