package depotapi

import (
	"strings"

	"apilos/api/depot"
	"apilos/api/fault"
	"apilos/api/httpapi"

	"github.com/labstack/echo/v4"
)

// jeton reads the second word of Authorization; entete tells whether the header is there at all. The first
// word is Token or Bearer: an unknown one is only the sign of an unknown token.
func jeton(c echo.Context) (jeton string, entete bool) {
	h := c.Request().Header.Get(echo.HeaderAuthorization)
	if strings.TrimSpace(h) == "" {
		return "", false
	}
	schema, reste, _ := strings.Cut(strings.TrimSpace(h), " ")
	if !strings.EqualFold(schema, "Token") && !strings.EqualFold(schema, "Bearer") {
		if strings.TrimSpace(reste) == "" {
			return "", true
		}
		return "?", true // of no client
	}
	mot, _, _ := strings.Cut(strings.TrimSpace(reste), " ")
	return mot, true
}

// appelant is the part of the actor that does not depend on the token.
func appelant(c echo.Context) depot.Acteur {
	return depot.Acteur{IP: httpapi.TruncateIP(c.RealIP()), RequeteID: httpapi.RequestID(c)}
}

// estAdmin tells whether the request carries the token of the administrator.
func (r *API) estAdmin(c echo.Context) bool {
	j, _ := jeton(c)
	return j != "" && depot.JetonAdmin(r.JetonAdmin, j)
}

// admin is the guard of the administrator.
func (r *API) admin(c echo.Context) (depot.Acteur, error) {
	a := appelant(c)
	if !r.estAdmin(c) {
		if err := r.freiner(c); err != nil {
			return a, err
		}
		return a, depot.ErrNonAutorise()
	}
	a.Admin = true
	return a, nil
}

// client is the guard of clients (07 section 2.2).
func (r *API) client(c echo.Context) (depot.Acteur, error) {
	a := appelant(c)
	j, entete := jeton(c)
	switch {
	case !entete:
		return a, depot.ErrAuthentificationRequise()
	case j == "":
		return a, depot.ErrJetonManquant()
	}
	var err error
	if a.Client, err = r.Service.Authentifier(c.Request().Context(), j); err != nil {
		if fault.Is(err, fault.Unauthenticated) {
			if limite := r.freiner(c); limite != nil {
				return a, limite
			}
		}
		return a, err
	}
	return a, httpapi.TakeLimit(c, LimiteClient, a.Client.ID)
}

// clientOuAdmin is the guard of habilitations, which the administrator may drive too.
func (r *API) clientOuAdmin(c echo.Context) (depot.Acteur, error) {
	if r.estAdmin(c) {
		return r.admin(c)
	}
	return r.client(c)
}

// freiner draws on the allowance of the address of a caller whose token is refused, so that tokens cannot
// be guessed at speed.
func (r *API) freiner(c echo.Context) error {
	return httpapi.TakeLimitByAddress(c, LimiteRefus)
}
