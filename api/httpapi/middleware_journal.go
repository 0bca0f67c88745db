package httpapi

import (
	"net/http"
	"strings"

	"apilos/api/fault"
	"apilos/api/securite"

	"github.com/labstack/echo/v4"
)

// configurations lists the nouns whose writes change how the platform works or who may use it: they belong to the
// security log (05 D), whichever handler answers. What is under /admin/ is of this kind too.
var configurations = []string{"webhooks", "clients", "mandataires", "chefs-de-file"}

// configuration names the security event of a route that changes the configuration, "" for any other one.
func (r Route) configuration() securite.Nom {
	if r.Method == http.MethodGet {
		return ""
	}
	noms := strings.Split(strings.TrimPrefix(r.Path, "/"), "/")
	if noms[0] == "admin" && len(noms) > 1 {
		if noms[1] == "detournements" { // it has events of its own, with who acts as whom
			return ""
		}
		return securite.Configuration + securite.Nom("."+noms[1])
	}
	for _, nom := range configurations {
		if noms[0] == nom {
			return securite.Configuration + securite.Nom("."+nom)
		}
	}
	return ""
}

// journaliser writes the security event of a route, with its outcome. A refusal of access writes its own line.
func (m Chain) journaliser(r Route, nom securite.Nom) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			err := next(c)
			switch {
			case err == nil:
				SecurityEvent(c, m.Log, nom, securite.OK, "method", r.Method, "route", c.Path())
			case !fault.Is(err, fault.Forbidden):
				SecurityEvent(c, m.Log, nom, securite.Refus, "method", r.Method, "route", c.Path(), "code", codeOf(err))
			}
			return err
		}
	}
}

func codeOf(err error) string {
	if f := fault.As(err); f != nil {
		return f.Code
	}
	return "erreur_interne"
}
