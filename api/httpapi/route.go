package httpapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"apilos/api/auth"
	"github.com/labstack/echo/v4"
)

// Defaults of 05 D and 06 §7.4.
const (
	DefaultBodyLimit int64         = 2 << 20
	DefaultTimeout   time.Duration = 30 * time.Second
)

// Route is one line of the route table: what answers, to whom, within which limits.
type Route struct {
	Method string
	Path   string // below the prefix, parameters as ":uuid"
	Access Access
	// Handler reads the request, calls one service method and writes the result; it returns errors
	// and never writes them.
	Handler echo.HandlerFunc

	BodyLimit int64         // bytes; 0 means DefaultBodyLimit (or the one of the Chain)
	Timeout   time.Duration // 0 means the default of the Chain; negative means none (live streams)
	Limit     LimitClass    // empty means: per session when authenticated, per address otherwise
	// Stream marks an answer made of bytes or events: no compression, no recorded answer.
	Stream bool
	// TrailingSlash says that Path ends with a slash on purpose: the contract of SIAP writes its addresses so.
	TrailingSlash bool
	// NoReplay marks a POST whose answer must not be kept for Idempotency-Key: tokens, one-time addresses.
	NoReplay bool
	// Champs lists the members that a caller may choose with the parameter champs; empty: no choice.
	Champs []string
}

// Resource is a group of routes that belong together, usually one noun.
type Resource interface{ Routes() []Route }

// Authenticator finds the principal of a bearer token (the word Bearer already removed). It answers a
// fault.Error of kind Unauthenticated for a token that is bad, expired or revoked, and another fault for
// an account that may not work; any other error is a breakdown (500).
type Authenticator interface {
	Authenticate(ctx context.Context, bearer string) (auth.Principal, error)
}

// Chain is what stands in front of the handlers of one audience.
type Chain struct {
	Authenticator Authenticator    // required unless every route is Public
	Origins       []string         // origins that CookieSession routes accept; empty: that of the request itself
	Limits        *Limits          // nil: no rate limit
	Idempotency   IdempotencyStore // nil: Idempotency-Key is ignored
	Log           *slog.Logger     // required
	Now           func() time.Time // nil: time.Now

	BodyLimit int64         // default of the routes, 0 means DefaultBodyLimit
	Timeout   time.Duration // default of the routes, 0 means DefaultTimeout
	// StreamStall bounds the wait for a client that reads nothing of a live stream, 0 means the constant.
	StreamStall time.Duration
	// ReadGuard, for tests, runs the handler of every GET: given a READ ONLY transaction, it proves that
	// reading writes nothing (CC-13).
	ReadGuard func(ctx context.Context, fn func(ctx context.Context) error) error
}

// Mount registers the routes of resources below prefix, each behind the chain that its declaration
// asks for. A GET is also registered for HEAD. It fails, registering nothing, when a declaration is
// missing or contradicts itself.
func Mount(e *echo.Echo, prefix string, mw Chain, resources ...Resource) error {
	if mw.Now == nil {
		mw.Now = time.Now
	}
	var errs []error
	var routes []Route
	seen := map[string]bool{}
	for _, res := range resources {
		for _, r := range res.Routes() {
			key := r.Method + " " + r.Path
			if err := r.check(mw); err != nil {
				errs = append(errs, fmt.Errorf("route %s: %w", key, err))
			}
			if seen[key] {
				errs = append(errs, fmt.Errorf("route %s: declared twice", key))
			}
			seen[key] = true
			routes = append(routes, r)
		}
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	zip := compress()
	for _, r := range routes {
		h := mw.wrap(r, zip)
		e.Add(r.Method, prefix+r.Path, h)
		if r.Method == http.MethodGet {
			e.Add(http.MethodHead, prefix+r.Path, h)
		}
	}
	return nil
}

func (r Route) check(mw Chain) error {
	switch {
	case r.Access.kind == undeclared:
		return errors.New("no access declared")
	case r.Handler == nil:
		return errors.New("no handler")
	case !strings.HasPrefix(r.Path, "/") || (len(r.Path) > 1 && strings.HasSuffix(r.Path, "/") != r.TrailingSlash):
		return errors.New("path must start with a slash, and end with one only when the route says so")
	case r.Access.kind == authenticated && mw.Authenticator == nil:
		return errors.New("needs an authenticator")
	case mw.Log == nil:
		return errors.New("needs a logger")
	}
	switch r.Method {
	case http.MethodGet:
		if r.Access.write {
			return errors.New("GET never writes")
		}
	case http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
		if r.Access.kind == authenticated && r.Access.write == r.Access.readers {
			return errors.New("declare exactly one of Write and OpenToReaders")
		}
	default:
		return fmt.Errorf("method %q is not used here", r.Method)
	}
	return nil
}

// wrap builds the chain of r, outermost first: deadline, size, rate by address, identity, rate by
// person, rights, compression, replay, deprecations, representation.
func (m Chain) wrap(r Route, zip echo.MiddlewareFunc) echo.HandlerFunc {
	steps := []echo.MiddlewareFunc{m.timeout(r), m.bodyLimit(r)}
	switch r.Access.kind {
	case public:
		steps = append(steps, m.limitByAddress(r))
	case cookieSession:
		steps = append(steps, m.limitByAddress(r), m.csrf())
	case authenticated:
		steps = append(steps, m.authenticate(), m.limitByPerson(r), m.authorize(r))
	}
	if !r.Stream && r.Access.kind != cookieSession { // an answer holding a token is never compressed
		steps = append(steps, zip)
	}
	if r.Method == http.MethodPost && !r.NoReplay && r.Access.kind == authenticated {
		steps = append(steps, m.idempotency())
	}
	if nom := r.configuration(); nom != "" {
		steps = append(steps, m.journaliser(r, nom))
	}
	steps = append(steps, deprecations(r))
	if r.Method == http.MethodGet && !r.Stream {
		steps = append(steps, m.representation(r))
	}
	if r.Method == http.MethodGet && m.ReadGuard != nil {
		steps = append(steps, m.readGuard())
	}
	h := r.Handler
	for i := len(steps) - 1; i >= 0; i-- {
		h = steps[i](h)
	}
	return h
}
