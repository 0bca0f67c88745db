package sim

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"apilos/api/siap"
)

// Call is a call that the simulator makes in SIAP's name to the inbound API of the platform (05 A.1).
type Call struct {
	// Route is a short name (config, convention_kpi, operation, close_operation, cancel_operation),
	// or a path that starts with a slash.
	Route          string          `json:"route"`
	Method         string          `json:"method,omitempty"` // GET, and POST for cancel_operation, when empty
	Numero         string          `json:"numero,omitempty"` // of the operation, for the routes that take one
	Login          string          `json:"login"`
	HabilitationID int64           `json:"habilitation_id"`
	Body           json.RawMessage `json:"body,omitempty"`
}

const inboundRoot = "/api-siap/v0"

// maxAnswer bounds what is passed on of the platform's answer, in bytes.
const maxAnswer = 10 << 20

// drive makes a Call and returns the answer of the platform as it is: status, type and body.
func (s *Simulator) drive(r *http.Request) reply {
	body, fits := readBody(r, maxBody)
	var c Call
	if !fits || decodeStrict(body, &c) != nil {
		return problem(http.StatusBadRequest, "Corps attendu : {route, login, habilitation_id, method?, numero?, body?}.")
	}
	path, method, reason := c.target()
	if reason != "" {
		return problem(http.StatusBadRequest, reason)
	}
	root := s.platformURL()
	if root == "" {
		return problem(http.StatusConflict, "L'adresse de la plateforme n'est pas connue du simulateur.")
	}
	token, err := s.options.InboundKey.Sign(siap.Token{
		Login: c.Login, HabilitationID: c.HabilitationID, JTI: uuid.NewString(), IssuedAt: s.now(),
	})
	if err != nil {
		return problem(http.StatusInternalServerError, "Jeton non signé.")
	}
	req, err := http.NewRequestWithContext(r.Context(), method, root+path, bytes.NewReader(c.Body))
	if err != nil {
		return problem(http.StatusBadRequest, "Adresse impossible : "+path)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "application/json")
	if len(c.Body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := s.client.Do(req)
	if err != nil {
		return problem(http.StatusBadGateway, "La plateforme ne répond pas.")
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return problem(http.StatusBadGateway, "La réponse de la plateforme est incomplète.")
	}
	return reply{status: res.StatusCode, contentType: res.Header.Get("Content-Type"), body: answer}
}

// target resolves the route; reason tells why it cannot.
func (c Call) target() (path, method, reason string) {
	method = c.Method
	if method == "" {
		method = http.MethodGet
		if c.Route == "cancel_operation" {
			method = http.MethodPost
		}
	}
	switch c.Route {
	case "config", "convention_kpi":
		return inboundRoot + "/" + c.Route + "/", method, ""
	case "operation", "close_operation", "cancel_operation":
		if c.Numero == "" {
			return "", "", "Le numéro de l'opération est obligatoire pour cette route."
		}
		return inboundRoot + "/" + c.Route + "/" + url.PathEscape(c.Numero) + "/", method, ""
	}
	if strings.HasPrefix(c.Route, inboundRoot+"/") {
		return c.Route, method, ""
	}
	return "", "", "Route inconnue : config, convention_kpi, operation, close_operation, cancel_operation, ou un chemin sous " + inboundRoot + "/."
}
