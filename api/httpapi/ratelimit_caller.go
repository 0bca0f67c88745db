package httpapi

import (
	"github.com/labstack/echo/v4"
)

// TakeLimit draws one token of a class for a caller that the handler itself has recognised, on a route
// declared Public; it returns 429 when there is none left. A class without a rate is not limited, and a
// store that does not answer lets the request pass.
func TakeLimit(c echo.Context, class LimitClass, who string) error {
	limits, ok := c.Get(limitsKey).(*Limits)
	if !ok {
		return nil
	}
	limited, _ := limits.draw(c, class, who)
	return limited
}

// TakeLimitByAddress is TakeLimit for the address of the caller.
func TakeLimitByAddress(c echo.Context, class LimitClass) error {
	return TakeLimit(c, class, addressKey(c))
}

// AddressKey is the address of the caller, or the network of 64 bits of an IPv6 one. It is a personal datum: it serves
// to count, never to be shown nor logged.
func AddressKey(c echo.Context) string { return addressKey(c) }

// PathParam returns a path parameter decoded once, "" when its escapes are broken. Handlers of our own API
// use UUIDParam and TextParam, which also check it.
func PathParam(c echo.Context, name string) string { return rawParam(c, name) }
