package siap

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"
)

// Config locates the SIAP and identifies us.
type Config struct {
	Host      string // scheme and host, SIAP_CLIENT_HOST
	Path      string // SIAP_CLIENT_PATH, /api-int/v0 when empty
	Key       Key
	UserAgent string // User-Agent, "apilos/1.2.0"; apilos when empty
	// LogCalls writes one line per attempt at level info instead of debug, without token.
	LogCalls bool
}

// Metrics receives one observation per attempt; outcomes are ok, unavailable, unauthorized,
// forbidden, not_found, rejected, bad_gateway, breaker_open and canceled.
type Metrics interface {
	ObserveSIAPCall(call, outcome string, elapsed time.Duration)
	SetSIAPBreaker(open bool)
}

// defaultPath is the API path of the SIAP (05 F).
const defaultPath = "/api-int/v0"

type noMetrics struct{}

func (noMetrics) ObserveSIAPCall(string, string, time.Duration) {}
func (noMetrics) SetSIAPBreaker(bool)                           {}

// Client calls the SIAP. It is safe for concurrent use; Close stops its background refreshes.
type Client struct {
	base       string // host, without trailing slash
	path       string
	key        Key
	userAgent  string
	logCalls   bool
	http       *http.Client
	now        func() time.Time
	sleep      func(context.Context, time.Duration) error
	random     func() float64
	newID      func() string
	requestID  func(context.Context) string
	maxAttempt time.Duration // cap of an attempt, 0 for none
	logger     *slog.Logger
	metrics    Metrics
	store      CacheStore

	breaker       breaker
	flight        singleflight.Group
	config        *cache
	habilitations *cache
	menus         *cache
	operations    *cache
	fusions       *cache

	life       context.Context // ends at Close
	stop       context.CancelFunc
	pending    sync.WaitGroup // shared calls and refreshes under way
	configMu   sync.Mutex
	failedAt   time.Time // last failed background refresh of the configuration
	refreshing bool
}

// Option changes a default of New.
type Option func(*Client)

// WithClock sets the clock of tokens, caches and circuit breaker.
func WithClock(now func() time.Time) Option { return func(c *Client) { c.now = now } }

// WithTransport replaces the HTTP transport; the connect timeouts of 05 B.2 are then its business.
func WithTransport(t http.RoundTripper) Option { return func(c *Client) { c.http.Transport = t } }

// WithLogger sets the logger; slog.Default() otherwise.
func WithLogger(l *slog.Logger) Option { return func(c *Client) { c.logger = l } }

// WithMetrics sets who counts the calls.
func WithMetrics(m Metrics) Option { return func(c *Client) { c.metrics = m } }

// WithCacheStore sets where the last good answers survive a restart.
func WithCacheStore(s CacheStore) Option { return func(c *Client) { c.store = s } }

// WithIDs sets the source of the jti and of missing request ids.
func WithIDs(next func() string) Option { return func(c *Client) { c.newID = next } }

// WithRequestID sets how the id of the current request is read, to propagate it as X-Request-Id.
func WithRequestID(read func(context.Context) string) Option {
	return func(c *Client) { c.requestID = read }
}

// WithAttemptTimeout shortens every attempt to at most d (health checks, tests).
func WithAttemptTimeout(d time.Duration) Option { return func(c *Client) { c.maxAttempt = d } }

// WithPause replaces the pause between two attempts and its jitter (tests).
func WithPause(sleep func(context.Context, time.Duration) error, random func() float64) Option {
	return func(c *Client) { c.sleep, c.random = sleep, random }
}

// New returns a client. It calls nothing, so it never fails because the SIAP is down; it does fail on
// a configuration that could never work (host that is no URL, empty key, unknown algorithm).
func New(cfg Config, opts ...Option) (*Client, error) {
	u, err := url.Parse(cfg.Host)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, fmt.Errorf("adresse du SIAP %q : attendue sous la forme https://hôte", cfg.Host)
	}
	if len(cfg.Key.Secret) == 0 {
		return nil, errors.New("clé de signature vers le SIAP absente (SIAP_CLIENT_JWT_SIGN_KEY)")
	}
	if _, err := cfg.Key.method(); err != nil {
		return nil, err
	}
	path := "/" + strings.Trim(cfg.Path, "/")
	if path == "/" {
		path = defaultPath
	}
	life, stop := context.WithCancel(context.Background())
	c := &Client{
		base: strings.TrimRight(cfg.Host, "/"), path: path, key: cfg.Key,
		userAgent: cfg.UserAgent, logCalls: cfg.LogCalls,
		http: &http.Client{
			Transport:     transport(),
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		now: time.Now, sleep: sleep, random: rand.Float64, newID: uuid.NewString,
		requestID: func(context.Context) string { return "" },
		logger:    slog.Default(), metrics: noMetrics{},
		config:        newCache(configTTL, 0, 1),
		habilitations: newCache(habilitationsTTL, habilitationsTTL, 10_000),
		menus:         newCache(menuTTL, menuKeep, 10_000),
		operations:    newCache(operationTTL, operationTTL, 500),
		fusions:       newCache(fusionTTL, fusionTTL, 5_000),
		life:          life, stop: stop,
	}
	if c.userAgent == "" {
		c.userAgent = "apilos"
	}
	for _, o := range opts {
		o(c)
	}
	return c, nil
}

// Close ends the calls under way and waits for them. The client must not be used afterwards.
func (c *Client) Close() {
	c.stop()
	c.pending.Wait()
	c.http.CloseIdleConnections()
}

// State returns the position of the circuit breaker, for the health page.
func (c *Client) State() State { return c.breaker.state(c.now()) }

type connectKey struct{}

// transport honours the proxy of the machine and the connect timeout of each call (carried by its context).
func transport() *http.Transport {
	t := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        64,
		MaxIdleConnsPerHost: 16,
		IdleConnTimeout:     90 * time.Second,
		TLSHandshakeTimeout: 3 * time.Second,
	}
	dialer := &net.Dialer{KeepAlive: 30 * time.Second}
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if d, ok := ctx.Value(connectKey{}).(time.Duration); ok {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, d)
			defer cancel()
		}
		return dialer.DialContext(ctx, network, address)
	}
	return t
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
