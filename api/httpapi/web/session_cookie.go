package web

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// Cookies writes the three cookies of the platform (05 C.1, C.3). They are bound to the host and to TLS, but
// in development without TLS, where browsers would refuse them.
type Cookies struct {
	SansTLS bool // ENVIRONMENT=development only
}

// dureeEtat is how long a sign-in may take at CERBERE.
const dureeEtat = 10 * time.Minute

func (k Cookies) nom(base string) string {
	if k.SansTLS {
		return base
	}
	return "__Host-" + base
}

func (k Cookies) cookie(base, valeur string, duree time.Duration, site http.SameSite) *http.Cookie {
	c := &http.Cookie{
		Name: k.nom(base), Value: valeur, Path: "/", HttpOnly: true, Secure: !k.SansTLS, SameSite: site,
		MaxAge: int(duree.Seconds()),
	}
	if c.MaxAge <= 0 {
		c.MaxAge = -1 // erases it
	}
	return c
}

// lireSession returns the refresh token of the browser, "" when it has none.
func (k Cookies) lireSession(c echo.Context) string { return k.lire(c, "refresh") }

func (k Cookies) poserSession(c echo.Context, jeton string, duree time.Duration) {
	c.SetCookie(k.cookie("refresh", jeton, duree, http.SameSiteStrictMode))
}

func (k Cookies) effacerSession(c echo.Context) {
	c.SetCookie(k.cookie("refresh", "", 0, http.SameSiteStrictMode))
}

// The session of a détournement has a cookie of its own beside that of its author, who thus keeps his in the other
// tabs.
func (k Cookies) lireDetournement(c echo.Context) string { return k.lire(c, "detournement") }

func (k Cookies) poserDetournement(c echo.Context, jeton string, duree time.Duration) {
	c.SetCookie(k.cookie("detournement", jeton, duree, http.SameSiteStrictMode))
}

func (k Cookies) effacerDetournement(c echo.Context) {
	c.SetCookie(k.cookie("detournement", "", 0, http.SameSiteStrictMode))
}

// lireEtat returns the mark of a sign-in begun in this browser.
func (k Cookies) lireEtat(c echo.Context) string { return k.lire(c, "connexion") }

// poserEtat remembers the mark. Lax: the return from CERBERE is a navigation from another site.
func (k Cookies) poserEtat(c echo.Context, etat string) {
	c.SetCookie(k.cookie("connexion", etat, dureeEtat, http.SameSiteLaxMode))
}

func (k Cookies) lire(c echo.Context, base string) string {
	cookie, err := c.Cookie(k.nom(base))
	if err != nil {
		return ""
	}
	return cookie.Value
}
