package httpapi

import (
	"context"
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
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			extendConnection(c, limit)
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

// extendConnection moves the deadlines of the connection beyond limit; it does nothing where the server
// has none (tests on a recorder).
func extendConnection(c echo.Context, limit time.Duration) {
	if limit >= 0 && limit <= DefaultTimeout {
		return
	}
	var until time.Time // none
	if limit > 0 {
		until = time.Now().Add(limit + DefaultTimeout)
	}
	rc := http.NewResponseController(c.Response())
	_ = rc.SetReadDeadline(until)
	_ = rc.SetWriteDeadline(until)
}

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
			req.Body = http.MaxBytesReader(c.Response().Writer, req.Body, limit)
			return next(c)
		}
	}
}

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
