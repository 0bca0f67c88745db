package httpapi

import (
	"strconv"

	"apilos/api/auth"
	"github.com/labstack/echo/v4"
)

// takeOwn draws on the allowance of the caller: that of its session, or that of the API client, at the rate the
// staff gave it. A client has one allowance whatever the number of its connections and of its valid tokens.
func (m Chain) takeOwn(c echo.Context, p auth.Principal) error {
	if p.Client == nil {
		return m.take(c, LimitSession, p.SessionID)
	}
	who := "client" + strconv.FormatInt(p.Client.ID, 10)
	if m.Limits == nil || p.Client.DebitParMinute == 0 {
		return m.take(c, LimitSession, who)
	}
	return m.applied(c)(m.Limits.drawAt(c, bucketKey(LimitSession, who), ClientRate(p.Client.DebitParMinute)))
}

// ClientRate is the bucket of an API client with a rate of its own: a fifth of a minute at once, as sessions.
func ClientRate(perMinute int) Rate { return Rate{PerMinute: perMinute, Burst: max(1, perMinute/5)} }

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
