package contract

import (
	"net/http"
	"sort"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

// Routes fails when a route mounted below the prefix of the document is not documented, or when a
// documented operation is not mounted (05 E.4).
func Routes(t testing.TB, e *echo.Echo, d *Document) {
	t.Helper()
	undocumented, unmounted := difference(e, d)
	require.Empty(t, undocumented, "mounted but not documented")
	require.Empty(t, unmounted, "documented but not mounted")
}

func difference(e *echo.Echo, d *Document) (undocumented, unmounted []string) {
	mounted := map[string]bool{}
	for _, r := range e.Routes() {
		if !strings.HasPrefix(r.Path, d.prefix+"/") || r.Method == http.MethodHead || r.Method == echo.RouteNotFound {
			continue // HEAD goes with every GET
		}
		mounted[r.Method+" "+template(strings.TrimPrefix(r.Path, d.prefix))] = true
	}
	documented := map[string]bool{}
	for path, item := range d.doc.Paths.Map() {
		for method := range item.Operations() {
			documented[method+" "+path] = true
		}
	}
	for r := range mounted {
		if !documented[r] {
			undocumented = append(undocumented, r)
		}
	}
	for r := range documented {
		if !mounted[r] {
			unmounted = append(unmounted, r)
		}
	}
	sort.Strings(undocumented)
	sort.Strings(unmounted)
	return undocumented, unmounted
}

// template turns the parameters of Echo (:uuid) into those of OpenAPI ({uuid}); "\\:" is a plain colon.
func template(path string) string {
	path = strings.ReplaceAll(path, `\:`, ":")
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, ":") {
			parts[i] = "{" + p[1:] + "}"
		}
	}
	return strings.Join(parts, "/")
}

// Only returns the part of the document that e mounts, for the walk of one group of resources.
func (d *Document) Only(e *echo.Echo) *Document {
	_, unmounted := difference(e, d)
	missing := map[string]bool{}
	for _, r := range unmounted {
		missing[r] = true
	}
	part := *d.doc
	part.Paths = openapi3.NewPaths()
	for path, item := range d.doc.Paths.Map() {
		kept := *item
		for method := range item.Operations() {
			if missing[method+" "+path] {
				kept.SetOperation(method, nil)
			}
		}
		if len(kept.Operations()) > 0 {
			part.Paths.Set(path, &kept)
		}
	}
	return &Document{doc: &part, router: d.router, prefix: d.prefix}
}
