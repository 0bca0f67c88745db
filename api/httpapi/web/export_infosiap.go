package web

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"apilos/api/fault"
	"apilos/api/httpapi"

	"github.com/labstack/echo/v4"
)

// EcrivainInfoSIAP writes the export of every convention, one JSON object per line (05 A.9).
type EcrivainInfoSIAP interface {
	EcrireInfoSIAP(ctx context.Context, w io.Writer, limite int) error
}

// ExportsInfoSIAP serves the export of every convention to the staff.
type ExportsInfoSIAP struct{ Ecrivain EcrivainInfoSIAP }

// Routes implements httpapi.Resource.
func (r ExportsInfoSIAP) Routes() []httpapi.Route {
	return []httpapi.Route{{
		Method: http.MethodGet, Path: "/exports/infosiap", Access: httpapi.Authenticated(), Handler: r.exporter,
		Limit: httpapi.LimitExport, Stream: true, Timeout: -1,
	}}
}

// exporter streams the conventions; nothing but the portion in hand is kept in memory.
//
//	@Summary		Exporter toutes les conventions
//	@Description	Une convention ou un avenant par ligne, en JSON, par identifiant croissant. Réservé à l’équipe de la plateforme.
//	@Tags			exports
//	@Produce		application/x-ndjson
//	@Param			limite	query		int		false	"Nombre de lignes au plus ; toutes si absent"	minimum(1)
//	@Success		200		{string}	string	"Lignes"
//	@Failure		400,401,403,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/exports/infosiap [get]
func (r ExportsInfoSIAP) exporter(c echo.Context) error {
	p := httpapi.Principal(c)
	if !p.Staff && !p.Superuser {
		return fault.PermissionRefusee()
	}
	if _, err := httpapi.Query(c, "limite"); err != nil {
		return err
	}
	limite := 0
	if v := c.QueryParam("limite"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			return fault.New(fault.BadRequest, "parametre_invalide", "« limite » doit être un nombre entier supérieur à zéro.")
		}
		limite = n
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "application/x-ndjson")
	h.Set(echo.HeaderContentDisposition, `attachment; filename="infosiap.ndjson"`)
	return r.Ecrivain.EcrireInfoSIAP(c.Request().Context(), c.Response(), limite)
}
