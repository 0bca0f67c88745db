package depotapi

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// repondre writes a JSON answer.
func repondre(c echo.Context, statut int, v any) error {
	corps, err := encoder(v)
	if err != nil {
		return err
	}
	return c.Blob(statut, echo.MIMEApplicationJSON+"; charset=utf-8", corps)
}

// repondreLu writes a read answer with its ETag, or 304 when the caller has it already.
func repondreLu(c echo.Context, v any) error {
	corps, err := encoder(v)
	if err != nil {
		return err
	}
	s := sha256.Sum256(corps)
	if inchange(c, `W/"`+hex.EncodeToString(s[:16])+`"`) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON+"; charset=utf-8", corps)
}

// inchange writes the ETag of an answer, which may then be kept as long as it is asked again, and tells
// whether the caller has it. Comparison is weak, since answers are compressed on the way.
func inchange(c echo.Context, etag string) bool {
	h := c.Response().Header()
	h.Set("ETag", etag)
	h.Set("Cache-Control", "no-cache")
	faible := strings.TrimPrefix(etag, "W/")
	for _, v := range strings.Split(strings.Join(c.Request().Header.Values("If-None-Match"), ","), ",") {
		v = strings.TrimSpace(v)
		if v == "*" || strings.TrimPrefix(v, "W/") == faible {
			return true
		}
	}
	return false
}
