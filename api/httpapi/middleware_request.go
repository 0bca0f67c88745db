package httpapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"sync"
	"time"

	"apilos/api/auth"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

const (
	keyRequestID   = "apilos.request_id"
	keyBaseContext = "apilos.base_context"
	keyRoute       = "apilos.route"
)

// requestID gives the request its identifier, taken from X-Request-Id when a proxy already chose one in
// the form the journal stores (a uuid), and returns it in the same header.
func requestID(newID func() string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			id := c.Request().Header.Get(echo.HeaderXRequestID)
			if parsed, err := uuid.Parse(id); err != nil || len(id) != 36 {
				id = newID()
			} else {
				id = parsed.String()
			}
			c.Set(keyRequestID, id)
			c.Set(keyBaseContext, c.Request().Context())
			c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), requestIDKey{}, id)))
			c.Response().Header().Set(echo.HeaderXRequestID, id)
			return next(c)
		}
	}
}

// RequestID returns the identifier of the request, empty outside a server made by New.
func RequestID(c echo.Context) string {
	id, _ := c.Get(keyRequestID).(string)
	return id
}

type requestIDKey struct{}

// RequestIDFrom returns the identifier of the request ctx belongs to, empty outside one: calls to other
// systems carry it, so that one search finds both sides.
func RequestIDFrom(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// callerGone tells whether the client closed the connection, as opposed to our own cancellation at the
// end of the chain.
func callerGone(c echo.Context) bool {
	base, ok := c.Get(keyBaseContext).(context.Context)
	return ok && errors.Is(base.Err(), context.Canceled)
}

// accessLog writes one line per request (06 §7.3). The path pattern is logged, never the address: its
// query may hold names, and downloads carry their token in the path.
func accessLog(log *slog.Logger, now func() time.Time) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			start := now()
			if err := next(c); err != nil {
				c.Error(err)
			}
			p, _ := auth.From(c.Request().Context())
			attrs := []slog.Attr{
				slog.String("request_id", RequestID(c)), slog.String("route", routeName(c)),
				slog.String("method", methodName(c.Request().Method)), slog.Int("status", c.Response().Status),
				slog.Int64("duration_ms", now().Sub(start).Milliseconds()), slog.Int64("bytes", c.Response().Size),
				slog.String("ip", TruncateIP(c.RealIP())),
			}
			if p.UtilisateurID != 0 {
				attrs = append(attrs, slog.Int64("user_id", p.UtilisateurID), slog.Int64("habilitation_id", p.HabilitationID))
			}
			if p.Client != nil {
				attrs = append(attrs, slog.String("client", p.Client.UUID))
			}
			log.LogAttrs(c.Request().Context(), level(c), "request", attrs...)
			return nil
		}
	}
}

// level keeps probes and static files out of the ordinary log.
func level(c echo.Context) slog.Level {
	if c.Response().Status < 400 && (healthPath(c.Request().URL.Path) || routeName(c) == spaRoute) {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// nameRoute remembers the declared path that answers. Echo's own Path is the address itself when nothing
// matches, which would put people's words in logs and give metrics an endless number of labels.
func nameRoute(e *echo.Echo) echo.MiddlewareFunc {
	declared := sync.OnceValue(func() map[string]bool { // routes are all declared before the first request
		paths := map[string]bool{}
		for _, r := range e.Routes() {
			paths[r.Path] = true
		}
		return paths
	})
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if p := c.Path(); declared()[p] {
				c.Set(keyRoute, p)
			}
			return next(c)
		}
	}
}

// unknownRoute stands for every address that no route declares.
const unknownRoute = "inconnue"

func routeName(c echo.Context) string {
	if p, ok := c.Get(keyRoute).(string); ok {
		return p
	}
	return unknownRoute
}

func methodName(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "AUTRE"
}

// TruncateIP keeps the /24 of an IPv4 address or the /48 of an IPv6 one, as logs and journals store it.
func TruncateIP(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	bits := 48
	if addr = addr.Unmap().WithZone(""); addr.Is4() {
		bits = 24
	}
	p, err := addr.Prefix(bits)
	if err != nil {
		return ""
	}
	return p.Addr().String()
}

// panicError is a recovered panic on its way to the error handler.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// stackOf returns the stack of a recovered panic, for the log only.
func stackOf(err error) string {
	var p *panicError
	if errors.As(err, &p) {
		return string(p.stack)
	}
	return ""
}

// recoverPanics turns a panic into an internal error. http.ErrAbortHandler goes on: it is how a handler
// breaks an answer that has already begun.
func recoverPanics() echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) (err error) {
			defer func() {
				v := recover()
				if v == nil {
					return
				}
				if e, ok := v.(error); ok && errors.Is(e, http.ErrAbortHandler) {
					panic(v)
				}
				err = &panicError{value: v, stack: debug.Stack()}
			}()
			return next(c)
		}
	}
}
