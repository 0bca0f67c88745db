package httpapi

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
)

// Config is what the whole server needs before any route.
type Config struct {
	Log   *slog.Logger     // required
	Now   func() time.Time // nil: time.Now
	NewID func() string    // identifier of a request, a uuid; nil: random

	TrustedProxies []netip.Prefix // whose X-Forwarded-For and X-Forwarded-Proto are believed; empty: nobody's
	AllowedHosts   []string       // required; names without port, "*" for any (tests)
	HTTPSRedirect  bool           // 308 from http to https
	HSTS           HSTS
	Metrics        prometheus.Registerer    // nil: no metrics
	ProblemWriters map[string]ProblemWriter // by path prefix, for the audiences with their own error body
}

// New returns an Echo with everything that comes before the routes, outermost first: request id, access
// log, metrics, protection against panics, security headers, host names, HTTPS. Its errors are written
// by Problems. It fails on a configuration that would leave a door open.
func New(cfg Config) (*echo.Echo, error) {
	if cfg.Log == nil {
		return nil, errors.New("httpapi: a logger is required")
	}
	if len(cfg.AllowedHosts) == 0 {
		return nil, errors.New("httpapi: the list of allowed hosts is empty")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.NewID == nil {
		cfg.NewID = uuid.NewString
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Logger.SetOutput(discard{}) // Echo's own logger says nothing that ours does not
	e.IPExtractor, e.SchemeExtractor = trust(cfg.TrustedProxies)
	e.HTTPErrorHandler = NewProblems(cfg.Log, cfg.ProblemWriters).Handle
	e.Use(requestID(cfg.NewID), nameRoute(e), accessLog(cfg.Log, cfg.Now))
	if cfg.Metrics != nil {
		m, err := newHTTPMetrics(cfg.Metrics)
		if err != nil {
			return nil, err
		}
		e.Use(m.middleware(cfg.Now))
	}
	e.Use(recoverPanics(), baseHeaders(cfg.HSTS), allowHosts(cfg.AllowedHosts))
	if cfg.HTTPSRedirect {
		e.Use(redirectHTTPS())
	}
	return e, nil
}

// trust returns how the address and the scheme of the caller are read. Without a list of proxies the
// forwarding headers are never looked at, since anybody can send them.
func trust(proxies []netip.Prefix) (echo.IPExtractor, echo.SchemeExtractor) {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect(), echo.ExtractSchemeDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		bits := 128
		if p.Addr().Is4() {
			bits = 32
		}
		options = append(options, echo.TrustIPRange(&net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), bits)}))
	}
	return echo.ExtractIPFromXFFHeader(options...), echo.ExtractSchemeFromHeaders(options...)
}

// NewServer returns an HTTP server with the timeouts of 05 D. Routes with a longer timeout of their own
// (uploads, streams) extend them for their request only.
func NewServer(addr string, h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Addr: addr, Handler: h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       60 * time.Second,
		WriteTimeout:      120 * time.Second,
		IdleTimeout:       120 * time.Second,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }
