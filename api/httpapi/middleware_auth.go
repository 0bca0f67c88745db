package httpapi

import (
	"net/http"
	"net/url"
	"strings"

	"apilos/api/auth"
	"apilos/api/fault"
	"github.com/labstack/echo/v4"
)

func errNoSession() *fault.Error {
	return fault.New(fault.Unauthenticated, "non_authentifie",
		"Votre session est fermée ou a expiré. Connectez-vous à nouveau.")
}

// HeaderModeEdition asks, request by request, to correct what is signed (02 PE-34).
const (
	HeaderModeEdition = "X-Mode-Edition"
	ModeExpert        = "expert"
)

// authenticate puts the principal of the bearer token in the context of the request. Refused tokens
// draw on the allowance of the caller's address, so that tokens cannot be guessed at speed.
func (m Chain) authenticate() echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			p, err := m.principal(c)
			if err != nil {
				if fault.Is(err, fault.Unauthenticated) {
					if limited := m.take(c, LimitAnonymous, addressKey(c)); limited != nil {
						return limited
					}
				}
				return err
			}
			p.Expert = c.Request().Header.Get(HeaderModeEdition) == ModeExpert
			p.RequeteID, p.IP = RequestID(c), TruncateIP(c.RealIP())
			c.SetRequest(c.Request().WithContext(auth.With(c.Request().Context(), p)))
			return next(c)
		}
	}
}

func (m Chain) principal(c echo.Context) (auth.Principal, error) {
	headers := c.Request().Header.Values(echo.HeaderAuthorization)
	if len(headers) != 1 {
		return auth.Principal{}, errNoSession()
	}
	scheme, token, ok := strings.Cut(headers[0], " ")
	token = strings.TrimSpace(token)
	if !ok || !strings.EqualFold(scheme, "Bearer") || token == "" || strings.ContainsAny(token, " \t") {
		return auth.Principal{}, errNoSession()
	}
	return m.Authenticator.Authenticate(c.Request().Context(), token)
}

// authorize enforces the access declared by the route.
func (m Chain) authorize(r Route) echo.MiddlewareFunc {
	safe := r.Method == http.MethodGet
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := r.Access.authorize(Principal(c), safe); err != nil {
				return err
			}
			return next(c)
		}
	}
}

// csrf guards the routes that the refresh cookie drives (05 C.3): the request must say that it comes
// from our own pages, by Origin or else by Sec-Fetch-Site, and carry a header that no form can send.
func (m Chain) csrf() echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if !m.sameOrigin(c) || c.Request().Header.Get("X-Requested-With") != "fetch" {
				return fault.New(fault.Forbidden, "requete_inter_site",
					"Cette requête ne vient pas de l’application. Rechargez la page et recommencez.")
			}
			return next(c)
		}
	}
}

func (m Chain) sameOrigin(c echo.Context) bool {
	site := c.Request().Header.Get("Sec-Fetch-Site")
	if site != "" && site != "same-origin" {
		return false
	}
	origins := c.Request().Header.Values(echo.HeaderOrigin)
	switch len(origins) {
	case 0:
		return site == "same-origin"
	case 1:
	default:
		return false
	}
	allowed := m.Origins
	if len(allowed) == 0 {
		allowed = []string{c.Scheme() + "://" + c.Request().Host}
	}
	for _, o := range allowed {
		if equalOrigin(o, origins[0]) {
			return true
		}
	}
	return false
}

// equalOrigin compares scheme, host and port of two addresses; "null" equals nothing.
func equalOrigin(a, b string) bool {
	ua, errA := url.Parse(a)
	ub, errB := url.Parse(b)
	if errA != nil || errB != nil || ua.Host == "" {
		return false
	}
	return strings.EqualFold(ua.Scheme, ub.Scheme) && strings.EqualFold(hostPort(ua), hostPort(ub))
}

func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[strings.ToLower(u.Scheme)]
	}
	return u.Hostname() + ":" + port
}
