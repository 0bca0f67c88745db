package siapapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"apilos/api/compte"
	"apilos/api/echange"
	"apilos/api/httpapi"
	"apilos/api/httpapi/docs"

	"github.com/labstack/echo/v4"
)

// Base is the address of the API.
const Base = "/api-siap/v0"

// limiteCorps is the size of a body, which is ignored (05 A.1).
const limiteCorps = 1 << 20

// Service is what the handlers call (echange.Service).
type Service interface {
	Indicateurs(ctx context.Context, a compte.AppelantSIAP) ([]echange.Indicateur, error)
	Operation(ctx context.Context, a compte.AppelantSIAP, numero string) (*echange.Famille, error)
	Synchroniser(ctx context.Context, a compte.AppelantSIAP, numero string) (*echange.Famille, error)
	Cloture(ctx context.Context, a compte.AppelantSIAP, numero string) (*echange.Cloture, error)
	Clore(ctx context.Context, a compte.AppelantSIAP, numero string) (*echange.Cloture, error)
	Annuler(ctx context.Context, a compte.AppelantSIAP, numero string) (bloquee bool, err error)
}

// API are the routes that SIAP calls.
type API struct {
	Service   Service
	Jetons    Verificateur
	Appelants Appelants
	// RacineWeb is PUBLIC_BASE_URL; "" takes the address of the request, in development only.
	RacineWeb string
	Document  *docs.Document
	Journal   *slog.Logger
}

// Routes implements httpapi.Resource. Guards are in the handlers: every route is Public for the chain, whose
// authentication is that of our own sessions.
func (r *API) Routes() []httpapi.Route {
	out := []httpapi.Route{
		{Method: http.MethodGet, Path: "/config/", Handler: r.parJeton(r.config)},
		{Method: http.MethodGet, Path: "/convention_kpi/", Handler: r.lire(r.indicateurs)},
		{Method: http.MethodGet, Path: "/operation/:numero_operation/", Handler: r.lire(r.operation)},
		{Method: http.MethodPost, Path: "/operation/:numero_operation/", Handler: r.ecrire(r.synchroniser)},
		{Method: http.MethodGet, Path: "/close_operation/:numero_operation/", Handler: r.lire(r.cloture)},
		{Method: http.MethodPost, Path: "/close_operation/:numero_operation/", Handler: r.lire(r.clore)}, // writes no data (05 A.3)
		{Method: http.MethodPost, Path: "/cancel_operation/:numero_operation/", Handler: r.ecrire(r.annuler)},
	}
	for i := range out {
		out[i].Limit = httpapi.LimitNone // drawn by the guard, once the caller is known
	}
	out = append(out,
		httpapi.Route{Method: http.MethodGet, Path: "/schema/", Handler: r.schema},
		httpapi.Route{Method: http.MethodGet, Path: "/schema-ui/", Handler: r.page},
		httpapi.Route{Method: http.MethodGet, Path: "/schema-ui/:fichier", Handler: r.fichierPage},
		httpapi.Route{Method: http.MethodGet, Path: "/schema-redoc/", Handler: r.pageRedoc},
	)
	for i := range out {
		out[i].Access, out[i].BodyLimit = httpapi.Public(), limiteCorps
		out[i].TrailingSlash = strings.HasSuffix(out[i].Path, "/")
	}
	return out
}

// Monter puts the API under its base, each address with and without its last slash, and answers what has no
// route: the caller is verified before the method is looked at (05 A.1).
func Monter(e *echo.Echo, chaine httpapi.Chain, r *API) error {
	e.Pre(barreFinale)
	if err := httpapi.Mount(e, Base, chaine, r); err != nil {
		return err
	}
	e.RouteNotFound(Base, func(echo.Context) error { return echo.ErrNotFound })
	e.RouteNotFound(Base+"/*", r.sansRoute)
	return nil
}

// NouveauDocument makes the documentation of this API.
func NouveauDocument(asJSON, asYAML []byte, politique httpapi.PagePolicy) (*docs.Document, error) {
	d, err := docs.New(asJSON, asYAML, Base+"/schema-ui", Base+"/schema/", politique)
	if err != nil {
		return nil, fmt.Errorf("documentation of the API of SIAP: %w", err)
	}
	return d, nil
}

// barreFinale adds the last slash that an address of this API lacks, before routing and without redirect. The
// escaped form decides: the number of an operation may end with an encoded slash.
func barreFinale(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		u := c.Request().URL
		chemin := u.EscapedPath()
		if !strings.HasPrefix(chemin, Base+"/") || strings.HasSuffix(chemin, "/") || strings.HasPrefix(chemin, Base+"/schema-ui/") {
			return next(c)
		}
		u.Path += "/"
		if u.RawPath != "" {
			u.RawPath += "/"
		}
		return next(c)
	}
}

// sansRoute answers a method that an address does not have: 401, then 405 with Allow. OPTIONS is answered to
// anybody, since it tells nothing that the document does not.
func (r *API) sansRoute(c echo.Context) error {
	permises := methodes(strings.TrimPrefix(c.Request().URL.EscapedPath(), Base))
	if permises == "" {
		return echo.ErrNotFound
	}
	c.Response().Header().Set(echo.HeaderAllow, permises)
	if c.Request().Method == http.MethodOptions {
		return c.NoContent(http.StatusNoContent)
	}
	if _, err := r.jeton(c); err != nil {
		return err
	}
	return echo.ErrMethodNotAllowed
}

// methodes lists what an address answers, "" when it is not one of ours.
func methodes(chemin string) string {
	parties := strings.Split(strings.Trim(chemin, "/"), "/")
	switch {
	case len(parties) == 1:
		switch parties[0] {
		case "config", "convention_kpi", "schema", "schema-ui", "schema-redoc":
			return "GET, HEAD, OPTIONS"
		}
	case len(parties) == 2 && parties[1] != "":
		switch parties[0] {
		case "operation", "close_operation":
			return "GET, HEAD, POST, OPTIONS"
		case "cancel_operation":
			return "POST, OPTIONS"
		case "schema-ui":
			return "GET, HEAD, OPTIONS"
		}
	}
	return ""
}
