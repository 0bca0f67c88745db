package httpapi

import (
	"net/http"
	"strconv"
	"strings"

	"apilos/api/httpapi/depreciation"
	"github.com/labstack/echo/v4"
)

// pageChangements is where deprecations are explained to people.
const pageChangements = "/api/v1/changements"

const keyAliases = "httpapi.query.aliases" // deprecated name of a parameter -> its new name

// deprecations announces in the answer what the request used and will stop working: headers Deprecation
// (RFC 9745), Sunset (RFC 8594) and Link. A deprecated parameter is read by Query as the one that replaces
// it, so that no handler knows it.
func deprecations(r Route) echo.MiddlewareFunc {
	declared := depreciation.De(r.Method, documentPath(r.Path))
	aliases := map[string]string{}
	for _, d := range declared {
		if d.Parametre != "" {
			aliases[d.Parametre] = d.Remplacant
		}
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		if len(declared) == 0 {
			return next
		}
		return func(c echo.Context) error {
			c.Set(keyAliases, aliases)
			for _, d := range declared {
				if d.Parametre != "" && !c.QueryParams().Has(d.Parametre) {
					continue
				}
				c.Response().Before(func() { announce(c.Response().Header(), d) })
				break // the first one to go; the page lists them all
			}
			return next(c)
		}
	}
}

func announce(h http.Header, d depreciation.Depreciation) {
	h.Set("Deprecation", "@"+strconv.FormatInt(d.Depuis.Unix(), 10))
	h.Set("Sunset", d.Retrait.UTC().Format(http.TimeFormat))
	h.Add("Link", "<"+pageChangements+`>; rel="deprecation"; type="text/html"`)
}

// documentPath is the path of a route as the OpenAPI document writes it.
func documentPath(path string) string {
	parts := strings.Split(strings.ReplaceAll(path, `\:`, ":"), "/")
	for i, p := range parts {
		if strings.HasPrefix(p, ":") {
			parts[i] = "{" + p[1:] + "}"
		}
	}
	return strings.Join(parts, "/")
}
