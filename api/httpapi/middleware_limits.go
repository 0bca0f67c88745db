package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// timeout puts a deadline on the request, which cancels the SQL and the outgoing calls made with its
// context. Uploads and streams also get more time on the connection than the server gives by default.
func (m Chain) timeout(r Route) echo.MiddlewareFunc {
	limit := r.Timeout
	if limit == 0 {
		limit = m.Timeout
	}
	if limit == 0 {
		limit = DefaultTimeout
	}
	stall := m.StreamStall
	if stall == 0 {
		stall = StreamStall
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			extendConnection(c, limit, stall)
			if limit < 0 {
				return next(c)
			}
			ctx, cancel := context.WithTimeout(c.Request().Context(), limit)
			defer cancel()
			c.SetRequest(c.Request().WithContext(ctx))
			return next(c)
		}
	}
}

// StreamStall is how long a live stream waits for a client that reads nothing.
const StreamStall = 2 * time.Minute

// extendConnection moves the deadlines of the connection beyond limit; it does nothing where the server
// has none (tests on a recorder). A stream without limit must move on: each write has its own deadline.
func extendConnection(c echo.Context, limit, stall time.Duration) {
	if limit >= 0 && limit <= DefaultTimeout {
		return
	}
	rc := http.NewResponseController(c.Response())
	if limit < 0 {
		_ = rc.SetReadDeadline(time.Time{})
		c.Response().Writer = &liveWriter{c.Response().Writer, rc, stall}
		return
	}
	until := time.Now().Add(limit + DefaultTimeout)
	_ = rc.SetReadDeadline(until)
	_ = rc.SetWriteDeadline(until)
}

// liveWriter gives up a client that reads nothing for a while.
type liveWriter struct {
	http.ResponseWriter
	rc    *http.ResponseController
	stall time.Duration
}

// Write implements http.ResponseWriter.
func (w *liveWriter) Write(b []byte) (int, error) {
	_ = w.rc.SetWriteDeadline(time.Now().Add(w.stall))
	return w.ResponseWriter.Write(b)
}

// Flush implements http.Flusher: events leave one by one.
func (w *liveWriter) Flush() {
	_ = w.rc.SetWriteDeadline(time.Now().Add(w.stall))
	_ = http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap serves http.ResponseController.
func (w *liveWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// bodyLimit refuses a body larger than the route allows, before reading it when its length is announced.
func (m Chain) bodyLimit(r Route) echo.MiddlewareFunc {
	limit := r.BodyLimit
	if limit == 0 {
		limit = m.BodyLimit
	}
	if limit == 0 {
		limit = DefaultBodyLimit
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			req := c.Request()
			if req.ContentLength > limit {
				c.Response().Header().Set("Connection", "close")
				return bodyTooLarge(limit)
			}
			req.Body = &clientBody{http.MaxBytesReader(c.Response().Writer, req.Body, limit)}
			return next(c)
		}
	}
}

// clientBody marks the failures to read what the client sends: whoever reads it, a client that stops in the
// middle is no breakdown of ours.
type clientBody struct{ io.ReadCloser }

// Read implements io.Reader.
func (b *clientBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	var tooLarge *http.MaxBytesError
	if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, &tooLarge) {
		err = &bodyError{err}
	}
	return n, err
}

// bodyError is a body that did not come whole.
type bodyError struct{ cause error }

func (e *bodyError) Error() string { return "read body: " + e.cause.Error() }
func (e *bodyError) Unwrap() error { return e.cause }

// compress gzips answers above 1 kB. Errors are written outside of it and stay plain.
func compress() echo.MiddlewareFunc {
	return middleware.GzipWithConfig(middleware.GzipConfig{Level: 5, MinLength: 1024})
}

// readGuard runs the handler inside the guard of the chain (CC-13).
func (m Chain) readGuard() echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			req := c.Request()
			return m.ReadGuard(req.Context(), func(ctx context.Context) error {
				c.SetRequest(req.WithContext(ctx))
				return next(c)
			})
		}
	}
}
