package httpapi

import (
	"strconv"

	"apilos/api/fault"
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
	rate, ok := limits.rates[class]
	if !ok {
		return nil
	}
	d, err := limits.store.Take(c.Request().Context(), bucketKey(class, who), rate)
	if err != nil || d.Allowed {
		return nil
	}
	wait := max(1, seconds(d.RetryAfter))
	c.Response().Header().Set("RateLimit-Limit", strconv.Itoa(rate.PerMinute))
	return fault.Newf(fault.RateLimited, "limite_atteinte",
		"Vous avez envoyé trop de requêtes en peu de temps. Réessayez dans %d s.", wait).With("retry_after", wait)
}

// TakeLimitByAddress is TakeLimit for the address of the caller.
func TakeLimitByAddress(c echo.Context, class LimitClass) error {
	return TakeLimit(c, class, addressKey(c))
}

// PathParam returns a path parameter decoded once, "" when its escapes are broken. Handlers of our own API
// use UUIDParam and TextParam, which also check it.
func PathParam(c echo.Context, name string) string { return rawParam(c, name) }
