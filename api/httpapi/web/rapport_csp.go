package web

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"

	"apilos/api/fault"
	"apilos/api/httpapi"
	"github.com/labstack/echo/v4"
)

// RapportsCSP receives what browsers blocked because of the content policy (05 D), and writes it to the
// log for the people who run the service. Nothing is stored.
type RapportsCSP struct{ Log *slog.Logger }

// Routes implements httpapi.Resource.
func (r RapportsCSP) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodPost, Path: "/csp-reports", Access: httpapi.Public(), BodyLimit: 16 << 10, Handler: r.recevoir},
	}
}

// violation holds the members of both forms of report that are worth a line.
type violation struct {
	Directive        string `json:"effective-directive"`
	Violee           string `json:"violated-directive"`
	Bloque           string `json:"blocked-uri"`
	Page             string `json:"document-uri"`
	DirectiveRapport string `json:"effectiveDirective"`
	BloqueURL        string `json:"blockedURL"`
	PageURL          string `json:"documentURL"`
}

// recevoir logs a report.
//
//	@Summary		Signaler un contenu bloqué
//	@Description	Reçoit les rapports que les navigateurs envoient quand la politique de sécurité du contenu bloque un élément.
//	@Tags			sante
//	@Accept			application/csp-report,application/reports+json,json
//	@Param			rapport	body	any	true	"Rapport du navigateur"
//	@Success		204		"Reçu"
//	@Failure		400,413,429,500	{object}	httpapi.Problem	"Problème"
//	@Router			/csp-reports [post]
func (r RapportsCSP) recevoir(c echo.Context) error {
	raw, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return err
	}
	if text := bytes.TrimSpace(raw); !json.Valid(text) || (text[0] != '{' && text[0] != '[') {
		return fault.New(fault.BadRequest, "json_invalide", "Le rapport doit être un objet ou une liste JSON.")
	}
	for _, v := range lireViolations(raw) {
		r.Log.WarnContext(c.Request().Context(), "content blocked by policy",
			"request_id", httpapi.RequestID(c), "directive", premier(v.Directive, v.DirectiveRapport, v.Violee),
			"bloque", origine(premier(v.Bloque, v.BloqueURL)), "page", chemin(premier(v.Page, v.PageURL)))
	}
	return c.NoContent(http.StatusNoContent)
}

// lireViolations reads {"csp-report": {…}} and [{"type": "csp-violation", "body": {…}}], at most ten.
func lireViolations(raw []byte) []violation {
	var ancien struct {
		Rapport *violation `json:"csp-report"`
	}
	if json.Unmarshal(raw, &ancien) == nil && ancien.Rapport != nil {
		return []violation{*ancien.Rapport}
	}
	var nouveau []struct {
		Type  string    `json:"type"`
		Corps violation `json:"body"`
	}
	if json.Unmarshal(raw, &nouveau) != nil {
		return nil
	}
	var out []violation
	for _, n := range nouveau {
		if n.Type == "csp-violation" && len(out) < 10 {
			out = append(out, n.Corps)
		}
	}
	return out
}

func premier(valeurs ...string) string {
	for _, v := range valeurs {
		if v != "" {
			return tronquer(v)
		}
	}
	return ""
}

func tronquer(s string) string {
	if len(s) > 200 {
		return s[:200]
	}
	return s
}

// origine keeps the site of a blocked address: its path may hold personal data.
func origine(adresse string) string {
	u, err := url.Parse(adresse)
	if err != nil || u.Host == "" {
		return adresse // "inline", "eval", "data"
	}
	return u.Scheme + "://" + u.Host
}

// chemin keeps the path of our own page, without its query.
func chemin(adresse string) string {
	u, err := url.Parse(adresse)
	if err != nil {
		return ""
	}
	return u.Path
}
