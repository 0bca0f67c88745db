package depotapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"apilos/api/depot"
	"apilos/api/httpapi"

	"github.com/labstack/echo/v4"
)

// Erreur is the body of every refusal of the deposit API (07 section 2.3).
type Erreur struct {
	StatusCode int    `json:"statusCode" validate:"required" example:"404"`
	Message    any    `json:"message" validate:"required"` // a text, or a list of texts
	Error      string `json:"error,omitempty" example:"Not Found"`
	Code       string `json:"code,omitempty" example:"COMMUNE_INCONNUE"`
	RequestID  string `json:"requestId,omitempty"`
} // @name Erreur

// Codes of the transport that have their own words in the contract.
const (
	codeInconnu  = "introuvable"
	codeMethode  = "methode_non_autorisee"
	tropGros     = "request entity too large"
	panneInterne = "Internal server error"
)

// EcrireErreur is the ProblemWriter of the deposit: it gives a refusal the form of the contract.
func EcrireErreur(c echo.Context, p httpapi.Problem) error {
	e := Erreur{StatusCode: p.Status, Message: p.Detail, Code: p.Code, RequestID: p.RequestID}
	switch {
	case p.Code == codeInconnu || p.Code == codeMethode: // no such route: Nest says 404 for both
		e.StatusCode, e.Error = http.StatusNotFound, "Not Found"
		e.Message = "Cannot " + c.Request().Method + " " + c.Request().URL.EscapedPath()
	case p.Status == http.StatusRequestEntityTooLarge:
		e.Message = tropGros
	case p.Status >= http.StatusInternalServerError && p.Code == "erreur_interne":
		e.Message = panneInterne
	}
	if phrases, ok := p.Extra(depot.ExtraPhrases).([]string); ok {
		e.Message, e.Error = phrases, "Bad Request"
	}
	if p.Extra(depot.ExtraBadRequest) == true {
		e.Error = "Bad Request"
	}
	c.Response().Header().Del(echo.HeaderAllow)
	corps, err := encoder(e)
	if err != nil {
		return err
	}
	if c.Request().Method == http.MethodHead {
		return c.NoContent(e.StatusCode)
	}
	return c.Blob(e.StatusCode, echo.MIMEApplicationJSON+"; charset=utf-8", corps)
}

// encoder writes JSON with its characters as they are: messages are compared byte for byte.
func encoder(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// parametre reads a path parameter, decoded once.
func parametre(c echo.Context, nom string) string {
	return strings.ToValidUTF8(httpapi.PathParam(c, nom), "\uFFFD")
}
