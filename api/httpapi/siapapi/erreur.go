package siapapi

import (
	"bytes"
	"encoding/json"
	"net/http"

	"apilos/api/httpapi"

	"github.com/labstack/echo/v4"
)

// Erreur is the body of every refusal (05 A.2): the keys that callers know, and the members of RFC 9457.
type Erreur struct {
	Type      string         `json:"type" validate:"required" example:"about:blank"`
	Title     string         `json:"title" validate:"required" example:"Not Found"`
	Status    int            `json:"status" validate:"required" example:"404"`
	Detail    string         `json:"detail" validate:"required" example:"L’opération « 20240870001 » n’est pas connue de la plateforme. Vérifiez son numéro."`
	Code      string         `json:"code" validate:"required" example:"operation_not_found"`
	Instance  string         `json:"instance" validate:"required" example:"/api-siap/v0/operation/20240870001/"`
	RequestID string         `json:"request_id" validate:"required" example:"0197b2c4-6f1e-7c3a-9a53-0c7a8f0c1a11"`
	Messages  []MessageJeton `json:"messages,omitempty"` // of a refused token
	Error     string         `json:"error,omitempty"`    // of an outage of SIAP, same text as detail
	Field     string         `json:"field,omitempty"`    // JSON path at fault in the answer of SIAP
	Diff      map[string]any `json:"diff,omitempty"`     // what differs between operations of one number
} // @name Erreur

// MessageJeton says what is wrong with a token.
type MessageJeton struct {
	TokenClass string `json:"token_class" validate:"required" example:"AccessToken"`
	TokenType  string `json:"token_type" validate:"required" example:"access"`
	Message    string `json:"message" validate:"required" example:"Le jeton est invalide ou a expiré."`
} // @name MessageJeton

// Names of the members that errors of other packages carry.
const (
	extraMessages = "messages"
	extraField    = "field"
	extraDiff     = "diff"
)

// codes gives the codes of the transport the names that this contract has for them.
func codes(code string) string {
	switch code {
	case "introuvable":
		return "not_found"
	case "methode_non_autorisee":
		return "method_not_allowed"
	case "limite_atteinte":
		return "throttled"
	case "erreur_interne":
		return "internal_error"
	case "delai_depasse":
		return "timeout"
	case "corps_trop_volumineux":
		return "request_too_large"
	case "requete_invalide", "parametre_inconnu", "parametre_invalide":
		return "bad_request"
	}
	return code
}

// EcrireErreur is the ProblemWriter of this audience: application/json, with the legacy keys.
func EcrireErreur(c echo.Context, p httpapi.Problem) error {
	e := Erreur{
		Type: "about:blank", Title: http.StatusText(p.Status), Status: p.Status, Detail: p.Detail, Code: codes(p.Code),
		Instance: p.Instance, RequestID: p.RequestID,
	}
	e.Messages, _ = p.Extra(extraMessages).([]MessageJeton)
	e.Field, _ = p.Extra(extraField).(string)
	e.Diff, _ = p.Extra(extraDiff).(map[string]any)
	if p.Status == http.StatusBadGateway || p.Status == http.StatusServiceUnavailable {
		e.Error = p.Detail
	}
	if c.Request().Method == http.MethodHead {
		c.Response().Header().Set(echo.HeaderContentType, echo.MIMEApplicationJSON)
		return c.NoContent(p.Status)
	}
	return repondre(c, p.Status, e)
}

// repondre writes JSON with its characters as they are: the addresses of the indicators hold literal ones.
func repondre(c echo.Context, statut int, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	return c.Blob(statut, echo.MIMEApplicationJSON, bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}
