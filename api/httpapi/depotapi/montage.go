package depotapi

import (
	"fmt"

	"apilos/api/httpapi"
	"apilos/api/httpapi/docs"

	"github.com/labstack/echo/v4"
)

// Monter puts the deposit API under its base path, and answers as the contract does where it has no route.
func Monter(e *echo.Echo, chaine httpapi.Chain, r *API) error {
	e.Use(CORS(r.Base))
	if err := httpapi.Mount(e, r.Base, chaine, r); err != nil {
		return err
	}
	// Declared, so that the page of the application never answers below the base path.
	e.RouteNotFound(r.Base+"/*", func(echo.Context) error { return echo.ErrNotFound })
	return nil
}

// NouveauDocument makes the interactive documentation of the deposit mounted under base.
func NouveauDocument(asJSON, asYAML []byte, base string, politique httpapi.PagePolicy) (*docs.Document, error) {
	d, err := docs.New(AdapterDocument(asJSON, base), AdapterDocument(asYAML, base), base+"/api", base+"/api-json", politique)
	if err != nil {
		return nil, fmt.Errorf("documentation of the deposit: %w", err)
	}
	return d, nil
}
